/* SPDX-License-Identifier: MIT */
/*
 * Carry-less multiplication: products of polynomials over GF(2) ("Zbc" of the
 * RISC-V bit-manipulation extensions 1.0).  Only for harts that have it, except
 * in programs of the host, which tests are.  Encoded by hand: assemblers and
 * -march need not know the extension.
 */
#pragma once

#include <lib/types.h>

#ifdef __riscv

/* Bits 63 to 0 of the product. */
static inline uint64_t clmul(uint64_t a, uint64_t b)
{
	uint64_t product;

	__asm__(".insn r 0x33, 1, 5, %0, %1, %2"
		: "=r"(product)
		: "r"(a), "r"(b));
	return product;
}

/* Bits 126 to 63. */
static inline uint64_t clmulr(uint64_t a, uint64_t b)
{
	uint64_t product;

	__asm__(".insn r 0x33, 2, 5, %0, %1, %2"
		: "=r"(product)
		: "r"(a), "r"(b));
	return product;
}

/* Bits 127 to 64; the highest is 0. */
static inline uint64_t clmulh(uint64_t a, uint64_t b)
{
	uint64_t product;

	__asm__(".insn r 0x33, 3, 5, %0, %1, %2"
		: "=r"(product)
		: "r"(a), "r"(b));
	return product;
}

#else

static inline uint64_t clmul(uint64_t a, uint64_t b)
{
	uint64_t product = 0;

	for (unsigned i = 0; i < 64; i++)
		product ^= b >> i & 1 ? a << i : 0;
	return product;
}

static inline uint64_t clmulr(uint64_t a, uint64_t b)
{
	uint64_t product = 0;

	for (unsigned i = 0; i < 64; i++)
		product ^= b >> i & 1 ? a >> (63 - i) : 0;
	return product;
}

static inline uint64_t clmulh(uint64_t a, uint64_t b)
{
	return clmulr(a, b) >> 1;
}

#endif
