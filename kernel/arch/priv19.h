/* SPDX-License-Identifier: MIT */
/*
 * Instructions that mean something else on harts of privileged version 1.9.1
 * (arch/priv19.c).  Each place that has one makes a line of a table, by which
 * priv19_init() exchanges them at boot: the macros of priv19.inc in assembly,
 * the functions below in C.
 */
#pragma once

#include <lib/csr.h>

/* sfence.vm x0 of version 1.9.1: forget all translations of this hart. */
#define INSN_SFENCE_VM 0x10400073

#ifndef __ASSEMBLER__

#include <lib/types.h>

/* insn, and sfence.vm where the version is 1.9.1. */
#define SFENCE(insn)                                                           \
	"98: " insn "\n"                                                       \
	".pushsection .init.priv19, \"a\"\n"                                   \
	".balign 4\n"                                                          \
	".word 98b - .\n"                                                      \
	".word %[vm]\n"                                                        \
	".popsection"
#define SFENCE_VM [vm] "i"(INSN_SFENCE_VM)

/* Make this hart forget address translations: all, ... */
static inline void sfence_all(void)
{
	__asm__ volatile(SFENCE("sfence.vma")::SFENCE_VM : "memory");
}

/* ... those of one page in all address spaces, ... */
static inline void sfence_page(vaddr_t addr)
{
	__asm__ volatile(SFENCE("sfence.vma %0")::"r"(addr), SFENCE_VM
			 : "memory");
}

/* ... or those of one address space but for global ones. */
static inline void sfence_asid(unsigned long asid)
{
	__asm__ volatile(SFENCE("sfence.vma x0, %0")::"r"(asid), SFENCE_VM
			 : "memory");
}

/*
 * Learn the version by the machine's ids, and exchange the instructions.
 * Called by head.S on the boot hart at physical addresses, while the image can
 * be written and before anything in the table is run.
 */
void priv19_init(void);

#endif /* !__ASSEMBLER__ */
