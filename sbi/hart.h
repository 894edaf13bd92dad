/* SPDX-License-Identifier: MIT */
/*
 * Harts: the memory of each, and how to find it.
 *
 * A hart's area is HART_AREA_SIZE bytes: a page that pmp.c makes trap, so that
 * an overflown stack is found out; the stack; and from HART_TP_OFFSET on its
 * thread-local variables (_Thread_local, or hart_var() from another hart).  tp
 * holds the border between the last two, in C and, while S-mode runs, in
 * mscratch; the first thread-local variable is this_hart, so tp is also its
 * address.  An extension that needs memory per hart declares a _Thread_local
 * variable in its own file.
 *
 * Areas are made once, by the boot hart, one for each hart that the device
 * tree names, and never freed.
 */
#pragma once

#define HART_GUARD_SIZE 4096 /* a page, as smaller ones are slow in QEMU */
#define HART_TP_OFFSET  8192
#define HART_AREA_SIZE  12288
#define MAX_HARTS       128

#ifndef __ASSEMBLER__

#include <lib/atomic.h>
#include <lib/types.h>

/* What a hart can do, beyond RV64IMA with M, S and U. */
#define HART_HAS_H        BIT(0)
#define HART_HAS_SSTC     BIT(1)
#define HART_HAS_TIME     BIT(2) /* rdtime is an instruction of the hardware */
#define HART_HAS_FP       BIT(3)
#define HART_HAS_ENVCFG   BIT(4)
#define HART_HAS_SSCOFPMF BIT(5)
#define HART_HAS_PMP      BIT(6)
#define HART_HAS_INHIBIT  BIT(7) /* mcountinhibit */
#define HART_IS_PRIV19    BIT(8) /* version 1.9.1: see priv19.h */

/*
 * The integer registers of S-mode (or below) as a trap found them.  An SBI
 * call and an interrupt save only what C functions may change and leave the
 * rest in the registers; then only those members hold anything.
 */
struct trap_frame {
	/* By number; 0 is unused; 3, 8, 9 and 18 to 27: full saves only. */
	uint64_t x[32];
};

/*
 * One hart.
 *
 * [I] set before other harts may see it, [o] only its own hart,
 * [a] atomic, anyone
 */
struct hart {
	struct trap_frame frame; /* [o] first: trap.S counts on it */
	uint64_t id;             /* [I] as mhartid says */
	struct hart *next;       /* [I] in the order of the device tree */
	unsigned int index;      /* [I] 0 to nr_harts - 1 in that order */
	unsigned int features;   /* [o] HART_HAS_*, set when it starts */
	atomic_t state;          /* [a] SBI_HSM_*; see hsm.c for who may */
	atomic64_t events;       /* [a] HART_EVENT_* that wait for it */

	uint32_t exit_work;  /* [o] not 0: trap_exit_work() has to do */
	uint64_t entry_time; /* [o] of the trap, if time is accounted */

	/* [I] NULL where the device tree names none. */
	uint32_t __iomem *msip;
	uint64_t __iomem *mtimecmp;
};

extern _Thread_local struct hart this_hart;

/* All harts, boot hart included, linked by next; [I] once harts run. */
extern struct hart *hart_list;
extern unsigned int nr_harts;

/* Another hart's copy of a thread-local variable of ours. */
#define hart_var(hart, var)                                                    \
	((__typeof__(&(var)))((char *)(hart) +                                 \
			      ((char *)&(var) - (char *)&this_hart)))

/* For each hart: body. */
#define hart_for_each(hart)                                                    \
	for ((hart) = hart_list; (hart); (hart) = (hart)->next)

/*
 * Make an area for each hart that the tree names and put it in the list.
 * next_area is where the areas behind the boot hart's go; returns the first
 * byte after the last one.
 * Context: boot hart, before any other hart may run.
 */
char *hart_create_all(const void *fdt, char *next_area);

/* How many bytes hart_create_all() will take, at most. */
uint64_t hart_area_bytes(const void *fdt);

/* The hart with that id, or NULL.  Constant time for usual numberings. */
struct hart *hart_find(uint64_t id);

static inline bool hart_has(unsigned int feature)
{
	return this_hart.features & feature;
}

#endif /* !__ASSEMBLER__ */
