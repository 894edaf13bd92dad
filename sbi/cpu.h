/* SPDX-License-Identifier: MIT */
/*
 * What the running hart can do, and its control registers for S-mode's start.
 */
#pragma once

#include <lib/types.h>

/*
 * Find out this hart's features and set its registers up: traps to trap.S,
 * everything that S-mode can handle delegated to it.  Never traps, whatever
 * the hart lacks.  Context: each hart, when it starts or starts again.
 */
void cpu_init(void);

/* Put S-mode's registers into the state that the SBI promises at a start. */
void cpu_reset_supervisor(void);

/*
 * Read or write a CSR (a constant) that perhaps is not there.  ok says whether
 * it is; a register that is not there reads as 0.
 */
#define csr_try_read(csr, ok)                                                  \
	({                                                                     \
		register uint64_t try_cause_ __asm__("a3") = 0;                \
		uint64_t try_value_ = 0;                                       \
		uint64_t try_tvec_;                                            \
                                                                               \
		__asm__ volatile("csrrw %2, 0x305, %4\n\t"                     \
				 ".option push\n\t.option norvc\n\t"           \
				 "csrr %1, %3\n\t"                             \
				 ".option pop\n\t"                             \
				 "csrw 0x305, %2"                              \
				 : "+r"(try_cause_), "+r"(try_value_),         \
				   "=&r"(try_tvec_)                            \
				 : "i"(csr), "r"(access_fault)                 \
				 : "memory");                                  \
		*(ok) = try_cause_ == 0;                                       \
		try_value_;                                                    \
	})

#define csr_try_write(csr, value)                                              \
	({                                                                     \
		register uint64_t try_cause_ __asm__("a3") = 0;                \
		uint64_t try_tvec_;                                            \
                                                                               \
		__asm__ volatile("csrrw %1, 0x305, %4\n\t"                     \
				 ".option push\n\t.option norvc\n\t"           \
				 "csrw %2, %3\n\t"                             \
				 ".option pop\n\t"                             \
				 "csrw 0x305, %1"                              \
				 : "+r"(try_cause_), "=&r"(try_tvec_)          \
				 : "i"(csr), "r"((uint64_t)(value)),           \
				   "r"(access_fault)                           \
				 : "memory");                                  \
		try_cause_ == 0;                                               \
	})

/* In trap.S: where those land when they trap. */
extern char access_fault[];

/* In trap.S: mtvec, without and with accounting of time. */
extern char trap_entry[];
extern char trap_entry_timed[];
