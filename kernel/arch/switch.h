// SPDX-License-Identifier: MIT
/*
 * Changing from one thread to another on this hart, and the floating-point
 * context that goes with a thread.
 *
 * The kernel uses no floating point.  A user thread starts with FP off; its
 * first FP instruction traps, loads its registers and turns FP on.  When it is
 * switched out dirty registers are saved; when it comes back to the hart that
 * still holds them nothing is loaded, else the next FP instruction traps again.
 */
#pragma once

#include <core/thread.h>

/*
 * Prepare thread->context so that the first switch to it calls
 * thread_first_run() (core/thread.c: finish the switch as schedule() would)
 * and then entry(arg) on its empty stack; entry must not return.
 * thread->kernel_sp is set already.
 */
void context_init(struct thread *thread, void (*entry)(void *arg), void *arg);

/*
 * Leave prev, go on in next: FP state, page-table root, stack and registers.
 * Returns when somebody switches back to prev.
 * Context: interrupts off, run queue lock held; it changes hands with the stack.
 */
void context_switch(struct thread *prev, struct thread *next);

/* exec: the current thread has a clean FP state from now on. */
void fp_reset(void);
/* Bring the current thread's FP registers into current_thread()->fp_state
 * (valid if ->fp_used), for fork, signal frames and ptrace. */
void fp_save(void);
/* fp_state of the current thread was changed (sigreturn): load it at next use. */
void fp_restore(void);
/* fork: the child starts with a copy of the current thread's FP state. */
void fp_copy(struct thread *child);
/* FP instruction with FP off: true if it was that and may be tried again. */
bool fp_enable_on_trap(struct trap_frame *frame);
