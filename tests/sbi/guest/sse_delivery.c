// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 17: events of SSE arrive, preempt one another by priority,
 * and give back what they interrupted.
 */
#include <stddef.h>

#include <lib/csr.h>

#include "guest.h"
#include "hart.h"
#include "machine.h"
#include "sse.h"

#define EVENT_STACK 4096

static_assert(offsetof(struct sse_context, saved_sp) == 0, "sse_entry.S");
static_assert(offsetof(struct sse_context, stack_top) == 8, "sse_entry.S");

static uint8_t stacks[2][EVENT_STACK] __aligned(16);

/* Events in the order in which their handlers began and ended. */
static uint64_t began[4];
static unsigned int nr_began;

void sse_handle(struct sse_context *context, uint64_t hart_id);

void sse_handle(struct sse_context *context, uint64_t hart_id)
{
	if (nr_began < ARRAY_SIZE(began))
		began[nr_began++] = context->event;
	context->hart_id = hart_id;
	context->count++;
	if (context->handle)
		context->handle(context);
}

static struct sse_context local = {
	.stack_top = (uint64_t)stacks[0] + EVENT_STACK,
	.event = SSE_EVENT_LOCAL,
};
static struct sse_context global = {
	.stack_top = (uint64_t)stacks[1] + EVENT_STACK,
	.event = SSE_EVENT_GLOBAL,
};

static void set_attribute(uint64_t event, enum sse_attribute attribute,
			  uint64_t value)
{
	*(uint64_t *)scratch = value;
	expect_error(
		"write_attrs",
		sse(SSE_WRITE_ATTRS, event, attribute, 1, (uint64_t)scratch, 0),
		SBI_SUCCESS);
}

static uint64_t status_of(uint64_t event)
{
	sse(SSE_READ_ATTRS, event, SSE_ATTR_STATUS, 1, (uint64_t)scratch, 0);
	return *(uint64_t *)scratch;
}

static bool event_on(struct sse_context *context, uint64_t priority,
		     void (*handle)(struct sse_context *context))
{
	context->handle = handle;
	context->count = 0;
	nr_began = 0;
	set_attribute(context->event, SSE_ATTR_PRIORITY, priority);
	return expect_error("register", sse_register(context->event, context),
			    SBI_SUCCESS) &&
	       expect_error("enable", sse1(SSE_ENABLE, context->event),
			    SBI_SUCCESS);
}

static void event_off(struct sse_context *context)
{
	sse1(SSE_DISABLE, context->event);
	sse1(SSE_UNREGISTER, context->event);
	set_attribute(context->event, SSE_ATTR_PRIORITY, 0);
}

static struct sbi_ret inject(const struct sse_context *context)
{
	return sse(SSE_INJECT, context->event, this_hart()->id, 0, 0, 0);
}

static void check_delivery(struct sse_context *context)
{
	uint64_t sepc;

	if (!event_on(context, 0, NULL))
		return;
	csr_write(CSR_SEPC, 0x1234);
	sse1(SSE_UNMASK, 0);
	expect_error("inject", inject(context), SBI_SUCCESS);
	expect_true("the event comes", wait_for(&context->count, 1));
	sse1(SSE_MASK, 0);
	sepc = csr_read(CSR_SEPC);
	expect("deliveries", 1, context->count);
	expect("a6", this_hart()->id, context->hart_id);
	expect("sepc afterwards", 0x1234, sepc);
	expect("state afterwards", SSE_ENABLED,
	       status_of(context->event) & SSE_STATUS_STATE);
	event_off(context);
}

EXTENSION_CASE(SBI_EXT_SSE, sse_local_event_is_delivered)
{
	check_delivery(&local);
}

EXTENSION_CASE(SBI_EXT_SSE, sse_global_event_is_delivered)
{
	check_delivery(&global);
}

static uint64_t status_in_handler;

static void note_status(struct sse_context *context)
{
	(void)context;
	status_in_handler = csr_read(CSR_SSTATUS);
}

/* The handler runs with them off, and what it interrupted goes on as it was. */
EXTENSION_CASE(SBI_EXT_SSE, sse_handler_runs_with_interrupts_off)
{
	uint64_t after;

	if (!event_on(&local, 0, note_status))
		return;
	csr_set(CSR_SSTATUS, SSTATUS_SIE);
	sse1(SSE_UNMASK, 0);
	expect_error("inject", inject(&local), SBI_SUCCESS);
	after = csr_read_clear(CSR_SSTATUS, SSTATUS_SIE);
	expect("deliveries", 1, local.count);
	expect("SIE in the handler", 0, status_in_handler & SSTATUS_SIE);
	expect("SPIE in the handler", SSTATUS_SPIE,
	       status_in_handler & SSTATUS_SPIE);
	expect("SPP in the handler", SSTATUS_SPP,
	       status_in_handler & SSTATUS_SPP);
	expect("SIE afterwards", SSTATUS_SIE, after & SSTATUS_SIE);
	sse1(SSE_MASK, 0);
	event_off(&local);
}

/* Interrupts of S-mode being off does not hold it back. */
EXTENSION_CASE(SBI_EXT_SSE, sse_keeps_interrupted_status)
{
	uint64_t before;

	if (!event_on(&local, 0, NULL))
		return;
	sse1(SSE_UNMASK, 0);
	csr_clear(CSR_SSTATUS, SSTATUS_SIE | SSTATUS_SPIE);
	csr_set(CSR_SSTATUS, SSTATUS_SPP);
	before = csr_read(CSR_SSTATUS);
	inject(&local);
	expect("sstatus", before, csr_read(CSR_SSTATUS));
	csr_clear(CSR_SSTATUS, SSTATUS_SPP);
	csr_set(CSR_SSTATUS, SSTATUS_SPIE);
	before = csr_read(CSR_SSTATUS);
	inject(&local);
	expect("sstatus", before, csr_read(CSR_SSTATUS));
	expect("deliveries", 2, local.count);
	sse1(SSE_MASK, 0);
	event_off(&local);
}

EXTENSION_CASE(SBI_EXT_SSE, sse_masked_event_pends)
{
	if (!event_on(&local, 0, NULL))
		return;
	expect_error("inject", inject(&local), SBI_SUCCESS);
	expect("deliveries while masked", 0, local.count);
	expect("status", SSE_STATUS_PENDING,
	       status_of(SSE_EVENT_LOCAL) & SSE_STATUS_PENDING);
	sse1(SSE_UNMASK, 0);
	expect_true("it comes when unmasked", wait_for(&local.count, 1));
	expect("status", 0, status_of(SSE_EVENT_LOCAL) & SSE_STATUS_PENDING);
	sse1(SSE_MASK, 0);
	event_off(&local);
}

EXTENSION_CASE(SBI_EXT_SSE, sse_one_shot_event_is_disabled_by_completion)
{
	set_attribute(SSE_EVENT_LOCAL, SSE_ATTR_CONFIG, 1);
	if (!event_on(&local, 0, NULL))
		return;
	sse1(SSE_UNMASK, 0);
	inject(&local);
	expect("deliveries", 1, local.count);
	expect("state", SSE_REGISTERED,
	       status_of(SSE_EVENT_LOCAL) & SSE_STATUS_STATE);
	sse1(SSE_MASK, 0);
	sse1(SSE_UNREGISTER, SSE_EVENT_LOCAL);
	set_attribute(SSE_EVENT_LOCAL, SSE_ATTR_CONFIG, 0);
}

static void inject_other(struct sse_context *context)
{
	inject(context == &local ? &global : &local);
	if (nr_began < ARRAY_SIZE(began))
		began[nr_began++] = 0; /* the handler that injected ends */
}

static void check_order(uint64_t local_priority, uint64_t global_priority,
			const uint64_t order[3])
{
	unsigned int i;

	if (!event_on(&global, global_priority, NULL) ||
	    !event_on(&local, local_priority, inject_other))
		return;
	sse1(SSE_UNMASK, 0);
	inject(&local);
	expect_true("both come", wait_for(&global.count, 1));
	sse1(SSE_MASK, 0);
	expect("steps", 3, nr_began);
	for (i = 0; i < 3; i++)
		expect("step", order[i], began[i]);
	event_off(&local);
	event_off(&global);
}

EXTENSION_CASE(SBI_EXT_SSE, sse_higher_priority_preempts)
{
	static const uint64_t order[] = { SSE_EVENT_LOCAL, SSE_EVENT_GLOBAL,
					  0 };

	check_order(10, 5, order);
}

EXTENSION_CASE(SBI_EXT_SSE, sse_lower_priority_waits)
{
	static const uint64_t order[] = { SSE_EVENT_LOCAL, 0,
					  SSE_EVENT_GLOBAL };

	check_order(5, 10, order);
}

/* With equal priorities the smaller id comes first. */
EXTENSION_CASE(SBI_EXT_SSE, sse_equal_priority_goes_by_id)
{
	static const uint64_t order[] = { SSE_EVENT_LOCAL, 0,
					  SSE_EVENT_GLOBAL };

	check_order(5, 5, order);
}

static volatile unsigned int ready;

static void await_local(void *arg)
{
	(void)arg;
	event_on(&local, 0, NULL);
	sse1(SSE_UNMASK, 0);
	__atomic_store_n(&ready, 1, __ATOMIC_RELEASE);
	wait_for(&local.count, 1);
	sse1(SSE_MASK, 0);
	event_off(&local);
}

EXTENSION_CASE(SBI_EXT_SSE, sse_local_event_of_another_hart)
{
	struct hart *hart = &harts[1];

	if (hart_count < 2)
		return skip("one hart");
	ready = 0;
	if (!hart_start(hart, await_local, NULL) ||
	    !expect_true("the hart is ready", wait_for(&ready, 1)))
		return;
	expect_error("inject",
		     sse(SSE_INJECT, SSE_EVENT_LOCAL, hart->id, 0, 0, 0),
		     SBI_SUCCESS);
	if (!hart_wait_stopped(hart))
		return;
	expect("deliveries", 1, local.count);
	expect("a6", hart->id, local.hart_id);
}
