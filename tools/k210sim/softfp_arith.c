// SPDX-License-Identifier: MIT
/*
 * Sums, products, quotients and roots of softfp.h.
 *
 * A sum is a * 1 + b, which has the same result and the same flags.
 */
#include "softfp_internal.h"

static uint64_t invalid(const struct fp_format *fmt, unsigned int *flags)
{
	*flags |= FP_NV;
	return fp_nan(fmt);
}

/* The canonical NaN, because an operand is one. */
static uint64_t propagate(const struct fp_format *fmt, const struct fp_parts *a,
			  const struct fp_parts *b, unsigned int *flags)
{
	if (a->class == FP_SIGNALLING || b->class == FP_SIGNALLING)
		*flags |= FP_NV;
	return fp_nan(fmt);
}

/* x + y of significands that stand at FP_POINT. */
static uint64_t add_aligned(const struct fp_format *fmt, uint128 x, int x_exp,
			    bool x_sign, uint128 y, int y_exp, bool y_sign,
			    enum fp_rounding rm, unsigned int *flags)
{
	int exp = x_exp > y_exp ? x_exp : y_exp;

	x = fp_shift_jam(x, (unsigned int)(exp - x_exp));
	y = fp_shift_jam(y, (unsigned int)(exp - y_exp));
	if (x_sign == y_sign)
		return fp_pack(fmt, x_sign, exp, x + y, FP_POINT, rm, flags);
	if (x == y)
		return fp_zero(fmt, rm == FP_RDN);
	if (x > y)
		return fp_pack(fmt, x_sign, exp, x - y, FP_POINT, rm, flags);
	return fp_pack(fmt, y_sign, exp, y - x, FP_POINT, rm, flags);
}

/* A product of finite numbers, its leading one at FP_POINT. */
static uint128 multiply(const struct fp_parts *a, const struct fp_parts *b,
			int *exp)
{
	uint128 product = (uint128)a->sig * b->sig;

	*exp = a->exp + b->exp;
	if (product >> 127) {
		++*exp;
		return product >> 2;
	}
	return product >> 1;
}

uint64_t fp_madd(const struct fp_format *fmt, uint64_t a_bits, uint64_t b_bits,
		 uint64_t c_bits, enum fp_rounding rm, unsigned int *flags)
{
	struct fp_parts a = fp_unpack(fmt, a_bits);
	struct fp_parts b = fp_unpack(fmt, b_bits);
	struct fp_parts c = fp_unpack(fmt, c_bits);
	bool sign = a.sign != b.sign;
	uint128 product;
	int exp;

	if ((a.class == FP_INFINITE && b.class == FP_ZERO) ||
	    (a.class == FP_ZERO && b.class == FP_INFINITE))
		return invalid(fmt, flags);
	if (fp_is_nan(&a) || fp_is_nan(&b) || fp_is_nan(&c)) {
		propagate(fmt, &c, &c, flags);
		return propagate(fmt, &a, &b, flags);
	}
	if (a.class == FP_INFINITE || b.class == FP_INFINITE) {
		if (c.class == FP_INFINITE && c.sign != sign)
			return invalid(fmt, flags);
		return fp_infinity(fmt, sign);
	}
	if (c.class == FP_INFINITE)
		return c_bits;
	if (a.class == FP_ZERO || b.class == FP_ZERO) {
		if (c.class != FP_ZERO)
			return c_bits;
		return fp_zero(fmt, c.sign == sign ? sign : rm == FP_RDN);
	}

	product = multiply(&a, &b, &exp);
	if (c.class == FP_ZERO)
		return fp_pack(fmt, sign, exp, product, FP_POINT, rm, flags);
	return add_aligned(fmt, product, exp, sign,
			   (uint128)c.sig << (FP_POINT - 63), c.exp, c.sign, rm,
			   flags);
}

uint64_t fp_add(const struct fp_format *fmt, uint64_t a, uint64_t b,
		enum fp_rounding rm, unsigned int *flags)
{
	uint64_t one = (uint64_t)fmt->emax << (fmt->precision - 1);

	return fp_madd(fmt, a, one, b, rm, flags);
}

uint64_t fp_mul(const struct fp_format *fmt, uint64_t a, uint64_t b,
		enum fp_rounding rm, unsigned int *flags)
{
	/* A zero of the product's own sign changes nothing. */
	bool sign = (a ^ b) >> (fmt->width - 1) & 1;

	return fp_madd(fmt, a, b, fp_zero(fmt, sign), rm, flags);
}

uint64_t fp_div(const struct fp_format *fmt, uint64_t a_bits, uint64_t b_bits,
		enum fp_rounding rm, unsigned int *flags)
{
	struct fp_parts a = fp_unpack(fmt, a_bits);
	struct fp_parts b = fp_unpack(fmt, b_bits);
	bool sign = a.sign != b.sign;
	uint128 dividend;
	uint128 quotient;

	if (fp_is_nan(&a) || fp_is_nan(&b))
		return propagate(fmt, &a, &b, flags);
	if (a.class == b.class && a.class != FP_FINITE)
		return invalid(fmt, flags);
	if (a.class == FP_INFINITE)
		return fp_infinity(fmt, sign);
	if (a.class == FP_ZERO || b.class == FP_INFINITE)
		return fp_zero(fmt, sign);
	if (b.class == FP_ZERO) {
		*flags |= FP_DZ;
		return fp_infinity(fmt, sign);
	}

	dividend = (uint128)a.sig << 62;
	quotient = dividend / b.sig;
	quotient = quotient << 1 | (quotient * b.sig != dividend);
	return fp_pack(fmt, sign, a.exp - b.exp, quotient, 63, rm, flags);
}

/* The integer below or at the root of a number under 2^126. */
static uint64_t root_of(uint128 number)
{
	uint64_t root = 0;

	for (uint64_t bit = 1ull << 62; bit; bit >>= 1)
		if ((uint128)(root | bit) * (root | bit) <= number)
			root |= bit;
	return root;
}

uint64_t fp_sqrt(const struct fp_format *fmt, uint64_t a_bits,
		 enum fp_rounding rm, unsigned int *flags)
{
	struct fp_parts a = fp_unpack(fmt, a_bits);
	bool odd = a.exp & 1;
	uint128 number;
	uint128 root;

	if (fp_is_nan(&a))
		return propagate(fmt, &a, &a, flags);
	if (a.class == FP_ZERO)
		return a_bits;
	if (a.sign)
		return invalid(fmt, flags);
	if (a.class == FP_INFINITE)
		return a_bits;

	number = (uint128)a.sig << (61 + odd);
	root = root_of(number);
	root = root << 1 | (root * root != number);
	return fp_pack(fmt, false, (a.exp - odd) / 2, root, 63, rm, flags);
}
