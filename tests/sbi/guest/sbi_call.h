/* SPDX-License-Identifier: MIT */
/*
 * The call from S-mode into the firmware: SBI 3.0, chapter 3.
 */
#pragma once

#include <lib/sbi.h>
#include <lib/types.h>

struct sbi_ret {
	long error;
	uint64_t value;
};

static inline struct sbi_ret sbi_call5(long extension, long function,
				       uint64_t arg0, uint64_t arg1,
				       uint64_t arg2, uint64_t arg3,
				       uint64_t arg4)
{
	register uint64_t a0 __asm__("a0") = arg0;
	register uint64_t a1 __asm__("a1") = arg1;
	register uint64_t a2 __asm__("a2") = arg2;
	register uint64_t a3 __asm__("a3") = arg3;
	register uint64_t a4 __asm__("a4") = arg4;
	register long a6 __asm__("a6") = function;
	register long a7 __asm__("a7") = extension;

	__asm__ volatile("ecall"
			 : "+r"(a0), "+r"(a1)
			 : "r"(a2), "r"(a3), "r"(a4), "r"(a6), "r"(a7)
			 : "memory");
	return (struct sbi_ret){ .error = (long)a0, .value = a1 };
}

static inline struct sbi_ret sbi_call(long extension, long function,
				      uint64_t arg0, uint64_t arg1,
				      uint64_t arg2)
{
	return sbi_call5(extension, function, arg0, arg1, arg2, 0, 0);
}

/* Legacy calls return one value only: chapter 5. */
static inline long sbi_legacy(long extension, uint64_t arg0, uint64_t arg1,
			      uint64_t arg2, uint64_t arg3)
{
	return sbi_call5(extension, 0, arg0, arg1, arg2, arg3, 0).error;
}
