// SPDX-License-Identifier: MIT
/* Unpack, round and pack: the base of softfp.h. */
#include "softfp_internal.h"

const struct fp_format fp_single = { 24, 127, 32 };
const struct fp_format fp_double = { 53, 1023, 64 };

static uint64_t fraction_mask(const struct fp_format *fmt)
{
	return (1ull << (fmt->precision - 1)) - 1;
}

uint64_t fp_zero(const struct fp_format *fmt, bool sign)
{
	return (uint64_t)sign << (fmt->width - 1);
}

uint64_t fp_infinity(const struct fp_format *fmt, bool sign)
{
	uint64_t exponent = 2 * (uint64_t)fmt->emax + 1;

	return fp_zero(fmt, sign) | exponent << (fmt->precision - 1);
}

uint64_t fp_nan(const struct fp_format *fmt)
{
	return fp_infinity(fmt, false) | 1ull << (fmt->precision - 2);
}

struct fp_parts fp_unpack(const struct fp_format *fmt, uint64_t a)
{
	uint64_t fraction = a & fraction_mask(fmt);
	int biased = (int)(a >> (fmt->precision - 1)) & (2 * fmt->emax + 1);
	struct fp_parts parts = {
		.class = FP_FINITE,
		.sign = a >> (fmt->width - 1) & 1,
		.exp = biased - fmt->emax,
	};
	int zeros;

	if (biased > 2 * fmt->emax) {
		parts.class = !fraction ? FP_INFINITE
			      : fraction >> (fmt->precision - 2)
				      ? FP_QUIET
				      : FP_SIGNALLING;
		return parts;
	}
	if (biased == 0 && fraction == 0) {
		parts.class = FP_ZERO;
		return parts;
	}
	if (biased == 0)
		parts.exp = 1 - fmt->emax;
	else
		fraction |= 1ull << (fmt->precision - 1);
	parts.sig = fraction << (64 - fmt->precision);
	zeros = __builtin_clzll(parts.sig);
	parts.sig <<= zeros;
	parts.exp -= zeros;
	return parts;
}

uint128 fp_round_shift(uint128 sig, unsigned int shift, bool sign,
		       enum fp_rounding rm, bool *inexact)
{
	uint128 half = (uint128)1 << (shift - 1);
	uint128 rest = sig & (2 * half - 1);
	uint128 kept = sig >> shift;
	bool up = false;

	*inexact = rest != 0;
	switch (rm) {
	case FP_RNE:
		up = rest > half || (rest == half && kept & 1);
		break;
	case FP_RMM:
		up = rest >= half;
		break;
	case FP_RUP:
		up = rest && !sign;
		break;
	case FP_RDN:
		up = rest && sign;
		break;
	case FP_RTZ:
		break;
	}
	return kept + up;
}

static uint64_t overflow(const struct fp_format *fmt, bool sign,
			 enum fp_rounding rm, unsigned int *flags)
{
	bool to_infinity =
		rm == FP_RNE || rm == FP_RMM || rm == (sign ? FP_RDN : FP_RUP);

	*flags |= FP_OF | FP_NX;
	return fp_infinity(fmt, sign) - !to_infinity;
}

/* sig with its leading one at FP_POINT; *exp becomes that bit's weight. */
static uint128 normalize(uint128 sig, unsigned int point, int *exp)
{
	uint64_t high = (uint64_t)(sig >> 64);
	int msb = high ? 127 - __builtin_clzll(high)
		       : 63 - __builtin_clzll((uint64_t)sig);

	*exp += msb - (int)point;
	if (msb > FP_POINT)
		return fp_shift_jam(sig, (unsigned int)(msb - FP_POINT));
	return sig << (FP_POINT - msb);
}

uint64_t fp_pack(const struct fp_format *fmt, bool sign, int exp, uint128 sig,
		 unsigned int point, enum fp_rounding rm, unsigned int *flags)
{
	unsigned int shift = FP_POINT + 1 - fmt->precision;
	int emin = 1 - fmt->emax;
	unsigned int below = 0; /* emin */
	bool inexact;
	bool tiny = false;
	uint64_t bits;

	sig = normalize(sig, point, &exp);
	if (exp > fmt->emax)
		return overflow(fmt, sign, rm, flags);
	if (exp < emin) {
		/* Not tiny if it would round up to the least normal number. */
		uint128 rounded =
			fp_round_shift(sig, shift, sign, rm, &inexact);

		tiny = exp < emin - 1 || !(rounded >> fmt->precision);
		below = (unsigned int)(emin - exp);
		if (below > fmt->precision + 1)
			below = fmt->precision + 1;
	}

	bits = (uint64_t)fp_round_shift(sig, shift + below, sign, rm, &inexact);
	/* The hidden bit, or a carry into it, adds one to the exponent. */
	if (!below)
		bits += (uint64_t)(exp + fmt->emax - 1) << (fmt->precision - 1);
	if (bits >= fp_infinity(fmt, false))
		return overflow(fmt, sign, rm, flags);
	if (inexact)
		*flags |= FP_NX | (tiny ? FP_UF : 0);
	return fp_zero(fmt, sign) | bits;
}
