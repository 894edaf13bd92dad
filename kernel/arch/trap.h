// SPDX-License-Identifier: MIT
/*
 * Traps: what entry.S saves, and who is called for what.
 *
 * entry.S tells four ways apart: system calls (straight to the handler table of
 * syscall/), interrupts, and exceptions from U and from S.
 * docs/traps.md walks through one of each.
 */
#pragma once

#include <lib/csr.h>
#include <lib/types.h>

/* Saved registers, at the top of the thread's kernel stack for traps from U. */
struct trap_frame {
	unsigned long pc; /* sepc: where the trap came from */
	unsigned long ra, sp, gp, tp;
	unsigned long t0, t1, t2;
	unsigned long s0, s1;
	unsigned long a0, a1, a2, a3, a4, a5, a6, a7;
	unsigned long s2, s3, s4, s5, s6, s7, s8, s9, s10, s11;
	unsigned long t3, t4, t5, t6;
	unsigned long status;
	/* scause; sigreturn clears it: no call to restart */
	unsigned long cause;
	unsigned long badaddr;
	unsigned long orig_a0; /* a0 of a system call, to restart it */
};

/* [I] frame->status of a program that starts: U-mode, interrupts on, FP off,
 * 64-bit registers (UXL), user pages closed to us (arch/priv19.c). */
extern unsigned long trap_status_user;

/* The frame of the current thread's last entry from user mode. */
struct trap_frame *user_frame(void);

/* Why a user access or instruction failed; from scause, by name. */
enum fault_access { FAULT_READ, FAULT_WRITE, FAULT_EXEC };

/*
 * What the upper parts do about traps; registered once at boot, so that arch/
 * calls nobody above it by name.
 */
struct trap_ops {
	/*
	 * A page fault on a user address, from U, or from S in a user copy.
	 * 0: mapped, try again.  -EFAULT (no such area), -EACCES (not permitted),
	 * -EIO / -ENXIO (file could not be read: SIGBUS), -ENOMEM.
	 * Interrupts on; may sleep.
	 */
	int (*page_fault)(uintptr_t addr, enum fault_access access);
	/* An exception of the current user thread that nobody mended:
	 * deliver the signal.  Interrupts on. */
	void (*user_exception)(struct trap_frame *frame, int signo, int si_code,
			       uintptr_t addr);
	/*
	 * On the way to user mode with THREAD_USER_WORK flags set (except
	 * NEED_RESCHED, which arch handles): deliver signals, die.
	 * Interrupts on.  syscall_nr: of the call that just ended, else -1.
	 */
	void (*user_work)(struct trap_frame *frame, long syscall_nr);
};
void trap_ops_register(const struct trap_ops *ops);

/* This hart's stvec and sscratch. */
void trap_init_hart(void);

/* Leave the kernel for the first time with the frame at the stack's top. */
__noreturn void user_mode_enter(void);
