// SPDX-License-Identifier: MIT
/*
 * IEEE 754 arithmetic on bit patterns, in integers, so that results, flags and
 * all five rounding modes are exact whatever the host's FPU does.
 *
 * Tininess is detected after rounding, and every NaN result is canonical, as
 * the unprivileged manual 2.2, chapter 8 asks.  Each function adds the flags
 * it raises to *flags.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum fp_flag { FP_NX = 1, FP_UF = 2, FP_OF = 4, FP_DZ = 8, FP_NV = 16 };

enum fp_rounding { FP_RNE, FP_RTZ, FP_RDN, FP_RUP, FP_RMM };

/* Single or double precision. */
struct fp_format {
	unsigned int precision; /* bits of significand, the hidden one too */
	int emax;               /* largest exponent, and the bias */
	unsigned int width;     /* bits in all */
};

extern const struct fp_format fp_single;
extern const struct fp_format fp_double;

/* a * b + c, rounded once. */
uint64_t fp_madd(const struct fp_format *fmt, uint64_t a, uint64_t b,
		 uint64_t c, enum fp_rounding rm, unsigned int *flags);
uint64_t fp_add(const struct fp_format *fmt, uint64_t a, uint64_t b,
		enum fp_rounding rm, unsigned int *flags);
uint64_t fp_mul(const struct fp_format *fmt, uint64_t a, uint64_t b,
		enum fp_rounding rm, unsigned int *flags);
uint64_t fp_div(const struct fp_format *fmt, uint64_t a, uint64_t b,
		enum fp_rounding rm, unsigned int *flags);
uint64_t fp_sqrt(const struct fp_format *fmt, uint64_t a, enum fp_rounding rm,
		 unsigned int *flags);

/* From one format to the other. */
uint64_t fp_convert(const struct fp_format *to, const struct fp_format *from,
		    uint64_t a, enum fp_rounding rm, unsigned int *flags);

/* An integer, or the magnitude of a negative one, to floating point. */
uint64_t fp_from_int(const struct fp_format *fmt, bool negative,
		     uint64_t magnitude, enum fp_rounding rm,
		     unsigned int *flags);

/* To an integer of 32 or 64 bits, saturating; 32 bits come sign-extended. */
uint64_t fp_to_int(const struct fp_format *fmt, uint64_t a, unsigned int bits,
		   bool is_signed, enum fp_rounding rm, unsigned int *flags);

/* Comparisons: 1 or 0.  eq raises NV for signalling NaNs only. */
uint64_t fp_eq(const struct fp_format *fmt, uint64_t a, uint64_t b,
	       unsigned int *flags);
uint64_t fp_lt(const struct fp_format *fmt, uint64_t a, uint64_t b,
	       unsigned int *flags);
uint64_t fp_le(const struct fp_format *fmt, uint64_t a, uint64_t b,
	       unsigned int *flags);

/* The smaller or the larger; a NaN only if both are. */
uint64_t fp_min_max(const struct fp_format *fmt, uint64_t a, uint64_t b,
		    bool max, unsigned int *flags);

/* The mask of fclass. */
uint64_t fp_classify(const struct fp_format *fmt, uint64_t a);
