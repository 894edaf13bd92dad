// SPDX-License-Identifier: MIT
/* Conversions, comparisons and classes of softfp.h. */
#include "softfp_internal.h"

uint64_t fp_convert(const struct fp_format *to, const struct fp_format *from,
		    uint64_t bits, enum fp_rounding rm, unsigned int *flags)
{
	struct fp_parts a = fp_unpack(from, bits);

	if (a.class == FP_SIGNALLING)
		*flags |= FP_NV;
	if (fp_is_nan(&a))
		return fp_nan(to);
	if (a.class == FP_INFINITE)
		return fp_infinity(to, a.sign);
	if (a.class == FP_ZERO)
		return fp_zero(to, a.sign);
	return fp_pack(to, a.sign, a.exp, a.sig, 63, rm, flags);
}

uint64_t fp_from_int(const struct fp_format *fmt, bool negative,
		     uint64_t magnitude, enum fp_rounding rm,
		     unsigned int *flags)
{
	if (!magnitude)
		return fp_zero(fmt, false);
	return fp_pack(fmt, negative, 0, magnitude, 0, rm, flags);
}

/* The integer nearest to what was out of range; NaN counts as large. */
static uint64_t saturate(const struct fp_parts *a, unsigned int bits,
			 bool is_signed, unsigned int *flags)
{
	bool low = a->sign && !fp_is_nan(a);
	uint64_t top = 1ull << (bits - 1);

	*flags |= FP_NV;
	if (!is_signed)
		return low ? 0 : UINT64_MAX;
	return low ? -top : top - 1;
}

uint64_t fp_to_int(const struct fp_format *fmt, uint64_t a_bits,
		   unsigned int bits, bool is_signed, enum fp_rounding rm,
		   unsigned int *flags)
{
	struct fp_parts a = fp_unpack(fmt, a_bits);
	uint128 limit = (uint128)1 << (bits - is_signed);
	unsigned int shift;
	uint128 magnitude;
	bool inexact;

	if (a.class == FP_ZERO)
		return 0;
	if (a.class != FP_FINITE || a.exp > 64)
		return saturate(&a, bits, is_signed, flags);

	shift = a.exp < -2 ? 127 : (unsigned int)(FP_POINT - a.exp);
	magnitude = fp_round_shift((uint128)a.sig << (FP_POINT - 63), shift,
				   a.sign, rm, &inexact);
	if (a.sign)
		limit = is_signed ? limit + 1 : 1;
	if (magnitude >= limit)
		return saturate(&a, bits, is_signed, flags);
	if (inexact)
		*flags |= FP_NX;
	if (a.sign)
		magnitude = -magnitude;
	return bits == 32 ? (uint64_t)(int32_t)magnitude : (uint64_t)magnitude;
}

/* Both patterns as integers that order as the numbers do; zeros are equal. */
static int64_t order(const struct fp_format *fmt, uint64_t a)
{
	uint64_t sign = 1ull << (fmt->width - 1);

	return a & sign ? -(int64_t)(a & (sign - 1)) : (int64_t)a;
}

/* True, with NV as asked, if a or b is a NaN. */
static bool unordered(const struct fp_format *fmt, uint64_t a_bits,
		      uint64_t b_bits, bool quiet_too, unsigned int *flags)
{
	struct fp_parts a = fp_unpack(fmt, a_bits);
	struct fp_parts b = fp_unpack(fmt, b_bits);
	bool nan = fp_is_nan(&a) || fp_is_nan(&b);

	if (a.class == FP_SIGNALLING || b.class == FP_SIGNALLING ||
	    (nan && quiet_too))
		*flags |= FP_NV;
	return nan;
}

uint64_t fp_eq(const struct fp_format *fmt, uint64_t a, uint64_t b,
	       unsigned int *flags)
{
	return !unordered(fmt, a, b, false, flags) &&
	       order(fmt, a) == order(fmt, b);
}

uint64_t fp_lt(const struct fp_format *fmt, uint64_t a, uint64_t b,
	       unsigned int *flags)
{
	return !unordered(fmt, a, b, true, flags) &&
	       order(fmt, a) < order(fmt, b);
}

uint64_t fp_le(const struct fp_format *fmt, uint64_t a, uint64_t b,
	       unsigned int *flags)
{
	return !unordered(fmt, a, b, true, flags) &&
	       order(fmt, a) <= order(fmt, b);
}

uint64_t fp_min_max(const struct fp_format *fmt, uint64_t a, uint64_t b,
		    bool max, unsigned int *flags)
{
	struct fp_parts a_parts = fp_unpack(fmt, a);
	struct fp_parts b_parts = fp_unpack(fmt, b);
	bool a_first;

	if (unordered(fmt, a, b, false, flags)) {
		if (!fp_is_nan(&a_parts))
			return a;
		return fp_is_nan(&b_parts) ? fp_nan(fmt) : b;
	}
	/* -0 is below +0 here. */
	if (order(fmt, a) == order(fmt, b))
		a_first = a_parts.sign;
	else
		a_first = order(fmt, a) < order(fmt, b);
	return a_first != max ? a : b;
}

uint64_t fp_classify(const struct fp_format *fmt, uint64_t bits)
{
	struct fp_parts a = fp_unpack(fmt, bits);
	bool subnormal = a.exp < 1 - fmt->emax;

	switch (a.class) {
	case FP_INFINITE:
		return a.sign ? 1 << 0 : 1 << 7;
	case FP_FINITE:
		if (subnormal)
			return a.sign ? 1 << 2 : 1 << 5;
		return a.sign ? 1 << 1 : 1 << 6;
	case FP_ZERO:
		return a.sign ? 1 << 3 : 1 << 4;
	case FP_SIGNALLING:
		return 1 << 8;
	default:
		return 1 << 9;
	}
}
