// SPDX-License-Identifier: MIT
/*
 * Where assembly finds the members of C structures.  Compiled to assembly only;
 * the build makes "asm-offsets.h" of the lines that begin with "->".
 */
#include <stddef.h>

#include <arch/smp.h>
#include <arch/trap.h>
#include <core/thread.h>
#include <syscall/syscall.h>

#define DEFINE(name, value)        __asm__ volatile("\n->" #name " %0" ::"i"(value))
#define OFFSET(name, type, member) DEFINE(name, offsetof(struct type, member))

void asm_offsets(void);

void asm_offsets(void)
{
	OFFSET(FRAME_PC, trap_frame, pc);
	OFFSET(FRAME_RA, trap_frame, ra);
	OFFSET(FRAME_SP, trap_frame, sp);
	OFFSET(FRAME_GP, trap_frame, gp);
	OFFSET(FRAME_TP, trap_frame, tp);
	OFFSET(FRAME_T0, trap_frame, t0);
	OFFSET(FRAME_T1, trap_frame, t1);
	OFFSET(FRAME_T2, trap_frame, t2);
	OFFSET(FRAME_S0, trap_frame, s0);
	OFFSET(FRAME_S1, trap_frame, s1);
	OFFSET(FRAME_A0, trap_frame, a0);
	OFFSET(FRAME_A1, trap_frame, a1);
	OFFSET(FRAME_A2, trap_frame, a2);
	OFFSET(FRAME_A3, trap_frame, a3);
	OFFSET(FRAME_A4, trap_frame, a4);
	OFFSET(FRAME_A5, trap_frame, a5);
	OFFSET(FRAME_A6, trap_frame, a6);
	OFFSET(FRAME_A7, trap_frame, a7);
	OFFSET(FRAME_S2, trap_frame, s2);
	OFFSET(FRAME_S3, trap_frame, s3);
	OFFSET(FRAME_S4, trap_frame, s4);
	OFFSET(FRAME_S5, trap_frame, s5);
	OFFSET(FRAME_S6, trap_frame, s6);
	OFFSET(FRAME_S7, trap_frame, s7);
	OFFSET(FRAME_S8, trap_frame, s8);
	OFFSET(FRAME_S9, trap_frame, s9);
	OFFSET(FRAME_S10, trap_frame, s10);
	OFFSET(FRAME_S11, trap_frame, s11);
	OFFSET(FRAME_T3, trap_frame, t3);
	OFFSET(FRAME_T4, trap_frame, t4);
	OFFSET(FRAME_T5, trap_frame, t5);
	OFFSET(FRAME_T6, trap_frame, t6);
	OFFSET(FRAME_STATUS, trap_frame, status);
	OFFSET(FRAME_CAUSE, trap_frame, cause);
	OFFSET(FRAME_BADADDR, trap_frame, badaddr);
	OFFSET(FRAME_ORIG_A0, trap_frame, orig_a0);
	DEFINE(FRAME_SIZE, sizeof(struct trap_frame));

	OFFSET(THREAD_KERNEL_SP, thread, kernel_sp);
	OFFSET(THREAD_USER_SP, thread, user_sp);
	OFFSET(THREAD_CONTEXT, thread, context);
	OFFSET(THREAD_FLAGS, thread, flags);

	DEFINE(THREAD_USER_WORK_MASK, THREAD_USER_WORK);
	DEFINE(NR_SYSCALLS_KEEL, NR_SYSCALLS_KEEL);

	OFFSET(HART_START_THREAD, hart_start, thread);
	OFFSET(HART_START_SP, hart_start, sp);
	OFFSET(HART_START_ENTRY, hart_start, entry);
	OFFSET(HART_START_SATP, hart_start, satp);
}
