/* SPDX-License-Identifier: MIT */
/*
 * The harts of the machine, as the device tree lists them, and what runs on
 * the ones that did not boot.
 */
#pragma once

#include <setjmp.h>

#include <lib/types.h>

#define HARTS_MAX  16
#define HART_STACK 8192
#define TRAP_STACK 4096

/* What an exception told; status is sstatus in the handler. */
struct trap {
	uint64_t cause;
	uint64_t epc;
	uint64_t value;
	uint64_t status;
};

/*
 * One hart.  [h] its own, [b] the booting hart's, before it starts this one,
 * [c] counters that it writes and others watch.
 */
struct hart {
	uint64_t thread_local[2]; /* [h] the C library's errno */
	uint64_t trap_sp;         /* [b] top of trap_stack, read by trap.S */
	uint64_t saved_sp;        /* [h] of what was interrupted, by trap.S */
	uint64_t stack_top;       /* [b] read by entry.S */
	uint64_t id;
	jmp_buf *recovery;        /* [h] where trap_catch() goes on, or NULL */
	struct trap trap;         /* [h] last exception */
	void (*entry)(void *arg); /* [b] */
	void *arg;                /* [b] */
	/* Registers at entry, by entry.S. */
	uint64_t entry_hart_id;                    /* [h] a0 */
	uint64_t entry_status;                     /* [h] sstatus */
	uint64_t entry_satp;                       /* [h] satp */
	volatile unsigned int software_interrupts; /* [c] */
	volatile unsigned int timer_interrupts;    /* [c] */
	volatile unsigned int done;                /* [c] 1: entry returned */
	uint8_t trap_stack[TRAP_STACK] __aligned(16); /* [h] */
	uint8_t stack[HART_STACK] __aligned(16);      /* [h] */
};

extern struct hart harts[HARTS_MAX];
extern unsigned int hart_count; /* harts that can run S-mode, boot hart first */

/* Reads /cpus; boot_id is the hart that we run on. */
void harts_init(const void *fdt, uint64_t boot_id);

/* The hart that runs this. */
static inline struct hart *this_hart(void)
{
	struct hart *hart;

	__asm__("mv %0, tp" : "=r"(hart));
	return hart;
}

/* An id that no hart of the machine has. */
uint64_t hart_absent_id(void);

/* Does every hart that runs S-mode have the ISA extension? */
bool harts_have(const char *isa_extension);

/*
 * Start a stopped hart in entry(arg) and return at once; hart->done becomes 1
 * when entry returns, and the hart stops.  False where it could not be
 * started, and the case has failed then.
 */
bool hart_start(struct hart *hart, void (*entry)(void *arg), void *arg);

/* Wait until the hart is stopped; fails the case where it does not. */
bool hart_wait_stopped(struct hart *hart);

/* Start, wait until done, wait until stopped. */
bool hart_run(struct hart *hart, void (*entry)(void *arg), void *arg);

/* hart_start() without checks, in entry.S's own way; the raw SBI result. */
struct sbi_ret hart_start_raw(struct hart *hart);
