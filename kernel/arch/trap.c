// SPDX-License-Identifier: MIT
/*
 * Traps after entry.S has saved the registers: interrupts, exceptions of user
 * programs, exceptions in the kernel, and the slow way back to user mode.
 *
 * Causes are those of the privileged specification 1.12, section 4.1.8.  What
 * is to be done about pages and signals the upper parts registered as
 * struct trap_ops; it is set once at boot, before there are user programs.
 */
#include <arch/trap.h>

#include <asm/siginfo.h>
#include <asm/signal.h>

#include <arch/extable.h>
#include <arch/external.h>
#include <arch/hart.h>
#include <arch/image.h>
#include <arch/kmap.h>
#include <arch/kmap_internal.h>
#include <arch/switch.h>
#include <arch/uaccess.h>
#include <core/alloc.h>
#include <core/lock.h>
#include <core/panic.h>
#include <core/time.h>
#include <dev/irq.h>
#include <lib/csr.h>
#include <lib/errno.h>

#include "trap_internal.h"

static_assert(offsetof(struct trap_frame, pc) == 0, "the sc.d of entry.S");
static_assert(sizeof(struct trap_frame) % 16 == 0, "stacks are aligned to 16");

static const struct trap_ops *trap_ops; /* [I] after boot */

unsigned long trap_status_user = SSTATUS_SPIE | SSTATUS_UXL_64;

void trap_ops_register(const struct trap_ops *ops)
{
	trap_ops = ops;
}

void trap_init_hart(void)
{
	csr_write(CSR_SSCRATCH, 0);
	csr_write(CSR_STVEC, (uintptr_t)trap_entry);
	csr_try_scounteren(COUNTEREN_CY | COUNTEREN_TM | COUNTEREN_IR);
	csr_write(CSR_SIE, SIE_SSIE | SIE_STIE);
}

struct trap_frame *user_frame(void)
{
	return (struct trap_frame *)current_thread()->kernel_sp - 1;
}

/* A program's registers: in their place, and not the kernel's own. */
static bool frame_is_of_user(const struct trap_frame *frame)
{
	return frame == user_frame() && !(frame->status & SSTATUS_SPP);
}

void trap_interrupt(struct trap_frame *frame)
{
	struct hart *hart = this_hart();
	unsigned long irq = frame->cause & ~CAUSE_INTERRUPT;
	unsigned locks = spin_debug_irq_enter();

	hart->irq_depth++;
	if (irq == IRQ_S_TIMER)
		timer_interrupt();
	else if (irq == IRQ_S_EXT)
		irq_root_handler();
	else if (irq == IRQ_S_SOFT)
		external_soft_interrupt(hart);
	hart->irq_depth--;
	spin_debug_irq_exit(locks);
}

static bool cause_is_data_page_fault(unsigned long cause)
{
	return cause == CAUSE_LOAD_PAGE_FAULT ||
	       cause == CAUSE_STORE_PAGE_FAULT;
}

static bool cause_is_page_fault(unsigned long cause)
{
	return cause_is_data_page_fault(cause) ||
	       cause == CAUSE_FETCH_PAGE_FAULT;
}

static enum fault_access cause_access(unsigned long cause)
{
	if (cause == CAUSE_STORE_PAGE_FAULT)
		return FAULT_WRITE;
	if (cause == CAUSE_FETCH_PAGE_FAULT)
		return FAULT_EXEC;
	return FAULT_READ;
}

/* The signal for a page fault that trap_ops could not mend. */
static void user_fault_signal(struct trap_frame *frame, int error)
{
	int signo = SIGSEGV;
	int code = SEGV_MAPERR;

	if (error == -EACCES) {
		code = SEGV_ACCERR;
	} else if (error == -EIO || error == -ENXIO) {
		signo = SIGBUS;
		code = BUS_ADRERR;
	} else if (error == -ENOMEM) {
		signo = SIGKILL;
		code = SI_KERNEL;
	}
	trap_ops->user_exception(frame, signo, code, frame->badaddr);
}

static void user_page_fault(struct trap_frame *frame)
{
	int ret = -EFAULT;

	if (frame->badaddr < USER_TOP)
		ret = trap_ops->page_fault(frame->badaddr,
					   cause_access(frame->cause));
	/* A killed thread needs no second reason to die. */
	if (ret && !(atomic_load(&current_thread()->flags) & THREAD_KILLED))
		user_fault_signal(frame, ret);
}

struct user_signal {
	int signo;
	int code;
};

/* Exceptions by cause; the others come here as illegal instructions. */
static const struct user_signal user_signals[] = {
	[CAUSE_FETCH_MISALIGNED] = { SIGBUS, BUS_ADRALN },
	[CAUSE_FETCH_ACCESS] = { SIGSEGV, SEGV_ACCERR },
	[CAUSE_ILLEGAL] = { SIGILL, ILL_ILLOPC },
	[CAUSE_BREAKPOINT] = { SIGTRAP, TRAP_BRKPT },
	[CAUSE_LOAD_MISALIGNED] = { SIGBUS, BUS_ADRALN },
	[CAUSE_LOAD_ACCESS] = { SIGSEGV, SEGV_ACCERR },
	[CAUSE_STORE_MISALIGNED] = { SIGBUS, BUS_ADRALN },
	[CAUSE_STORE_ACCESS] = { SIGSEGV, SEGV_ACCERR },
};

void trap_user_exception(struct trap_frame *frame)
{
	const struct user_signal *signal = &user_signals[CAUSE_ILLEGAL];
	uintptr_t addr = frame->badaddr;

	ASSERT(frame_is_of_user(frame));
	if (cause_is_page_fault(frame->cause)) {
		user_page_fault(frame);
		return;
	}
	if (frame->cause == CAUSE_ILLEGAL && fp_enable_on_trap(frame))
		return;

	if (frame->cause < ARRAY_SIZE(user_signals))
		signal = &user_signals[frame->cause];
	if (signal->signo == SIGILL || signal->signo == SIGTRAP)
		addr = frame->pc;
	trap_ops->user_exception(frame, signal->signo, signal->code, addr);
}

void trap_user_work(struct trap_frame *frame)
{
	struct thread *thread = current_thread();
	long syscall_nr = -1;
	int work;

	ASSERT(frame_is_of_user(frame));
	if (frame->cause == CAUSE_USER_ECALL)
		syscall_nr = (long)frame->a7;

	while ((work = atomic_load(&thread->flags) & (int)THREAD_USER_WORK)) {
		irq_enable();
		if (work & THREAD_NEED_RESCHED)
			schedule();
		if (work & ~THREAD_NEED_RESCHED) {
			trap_ops->user_work(frame, syscall_nr);
			syscall_nr = -1;
		}
		irq_disable();
	}
}

/* A user copy met a page that is not there: let mm/ bring it in. */
static bool kernel_fault_is_mended(struct trap_frame *frame)
{
	int ret;

	if (!cause_is_page_fault(frame->cause) || frame->badaddr >= USER_TOP)
		return false;
	if (!trap_ops || !(frame->status & SSTATUS_SPIE))
		return false;

	irq_enable();
	ret = trap_ops->page_fault(frame->badaddr, cause_access(frame->cause));
	irq_disable();
	return ret == 0;
}

static __noreturn void kernel_oops(struct trap_frame *frame)
{
	if (trap_frame_is_on_emergency_stack(frame))
		panic_frame(frame, "kernel stack overflow");
	if (frame->cause == CAUSE_BREAKPOINT)
		panic_frame(frame, "breakpoint in the kernel");
	if (kstack_is_guard(frame->badaddr))
		panic_frame(frame, "access below a kernel stack");
	if (frame->badaddr < PAGE_SIZE && cause_is_page_fault(frame->cause))
		panic_frame(frame, "NULL pointer access");
	panic_frame(frame, "unexpected exception in the kernel");
}

void trap_kernel_exception(struct trap_frame *frame)
{
	uintptr_t fixup = extable_find(frame->pc);

	if (!fixup && cause_is_data_page_fault(frame->cause) &&
	    kmap_fault_is_spurious(frame->badaddr))
		return;
	if (!fixup)
		kernel_oops(frame);
	if (!kernel_fault_is_mended(frame))
		frame->pc = fixup;
}
