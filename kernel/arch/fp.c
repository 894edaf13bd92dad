// SPDX-License-Identifier: MIT
/*
 * Floating-point context.  arch/switch.h tells its life.
 *
 * The truth about a thread's FP state is the FS field of its user frame: Off,
 * Clean (the registers equal fp_state) or Dirty (they are newer).  The
 * registers of a hart belong to hart->fp_owner, if that thread's fp_hart
 * agrees: both must, since the thread may have gone on elsewhere or ended.
 */
#include <arch/fp.h>

#include <string.h>

#include <arch/hart.h>
#include <arch/switch.h>
#include <arch/trap.h>
#include <core/thread.h>
#include <lib/csr.h>

static struct trap_frame *thread_frame(struct thread *thread)
{
	return (struct trap_frame *)thread->kernel_sp - 1;
}

static void frame_set_fs(struct trap_frame *frame, unsigned long fs)
{
	frame->status = (frame->status & ~(unsigned long)SSTATUS_FS) | fs;
}

static bool frame_fp_is_dirty(const struct trap_frame *frame)
{
	return (frame->status & SSTATUS_FS) == SSTATUS_FS_DIRTY;
}

static void thread_store_fp(struct thread *thread)
{
	csr_set(CSR_SSTATUS, SSTATUS_FS);
	fp_store_registers(thread->fp_state);
	csr_clear(CSR_SSTATUS, SSTATUS_FS);
	thread->fp_used = true;
}

void fp_switch_out(struct thread *thread)
{
	struct trap_frame *frame = thread_frame(thread);

	if (frame_fp_is_dirty(frame))
		thread_store_fp(thread);
	frame_set_fs(frame, SSTATUS_FS_OFF);
}

void fp_switch_in(struct thread *thread, struct hart *hart)
{
	if (hart->fp_owner == thread && thread->fp_hart == hart)
		frame_set_fs(thread_frame(thread), SSTATUS_FS_CLEAN);
}

/* Forget that registers anywhere belong to the current thread. */
static void fp_disown(struct thread *thread)
{
	thread->fp_hart = NULL;
	frame_set_fs(thread_frame(thread), SSTATUS_FS_OFF);
}

void fp_reset(void)
{
	struct thread *thread = current_thread();

	thread->fp_used = false;
	fp_disown(thread);
}

void fp_save(void)
{
	struct thread *thread = current_thread();
	struct trap_frame *frame = thread_frame(thread);
	unsigned long flags = irq_save();

	if (frame_fp_is_dirty(frame)) {
		thread_store_fp(thread);
		frame_set_fs(frame, SSTATUS_FS_CLEAN);
	}
	irq_restore(flags);
}

void fp_restore(void)
{
	struct thread *thread = current_thread();

	thread->fp_used = true;
	fp_disown(thread);
}

void fp_copy(struct thread *child)
{
	struct thread *parent = current_thread();

	fp_save();
	child->fp_hart = NULL;
	child->fp_used = parent->fp_used;
	if (parent->fp_used)
		memcpy(child->fp_state, parent->fp_state,
		       sizeof(child->fp_state));
	frame_set_fs(thread_frame(child), SSTATUS_FS_OFF);
}

bool fp_enable_on_trap(struct trap_frame *frame)
{
	struct thread *thread = current_thread();
	struct hart *hart;
	unsigned long flags;

	/* With FP on, an illegal instruction is just that. */
	if (frame->status & SSTATUS_FS || !hart_has_fp())
		return false;

	if (!thread->fp_used)
		memset(thread->fp_state, 0, sizeof(thread->fp_state));
	flags = irq_save();
	hart = this_hart();
	csr_set(CSR_SSTATUS, SSTATUS_FS);
	fp_load_registers(thread->fp_state);
	csr_clear(CSR_SSTATUS, SSTATUS_FS);
	hart->fp_owner = thread;
	thread->fp_hart = hart;
	frame_set_fs(frame, SSTATUS_FS_CLEAN);
	irq_restore(flags);
	return true;
}
