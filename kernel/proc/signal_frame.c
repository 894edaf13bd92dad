// SPDX-License-Identifier: MIT
/*
 * Signal frames: what a handler finds on its stack, and the way back from it.
 *
 * Layout: struct rt_sigframe of Linux riscv64, siginfo then ucontext (its
 * sigcontext holds the integer registers, the D state, and no extensions).
 * Handlers return to __vdso_rt_sigreturn, as there is no SA_RESTORER here.
 * All runs in the thread itself; user memory may fault and sleep.
 */
/* Before the C library's, which takes the name __unused away. */
#include <asm/signal.h>

#include <asm/sigcontext.h>
#include <asm/ucontext.h>

#include <string.h>

#include <arch/switch.h>
#include <arch/trap.h>
#include <core/thread.h>
#include <lib/csr.h>
#include <lib/errno.h>
#include <mm/mm.h>
#include <mm/usercopy.h>
#include <proc/task.h>
#include <proc/vdso.h>

#include "proc_internal.h"

struct rt_sigframe {
	siginfo_t info;
	struct ucontext uc;
};
static_assert(sizeof(siginfo_t) == 128, "Linux ABI");
static_assert(offsetof(struct ucontext, uc_mcontext) == 176, "Linux ABI");
static_assert(sizeof(struct sigcontext) == 784, "Linux ABI");
static_assert(sizeof(struct user_regs_struct) ==
		      offsetof(struct trap_frame, status),
	      "trap_frame begins with pc, ra .. t6 in the ABI's order");

/* The D state in front of sigcontext's floating-point area. */
static int push_fp(struct sigcontext __user *sc)
{
	struct thread *thread = current_thread();
	char __user *area = (char __user *)&sc->sc_fpregs;
	const size_t used = 32 * sizeof(uint64_t) + sizeof(uint32_t);

	fp_save();
	if (!thread->fp_used)
		return clear_user(area, sizeof(sc->sc_fpregs));
	if (copy_to_user(area, thread->fp_state, used))
		return -EFAULT;
	return clear_user(area + used, sizeof(sc->sc_fpregs) - used);
}

/* Extensions that we know nothing of would follow reserved: it must be zero. */
static int pop_fp(const struct sigcontext __user *sc)
{
	struct thread *thread = current_thread();
	const char __user *area = (const char __user *)&sc->sc_fpregs;
	uint32_t reserved[3];
	uint64_t fcsr = 0;

	if (copy_from_user(
		    reserved,
		    area + offsetof(struct __riscv_q_ext_state, reserved),
		    sizeof(reserved)))
		return -EFAULT;
	if (reserved[0] | reserved[1] | reserved[2])
		return -EINVAL;
	/* The copy may sleep, and a switch would save over it: own it first. */
	fp_save();
	if (copy_from_user(thread->fp_state, area, 32 * sizeof(uint64_t)) ||
	    copy_from_user(&fcsr, area + 32 * sizeof(uint64_t),
			   sizeof(uint32_t)))
		return -EFAULT;
	thread->fp_state[32] = fcsr;
	fp_restore();
	return 0;
}

static bool on_altstack(const stack_t *stack, uintptr_t sp)
{
	uintptr_t base = (uintptr_t)stack->ss_sp;

	return !(stack->ss_flags & SS_DISABLE) && sp > base &&
	       sp - base <= stack->ss_size;
}

static uintptr_t choose_stack(const struct trap_frame *frame,
			      const struct sigaction *action)
{
	const stack_t *alt = &current->sigaltstack;
	uintptr_t sp = frame->sp;

	if ((action->sa_flags & SA_ONSTACK) && !(alt->ss_flags & SS_DISABLE) &&
	    !on_altstack(alt, sp))
		sp = (uintptr_t)alt->ss_sp + alt->ss_size;
	return ALIGN_DOWN(sp - sizeof(struct rt_sigframe), 16);
}

static int push_context(struct ucontext __user *uc,
			const struct trap_frame *frame, uint64_t old_blocked)
{
	struct task *task = current;
	stack_t stack = task->sigaltstack;

	if (on_altstack(&stack, frame->sp))
		stack.ss_flags |= SS_ONSTACK;
	if (clear_user(uc, offsetof(struct ucontext, uc_mcontext)) ||
	    copy_to_user(&uc->uc_stack, &stack, sizeof(stack)) ||
	    copy_to_user(&uc->uc_sigmask, &old_blocked, sizeof(old_blocked)) ||
	    copy_to_user(&uc->uc_mcontext.sc_regs, frame,
			 sizeof(struct user_regs_struct)))
		return -EFAULT;
	return push_fp(&uc->uc_mcontext);
}

int signal_frame_push(struct trap_frame *frame, const struct sigaction *action,
		      const siginfo_t *info, uint64_t old_blocked)
{
	struct task *task = current;
	uintptr_t sp = choose_stack(frame, action);
	struct rt_sigframe __user *user = (struct rt_sigframe __user *)sp;

	/* An overflowed alternate stack must not run into what is below it. */
	if (on_altstack(&task->sigaltstack, frame->sp) &&
	    !on_altstack(&task->sigaltstack, sp))
		return -EFAULT;
	if (copy_to_user(&user->info, info, sizeof(*info)) ||
	    push_context(&user->uc, frame, old_blocked))
		return -EFAULT;

	if (task->sigaltstack.ss_flags & SS_AUTODISARM)
		task->sigaltstack = (stack_t){ .ss_flags = SS_DISABLE };
	frame->ra = VDSO_SIGRETURN;
	frame->sp = sp;
	frame->pc = (uintptr_t)action->sa_handler;
	frame->a0 = (unsigned long)info->si_signo;
	frame->a1 = (uintptr_t)&user->info;
	frame->a2 = (uintptr_t)&user->uc;
	return 0;
}

static int pop_context(struct trap_frame *frame,
		       const struct ucontext __user *uc)
{
	struct user_regs_struct regs;
	uint64_t blocked;
	stack_t stack;
	int ret;

	if (copy_from_user(&blocked, &uc->uc_sigmask, sizeof(blocked)) ||
	    copy_from_user(&stack, &uc->uc_stack, sizeof(stack)) ||
	    copy_from_user(&regs, &uc->uc_mcontext.sc_regs, sizeof(regs)))
		return -EFAULT;
	ret = pop_fp(&uc->uc_mcontext);
	if (ret)
		return ret;

	memcpy(frame, &regs, sizeof(regs));
	frame->pc &= ~1ul;
	stack.ss_flags &= ~SS_ONSTACK;
	current->sigaltstack = stack;
	signal_set_blocked(blocked);
	return 0;
}

long signal_frame_pop(struct trap_frame *frame)
{
	struct rt_sigframe __user *user =
		(struct rt_sigframe __user *)frame->sp;

	current->restart = NULL;
	if (pop_context(frame, &user->uc)) {
		signal_force(SIGSEGV, SEGV_MAPERR, frame->sp);
		return 0;
	}
	/* a0 is not the result of a call that might have to be restarted. */
	frame->cause = 0;
	return (long)frame->a0;
}
