// SPDX-License-Identifier: MIT
/*
 * Messages between harts; see ipi.h.
 */
#include "ipi.h"

#include <lib/csr.h>
#include <lib/mmio.h>

#include "pmu_events.h"

static _Thread_local uint64_t deferred_events; /* [o] */

static void halt(void)
{
	for (;;) {
		csr_write(CSR_MIE, 0);
		wfi();
	}
}

static void raise_soft(void)
{
	pmu_count(PMU_FW_IPI_RECEIVED);
	csr_set(CSR_MIP, MIP_SSIP);
}

/* HART_EVENT_WAKE has no handler: to have woken up is enough. */
static void (*handlers[NR_HART_EVENTS])(void) = {
	[HART_EVENT_SOFT] = raise_soft,
	[HART_EVENT_HALT] = halt,
};

void ipi_set_handler(unsigned int event, void (*handle)(void))
{
	handlers[event] = handle;
}

void ipi_wake(struct hart *hart)
{
	if (hart->msip)
		mmio_write32(1, hart->msip);
}

void ipi_send(struct hart *hart, unsigned int event)
{
	/*
	 * No event is lost.  The bit is in memory before the line rises
	 * (mmio_write32() orders them), and ipi_handle_events() takes the bits
	 * after it lowered the line (its mb()).  If it takes them too early for
	 * this bit, it lowered the line before we raise it: the interrupt comes
	 * again.  If it lowers the line after we raised it, it sees the bit.
	 */
	atomic64_fetch_or(&hart->events, BIT(event));
	ipi_wake(hart);
}

void ipi_defer(unsigned int event)
{
	deferred_events |= BIT(event);
}

bool ipi_has_deferred(void)
{
	return deferred_events;
}

void ipi_send_deferred(void)
{
	if (!deferred_events)
		return;
	atomic64_fetch_or(&this_hart.events, deferred_events);
	deferred_events = 0;
	ipi_wake(&this_hart);
}

void ipi_clear(void)
{
	if (this_hart.msip)
		mmio_write32(0, this_hart.msip);
}

void ipi_handle_events(void)
{
	uint64_t events;

	/* Clear the line first: what comes after raises it again. */
	ipi_clear();
	mb();
	events = atomic64_xchg(&this_hart.events, 0);
	while (events) {
		unsigned int event = __builtin_ctzl(events);

		events &= events - 1;
		if (handlers[event])
			handlers[event]();
	}
}
