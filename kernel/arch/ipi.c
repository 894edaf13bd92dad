// SPDX-License-Identifier: MIT
/*
 * What software interrupts ask of a hart: look at the flags of its thread, run
 * a function, or stop for good.
 */
#include <arch/hart.h>
#include <arch/pgtable.h>
#include <arch/sbi.h>
#include <arch/smp.h>
#include <core/lock.h>
#include <core/panic.h>
#include <core/time.h>
#include <lib/barrier.h>

#define STOP_TIMEOUT_US 100000

/* One call at a time is in progress. */
static spinlock_t call_lock = SPINLOCK_INIT(LOCK_LEAF);
static struct {
	void (*fn)(void *arg); /* [call_lock] */
	void *arg;             /* [call_lock] */
	atomic_t waiting;      /* [a] harts that have not run it yet */
} call;

static atomic_t nr_stopped;

static __noreturn void hart_stop(void)
{
	atomic_add(&nr_stopped, 1);
	irq_disable();
	for (;;)
		wfi();
}

void ipi_handle(struct hart *hart)
{
	int pending;

	/* Clear the interrupt first: what comes later raises it again. */
	csr_clear(CSR_SIP, MIP_SSIP);
	pending = atomic_xchg(&hart->ipi_pending, 0);
	if (pending & IPI_STOP)
		hart_stop();
	if (pending & IPI_CALL) {
		call.fn(call.arg);
		atomic_sub(&call.waiting, 1);
	}
	/* IPI_RESCHED is done by having come: the flags are looked at on the
	 * way out, and an idle hart by waking up. */
}

void hart_call_others(void (*fn)(void *arg), void *arg)
{
	struct hart *hart;

	ASSERT(irqs_are_on());
	spin_lock(&call_lock);
	call.fn = fn;
	call.arg = arg;
	atomic_store(&call.waiting, (int)hart_count() - 1);
	for_each_hart (hart) {
		if (hart != this_hart())
			hart_send_ipi(hart, IPI_CALL);
	}
	while (atomic_load_acquire(&call.waiting) > 0)
		cpu_relax();
	spin_unlock(&call_lock);
}

void hart_stop_others(void)
{
	struct hart *hart;

	for_each_hart (hart) {
		if (hart != this_hart())
			hart_send_ipi(hart, IPI_STOP);
	}
	for (unsigned us = 0; us < STOP_TIMEOUT_US; us += 100) {
		if ((unsigned)atomic_load(&nr_stopped) + 1 >= hart_count())
			return;
		delay_us(100);
	}
}
