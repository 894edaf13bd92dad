// SPDX-License-Identifier: MIT
/* Unpacking, rounding and packing, which all operations share. */
#pragma once

#include "softfp.h"

typedef unsigned __int128 uint128;

/* Where the leading one of a significand stands before rounding. */
#define FP_POINT 125

enum fp_class { FP_ZERO, FP_FINITE, FP_INFINITE, FP_QUIET, FP_SIGNALLING };

/* A number taken apart; the value is sig / 2^63 * 2^exp, its top bit set. */
struct fp_parts {
	enum fp_class class;
	bool sign;
	int exp;
	uint64_t sig;
};

struct fp_parts fp_unpack(const struct fp_format *fmt, uint64_t a);

/* The two's magnitude sig >> shift, rounded; *inexact if bits were lost. */
uint128 fp_round_shift(uint128 sig, unsigned int shift, bool sign,
		       enum fp_rounding rm, bool *inexact);

/*
 * Round and pack the number whose bit `point` of sig has the weight 2^exp; the
 * lowest bit may stand for any that were lost below.  sig must not be 0.
 */
uint64_t fp_pack(const struct fp_format *fmt, bool sign, int exp, uint128 sig,
		 unsigned int point, enum fp_rounding rm, unsigned int *flags);

uint64_t fp_zero(const struct fp_format *fmt, bool sign);
uint64_t fp_infinity(const struct fp_format *fmt, bool sign);
uint64_t fp_nan(const struct fp_format *fmt);

static inline bool fp_is_nan(const struct fp_parts *a)
{
	return a->class >= FP_QUIET;
}

/* sig >> shift, the lowest bit set if any that was lost was. */
static inline uint128 fp_shift_jam(uint128 sig, unsigned int shift)
{
	if (shift > 127)
		return sig != 0;
	return sig >> shift | ((sig & (((uint128)1 << shift) - 1)) != 0);
}
