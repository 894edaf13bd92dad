// SPDX-License-Identifier: MIT
/*
 * Every floating-point instruction on every combination of the numbers where
 * results, flags or rounding change, in every rounding mode.  A line is the sum
 * over one instruction in one mode; test_k210sim.py compares it with qemu's.
 */
#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define NR_MODES      5

/* Positive ones; each is used with the other sign, too. */
static const uint64_t doubles[] = {
	0x0000000000000000, /* 0 */
	0x0000000000000001, /* the least subnormal */
	0x000fffffffffffff, /* the greatest */
	0x0010000000000000, /* the least normal */
	0x001fffffffffffff,
	0x369fffffffffffff, /* around the least subnormal single */
	0x380fffffe0000000, /* around the least normal single */
	0x380fffffefffffff,
	0x3ca0000000000001,
	0x3fdfffffffffffff, /* just below 0.5 */
	0x3fe0000000000000,
	0x3ff0000000000000, /* 1, and its neighbour */
	0x3ff0000000000001,
	0x3ff8000000000000,
	0x4004000000000000, /* 2.5 */
	0x41dfffffffe00000, /* around 2^31, 2^32, 2^63, 2^64 */
	0x41efffffffe80000,
	0x43dfffffffffffff,
	0x43e0000000000000,
	0x43f0000000000000,
	0x47efffffefffffff, /* around the greatest single */
	0x47effffff0000000,
	0x7fefffffffffffff, /* the greatest */
	0x7ff0000000000000, /* infinite */
	0x7ff0000000000001, /* signaling NaN, quiet NaNs */
	0x7ff8000000000000,
	0x7fffffffffffffff,
};

static const uint64_t singles[] = {
	0xffffffff00000000, 0xffffffff00000001, 0xffffffff007fffff,
	0xffffffff00800000, 0xffffffff00ffffff, 0xffffffff33800001,
	0xffffffff3effffff, 0xffffffff3f000000, 0xffffffff3f800000,
	0xffffffff3f800001, 0xffffffff3fc00000, 0xffffffff40200000,
	0xffffffff4effffff, 0xffffffff4f000000, 0xffffffff4f7fffff,
	0xffffffff5effffff, 0xffffffff5f000000, 0xffffffff5f800000,
	0xffffffff7f7fffff, 0xffffffff7f800000, 0xffffffff7f800001,
	0xffffffff7fc00000, 0x000000003f800000, /* not boxed: counts as NaN */
};

static const uint64_t integers[] = {
	0,
	1,
	0xffffff,
	0x1000001,
	0x1000003,
	0x7fffff80,
	0x7fffffbf,
	0x7fffffff,
	0x80000000,
	0xffffff80,
	0xffffffff,
	0x1fffffffffffff,
	0x20000000000001,
	0x20000000000003,
	0x7ffffffffffffdff,
	0x7fffffffffffffff,
	0x8000000000000000,
	0xfffffffffffffc00,
	0xffffffffffffffff,
};

struct result {
	uint64_t value;
	uint64_t flags;
};

/* An instruction on registers with these contents. */
struct corner {
	struct result (*run)(uint64_t a, uint64_t b, uint64_t c);
	uint64_t nr_operands;
	uint64_t kind; /* whose numbers */
};

/* keel/riscv_corners.py writes them; the last one has no run(). */
extern const struct corner corners[];

static const struct kind {
	const uint64_t *numbers;
	size_t nr;
	uint64_t sign; /* the bit that makes a number negative */
} kinds[] = {
	{ singles, ARRAY_SIZE(singles), 0x80000000 },
	{ doubles, ARRAY_SIZE(doubles), 0x8000000000000000 },
	{ integers, ARRAY_SIZE(integers), 0 },
};

void guest_putc(char c);
void guest_main(void);

static void print(uint64_t value)
{
	for (int shift = 60; shift >= 0; shift -= 4)
		guest_putc("0123456789abcdef"[value >> shift & 15]);
	guest_putc('\n');
}

/* Number i of a kind: all positive ones, then all negative ones. */
static uint64_t number(const struct kind *kind, size_t i)
{
	return i < kind->nr ? kind->numbers[i]
			    : kind->numbers[i - kind->nr] ^ kind->sign;
}

static uint64_t sum_of(const struct corner *corner)
{
	const struct kind *kind = &kinds[corner->kind];
	size_t nr = kind->nr * 2;
	size_t combinations = nr;
	uint64_t sum = 0xcbf29ce484222325;
	struct result result;

	for (size_t i = 1; i < corner->nr_operands; i++)
		combinations *= nr;
	for (size_t i = 0; i < combinations; i++) {
		result = corner->run(number(kind, i % nr),
				     number(kind, i / nr % nr),
				     number(kind, i / nr / nr));
		sum = (sum ^ result.value) * 0x100000001b3 + (sum >> 33);
		sum = (sum ^ result.flags) * 0x100000001b3 + (sum >> 33);
	}
	return sum;
}

void guest_main(void)
{
	for (size_t i = 0; corners[i].run; i++) {
		for (unsigned mode = 0; mode < NR_MODES; mode++) {
			__asm__ volatile("fsrm %0" : : "r"(mode));
			print(sum_of(&corners[i]));
		}
	}
}
