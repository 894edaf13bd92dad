// SPDX-License-Identifier: MIT
/*
 * Floating-point computation: RV64FD, unprivileged manual 2.2, chapters 8 and
 * 9.  Arithmetic itself is softfp.h; here are operands, NaN boxes, rounding
 * modes and flags.
 */
#include "exec.h"
#include "insn.h"
#include "softfp.h"

#define NAN_BOX       0xffffffff00000000ull
#define SINGLE_NAN    0x7fc00000u
#define ROUND_DYNAMIC 7

/* An FP instruction on its way: what its encoding and the hart say. */
struct fp_op {
	struct hart *hart;
	const struct fp_format *fmt;
	enum fp_rounding rm;
	unsigned int rd;
	unsigned int rs2; /* the number; it selects in conversions */
	uint64_t a, b;    /* unboxed */
	uint64_t a_raw;   /* the register */
	unsigned int flags;
};

/* A single that is not boxed counts as the canonical NaN. */
static uint64_t unbox(const struct fp_format *fmt, uint64_t value)
{
	if (fmt == &fp_double)
		return value;
	return (value & NAN_BOX) == NAN_BOX ? (uint32_t)value : SINGLE_NAN;
}

static bool set_f(const struct fp_op *op, const struct fp_format *fmt,
		  uint64_t value)
{
	op->hart->f[op->rd] = fmt == &fp_single ? value | NAN_BOX : value;
	return true;
}

static bool set_x(const struct fp_op *op, uint64_t value)
{
	hart_set_x(op->hart, op->rd, value);
	return true;
}

/* False: no format, or a rounding mode that does not exist. */
static bool decode(struct fp_op *op, struct hart *hart, uint32_t insn,
		   bool rounds)
{
	unsigned int rm = insn_funct3(insn);

	if (!hart_has_fp(hart) || (insn >> 25 & 3) > 1)
		return false;
	if (rm == ROUND_DYNAMIC)
		rm = hart->frm;
	if (rounds && rm > FP_RMM)
		return false;

	op->hart = hart;
	op->fmt = insn >> 25 & 1 ? &fp_double : &fp_single;
	op->rm = (enum fp_rounding)rm;
	op->rd = insn_rd(insn);
	op->rs2 = insn_rs2(insn);
	op->a_raw = hart->f[insn_rs1(insn)];
	op->a = unbox(op->fmt, op->a_raw);
	op->b = unbox(op->fmt, hart->f[op->rs2]);
	op->flags = 0;
	return true;
}

static uint64_t negate(const struct fp_format *fmt, uint64_t a)
{
	return a ^ 1ull << (fmt->width - 1);
}

static bool exec_fp_madd(struct hart *hart, const struct op *op)
{
	uint32_t insn = op_insn(op);
	struct fp_op fp;
	uint64_t c;

	if (!decode(&fp, hart, insn, true))
		return hart_raise_illegal(hart);
	c = unbox(fp.fmt, hart->f[insn_rs3(insn)]);
	/* madd, msub, nmsub, nmadd. */
	if (insn & 8)
		fp.a = negate(fp.fmt, fp.a);
	if ((insn >> 2 & 3) == 1 || (insn >> 2 & 3) == 3)
		c = negate(fp.fmt, c);
	set_f(&fp, fp.fmt, fp_madd(fp.fmt, fp.a, fp.b, c, fp.rm, &fp.flags));
	hart->fflags |= fp.flags;
	return true;
}

static bool sign_inject(const struct fp_op *op, unsigned int funct3)
{
	uint64_t sign = 1ull << (op->fmt->width - 1);
	uint64_t from = op->b & sign;

	if (funct3 > 2)
		return false;
	if (funct3 == 1)
		from ^= sign;
	else if (funct3 == 2)
		from ^= op->a & sign;
	return set_f(op, op->fmt, (op->a & ~sign) | from);
}

static bool compare(struct fp_op *op, unsigned int funct3)
{
	switch (funct3) {
	case 0:
		return set_x(op, fp_le(op->fmt, op->a, op->b, &op->flags));
	case 1:
		return set_x(op, fp_lt(op->fmt, op->a, op->b, &op->flags));
	case 2:
		return set_x(op, fp_eq(op->fmt, op->a, op->b, &op->flags));
	default:
		return false;
	}
}

/* rs2 says which integer: w, wu, l, lu. */
static bool to_int(struct fp_op *op)
{
	if (op->rs2 > 3)
		return false;
	return set_x(op, fp_to_int(op->fmt, op->a, op->rs2 & 2 ? 64 : 32,
				   !(op->rs2 & 1), op->rm, &op->flags));
}

static bool from_int(struct fp_op *op, uint64_t value)
{
	bool negative;

	if (op->rs2 > 3)
		return false;
	if (op->rs2 == 0)
		value = (uint64_t)(int32_t)value;
	else if (op->rs2 == 1)
		value = (uint32_t)value;
	negative = !(op->rs2 & 1) && (int64_t)value < 0;
	return set_f(op, op->fmt,
		     fp_from_int(op->fmt, negative, negative ? -value : value,
				 op->rm, &op->flags));
}

/* fcvt.s.d and fcvt.d.s: rs2 says the format to convert from. */
static bool convert(struct fp_op *op)
{
	const struct fp_format *from = op->rs2 ? &fp_double : &fp_single;

	if (op->rs2 > 1 || from == op->fmt)
		return false;
	return set_f(op, op->fmt,
		     fp_convert(op->fmt, from, unbox(from, op->a_raw), op->rm,
				&op->flags));
}

static bool move_or_classify(const struct fp_op *op, unsigned int funct3)
{
	uint64_t value = op->a_raw;

	if (op->rs2 != 0 || funct3 > 1)
		return false;
	if (funct3 == 1)
		return set_x(op, fp_classify(op->fmt, op->a));
	return set_x(op,
		     op->fmt == &fp_single ? (uint64_t)(int32_t)value : value);
}

static bool execute(struct fp_op *op, uint32_t insn)
{
	const struct fp_format *fmt = op->fmt;
	unsigned int funct3 = insn_funct3(insn);

	switch (insn >> 27) {
	case 0x00:
		return set_f(op, fmt,
			     fp_add(fmt, op->a, op->b, op->rm, &op->flags));
	case 0x01:
		return set_f(op, fmt,
			     fp_add(fmt, op->a, negate(fmt, op->b), op->rm,
				    &op->flags));
	case 0x02:
		return set_f(op, fmt,
			     fp_mul(fmt, op->a, op->b, op->rm, &op->flags));
	case 0x03:
		return set_f(op, fmt,
			     fp_div(fmt, op->a, op->b, op->rm, &op->flags));
	case 0x0b:
		return op->rs2 == 0 &&
		       set_f(op, fmt, fp_sqrt(fmt, op->a, op->rm, &op->flags));
	case 0x04:
		return sign_inject(op, funct3);
	case 0x05:
		return funct3 <= 1 &&
		       set_f(op, fmt,
			     fp_min_max(fmt, op->a, op->b, funct3 == 1,
					&op->flags));
	case 0x08:
		return convert(op);
	case 0x14:
		return compare(op, funct3);
	case 0x18:
		return to_int(op);
	case 0x1a:
		return from_int(op, op->hart->x[insn_rs1(insn)]);
	case 0x1c:
		return move_or_classify(op, funct3);
	case 0x1e:
		return op->rs2 == 0 && funct3 == 0 &&
		       set_f(op, fmt,
			     fmt == &fp_single
				     ? (uint32_t)op->hart->x[insn_rs1(insn)]
				     : op->hart->x[insn_rs1(insn)]);
	default:
		return false;
	}
}

/* Moves, comparisons and the like have no rounding mode in funct3. */
static bool rounds(uint32_t insn)
{
	unsigned int funct5 = insn >> 27;

	return funct5 <= 3 || funct5 == 0x0b || funct5 == 0x08 ||
	       funct5 == 0x18 || funct5 == 0x1a;
}

static bool exec_fp(struct hart *hart, const struct op *op)
{
	struct fp_op fp;

	if (!decode(&fp, hart, op_insn(op), rounds(op_insn(op))) ||
	    !execute(&fp, op_insn(op)))
		return hart_raise_illegal(hart);
	hart->fflags |= fp.flags;
	return true;
}

/* What is illegal depends on frm too, so it shows in execution. */
exec_fn exec_for_fp(uint32_t insn)
{
	(void)insn;
	return exec_fp;
}

exec_fn exec_for_fp_madd(uint32_t insn)
{
	(void)insn;
	return exec_fp_madd;
}
