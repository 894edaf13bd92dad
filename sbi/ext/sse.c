// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 17: supervisor software events.
 *
 * Two events have a source on our machines: the software-injected ones, local
 * (each hart its own) and global (one, under sse_lock, which also covers the
 * preferred hart's choice).  Delivery rewrites the state that S-mode will be
 * resumed with: mepc, mstatus and the frame.  It happens where an event may
 * have become ready: in a call of ours, or in HART_EVENT_SSE from another hart.
 *
 * sse_handler.c has the way into a handler and out of it.
 *
 * Attributes are read and written at i * 8 in the shared memory for the ith of
 * the range, as its stated size demands and as Linux does.
 */
#include "extensions.h"

#include "sse_handler.h"

#include <hart.h>
#include <ipi.h>
#include <lock.h>
#include <memory.h>

enum {
	SSE_READ_ATTRS,
	SSE_WRITE_ATTRS,
	SSE_REGISTER,
	SSE_UNREGISTER,
	SSE_ENABLE,
	SSE_DISABLE,
	SSE_COMPLETE,
	SSE_INJECT,
	SSE_HART_UNMASK,
	SSE_HART_MASK,
};

#define STATUS_PENDING    BIT(2)
#define STATUS_INJECTABLE BIT(3)
#define CONFIG_ONESHOT    BIT(0)

#define EVENT_LOCAL_SOFTWARE  0xffff0000u
#define EVENT_GLOBAL_SOFTWARE 0xffff8000u

/* Events that exist but have no source here. */
static const uint32_t sourceless_events[] = {
	0x00000000, 0x00000001, 0x00008000, 0x00010000, 0x00100000, 0x00108000,
};

static struct spinlock sse_lock;
static struct sse_event global_event;
static _Thread_local struct sse_event local_event;
static _Thread_local bool is_unmasked; /* written by its hart, read by all */

static bool is_global(const struct sse_event *event)
{
	return event == &global_event;
}

/* Lower goes first: priority, then id, of which the local one's is lower. */
static bool comes_before(const struct sse_event *a, const struct sse_event *b)
{
	if (a->attr[ATTR_PRIORITY] != b->attr[ATTR_PRIORITY])
		return a->attr[ATTR_PRIORITY] < b->attr[ATTR_PRIORITY];
	return !is_global(a) && is_global(b);
}

static bool is_running_here(const struct sse_event *event)
{
	return event->state == STATE_RUNNING && event->runs_on == &this_hart;
}

static bool can_run_here(const struct sse_event *event,
			 const struct sse_event *other)
{
	return is_unmasked && event->is_pending &&
	       event->state == STATE_ENABLED &&
	       (!is_running_here(other) || comes_before(event, other));
}

/* Enter the handler of what is ready.  Context: a trap; sse_lock held. */
static void deliver_locked(void)
{
	bool local = can_run_here(&local_event, &global_event);
	bool global = can_run_here(&global_event, &local_event);

	/* The lower of two first, so that the other interrupts it at once. */
	if (local && global) {
		bool local_first = comes_before(&local_event, &global_event);

		sse_enter_handler(local_first ? &local_event : &global_event);
	} else if (local) {
		sse_enter_handler(&local_event);
	} else if (global) {
		sse_enter_handler(&global_event);
	}
}

/* HART_EVENT_SSE: another hart injected something. */
static void sse_handle_event(void)
{
	/* In a suspended hart the state to resume with is not known yet. */
	if (atomic_load(&this_hart.state) != SBI_HSM_STARTED) {
		ipi_defer(HART_EVENT_SSE);
		return;
	}
	spin_lock(&sse_lock);
	deliver_locked();
	spin_unlock(&sse_lock);
}

/* The event, or NULL with *error set. */
static struct sse_event *find_event(uint32_t id, long *error)
{
	size_t i;

	if (id == EVENT_LOCAL_SOFTWARE)
		return &local_event;
	if (id == EVENT_GLOBAL_SOFTWARE)
		return &global_event;
	*error = SBI_ERR_INVALID_PARAM;
	for (i = 0; i < ARRAY_SIZE(sourceless_events); i++) {
		if (id == sourceless_events[i])
			*error = SBI_ERR_NOT_SUPPORTED;
	}
	return NULL;
}

static uint64_t attr_read(const struct sse_event *event, uint32_t attr)
{
	if (attr == ATTR_STATUS)
		return event->state | STATUS_INJECTABLE |
		       (event->is_pending ? STATUS_PENDING : 0);
	if (attr == ATTR_PREFERRED_HART && !is_global(event))
		return this_hart.id;
	return event->attr[attr];
}

static bool value_is_legal(uint32_t attr, uint64_t value)
{
	switch (attr) {
	case ATTR_PRIORITY:
		return value <= UINT32_MAX;
	case ATTR_CONFIG:
		return !(value & ~CONFIG_ONESHOT);
	case ATTR_PREFERRED_HART:
		return hart_find(value);
	case ATTR_FLAGS:
		return !(value & ~SSE_FLAGS_ALL);
	default:
		return true;
	}
}

/* May that value be written to that attribute now? */
static long attr_check_write(const struct sse_event *event, uint32_t attr,
			     uint64_t value)
{
	bool is_early = event->state == STATE_UNUSED ||
			event->state == STATE_REGISTERED;

	switch (attr) {
	case ATTR_PREFERRED_HART:
		if (!is_global(event))
			return SBI_ERR_DENIED;
		/* fall through */
	case ATTR_PRIORITY:
	case ATTR_CONFIG:
		if (!is_early)
			return SBI_ERR_INVALID_STATE;
		break;
	case ATTR_SEPC:
	case ATTR_FLAGS:
	case ATTR_A6:
	case ATTR_A7:
		if (!is_running_here(event))
			return SBI_ERR_INVALID_STATE;
		break;
	default:
		return SBI_ERR_DENIED;
	}
	return value_is_legal(attr, value) ? SBI_SUCCESS
					   : SBI_ERR_INVALID_PARAM;
}

static long attrs_write(struct sse_event *event, uint32_t base,
			const uint64_t *values, uint32_t count)
{
	uint64_t copy[NR_ATTRS];
	uint32_t i;
	long error;

	/* S-mode could change them between check and use. */
	for (i = 0; i < count; i++)
		copy[i] = values[i];
	for (i = 0; i < count; i++) {
		error = attr_check_write(event, base + i, copy[i]);
		if (error)
			return error;
	}
	for (i = 0; i < count; i++)
		event->attr[base + i] = copy[i];
	return SBI_SUCCESS;
}

static long attrs_access(struct sse_event *event, const uint64_t *arg,
			 bool is_write)
{
	uint32_t base = arg[1], count = arg[2], i;
	uint64_t *values = (uint64_t *)arg[3];

	if (!count || !IS_ALIGNED(arg[3], 8))
		return SBI_ERR_INVALID_PARAM;
	if (base >= NR_ATTRS || count > NR_ATTRS - base)
		return SBI_ERR_BAD_RANGE;
	if (arg[4] || !memory_is_shareable(arg[3], 8ul * count))
		return SBI_ERR_INVALID_ADDRESS;
	if (is_write)
		return attrs_write(event, base, values, count);
	for (i = 0; i < count; i++)
		values[i] = attr_read(event, base + i);
	return SBI_SUCCESS;
}

static long event_register(struct sse_event *event, uint64_t pc, uint64_t data)
{
	if (!IS_ALIGNED(pc, 2))
		return SBI_ERR_INVALID_PARAM;
	if (event->state != STATE_UNUSED)
		return SBI_ERR_INVALID_STATE;
	event->attr[ATTR_ENTRY_PC] = pc;
	event->attr[ATTR_ENTRY_ARG] = data;
	event->state = STATE_REGISTERED;
	return SBI_SUCCESS;
}

static long event_move(struct sse_event *event, enum sse_state from,
		       enum sse_state to)
{
	if (event->state != from)
		return SBI_ERR_INVALID_STATE;
	event->state = to;
	return SBI_SUCCESS;
}

/* Some hart that would take the global event now, or NULL. */
static struct hart *find_ready_hart(void)
{
	struct hart *preferred =
		hart_find(global_event.attr[ATTR_PREFERRED_HART]);
	struct hart *hart;

	if (preferred && *hart_var(preferred, is_unmasked))
		return preferred;
	if (is_unmasked)
		return &this_hart;
	hart_for_each (hart) {
		if (*hart_var(hart, is_unmasked))
			return hart;
	}
	return NULL;
}

static long event_inject(struct sse_event *event, uint64_t hart_id)
{
	struct hart *hart;

	if (is_global(event)) {
		event->is_pending = true;
		hart = find_ready_hart();
	} else {
		hart = hart_find(hart_id);
		if (!hart)
			return SBI_ERR_INVALID_PARAM;
		/* A byte that is only set here and only cleared there. */
		hart_var(hart, local_event)->is_pending = true;
	}
	if (hart && hart != &this_hart)
		ipi_send(hart, HART_EVENT_SSE);
	return SBI_SUCCESS;
}

static struct sbi_ret complete(const uint64_t *arg)
{
	struct sse_event *event = &local_event;

	if (is_running_here(&global_event) &&
	    (!is_running_here(event) || comes_before(&global_event, event)))
		event = &global_event;
	if (!is_running_here(event))
		return sbi_value(0);

	event->state = event->attr[ATTR_CONFIG] & CONFIG_ONESHOT
			       ? STATE_REGISTERED
			       : STATE_ENABLED;
	event->runs_on = NULL;
	sse_leave_handler(event);
	/* The interrupted code gets its a0 and a1, as the handler left them. */
	return (struct sbi_ret){ .error = arg[0], .value = arg[1] };
}

static long hart_set_unmasked(bool unmasked)
{
	if (is_unmasked == unmasked)
		return unmasked ? SBI_ERR_ALREADY_STARTED
				: SBI_ERR_ALREADY_STOPPED;
	is_unmasked = unmasked;
	return SBI_SUCCESS;
}

static long call_on_event(const uint64_t *arg, uint64_t function)
{
	long error = SBI_SUCCESS;
	struct sse_event *event = find_event(arg[0], &error);

	if (!event)
		return error;
	switch (function) {
	case SSE_READ_ATTRS:
	case SSE_WRITE_ATTRS:
		return attrs_access(event, arg, function == SSE_WRITE_ATTRS);
	case SSE_REGISTER:
		return event_register(event, arg[1], arg[2]);
	case SSE_UNREGISTER:
		return event_move(event, STATE_REGISTERED, STATE_UNUSED);
	case SSE_ENABLE:
		return event_move(event, STATE_REGISTERED, STATE_ENABLED);
	case SSE_DISABLE:
		return event_move(event, STATE_ENABLED, STATE_REGISTERED);
	default:
		return event_inject(event, arg[1]);
	}
}

static struct sbi_ret call_locked(const uint64_t *arg, uint64_t function)
{
	switch (function) {
	case SSE_COMPLETE:
		return complete(arg);
	case SSE_HART_UNMASK:
	case SSE_HART_MASK:
		return sbi_error(
			hart_set_unmasked(function == SSE_HART_UNMASK));
	default:
		return sbi_error(call_on_event(arg, function));
	}
}

static struct sbi_ret sse_call(const uint64_t *arg, uint64_t function)
{
	struct sbi_ret ret;

	if (function > SSE_HART_MASK)
		return sbi_error(SBI_ERR_NOT_SUPPORTED);
	spin_lock(&sse_lock);
	ret = call_locked(arg, function);
	deliver_locked();
	spin_unlock(&sse_lock);
	return ret;
}

static bool sse_probe(void)
{
	ipi_set_handler(HART_EVENT_SSE, sse_handle_event);
	global_event.attr[ATTR_PREFERRED_HART] = this_hart.id;
	return true;
}

static void sse_init_hart(void)
{
	spin_lock(&sse_lock);
	local_event = (struct sse_event){ 0 };
	is_unmasked = false;
	/* A handler that stopped its hart will not complete. */
	if (is_running_here(&global_event)) {
		global_event.state = STATE_REGISTERED;
		global_event.runs_on = NULL;
	}
	spin_unlock(&sse_lock);
}

const struct sbi_extension sse_extension = {
	.probe = sse_probe,
	.init_hart = sse_init_hart,
	.call = sse_call,
};
