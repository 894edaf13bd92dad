// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 17: SSE, by its two events that software injects.  Delivery
 * and priorities are in sse_delivery.c.
 */
#include "sse.h"

#include <lib/csr.h>

#include "guest.h"
#include "hart.h"
#include "machine.h"

#define EVENT_RESERVED_LOCAL  0x00000002
#define EVENT_RESERVED_GLOBAL 0x00008001
#define ATTR_RESERVED         10

static uint64_t *const attributes = (uint64_t *)scratch;

static struct sbi_ret read_attributes(uint64_t event, uint64_t first,
				      uint64_t count)
{
	return sse(SSE_READ_ATTRS, event, first, count, (uint64_t)scratch, 0);
}

/* The spec puts attribute base + i at offset i: its table of both calls. */
static struct sbi_ret write_attribute(uint64_t event, uint64_t attribute,
				      uint64_t value)
{
	attributes[0] = value;
	return sse(SSE_WRITE_ATTRS, event, attribute, 1, (uint64_t)scratch, 0);
}

static uint64_t state_of(uint64_t event)
{
	read_attributes(event, SSE_ATTR_STATUS, 1);
	return attributes[0] & SSE_STATUS_STATE;
}

/* First of all cases that use the event. */
EXTENSION_CASE(SBI_EXT_SSE, sse_attributes_reset_to_0)
{
	uint64_t i;

	if (!expect_error("read",
			  read_attributes(SSE_EVENT_LOCAL, 0, ATTR_RESERVED),
			  SBI_SUCCESS))
		return;
	expect("status", SSE_STATUS_MAY_INJECT, attributes[SSE_ATTR_STATUS]);
	expect("preferred hart", this_hart()->id,
	       attributes[SSE_ATTR_PREFERRED_HART]);
	for (i = SSE_ATTR_PRIORITY; i < ATTR_RESERVED; i++)
		if (i != SSE_ATTR_PREFERRED_HART && attributes[i])
			fail("attribute %lu: expected 0, got %#lx", i,
			     attributes[i]);
}

static void walk_states(uint64_t event)
{
	expect("state at first", SSE_UNUSED, state_of(event));
	expect_error("register", sse_register(event, NULL), SBI_SUCCESS);
	expect("state", SSE_REGISTERED, state_of(event));
	expect_error("enable", sse1(SSE_ENABLE, event), SBI_SUCCESS);
	expect("state", SSE_ENABLED, state_of(event));
	expect_error("disable", sse1(SSE_DISABLE, event), SBI_SUCCESS);
	expect("state", SSE_REGISTERED, state_of(event));
	expect_error("unregister", sse1(SSE_UNREGISTER, event), SBI_SUCCESS);
	expect("state at last", SSE_UNUSED, state_of(event));
}

EXTENSION_CASE(SBI_EXT_SSE, sse_states_of_local_event)
{
	walk_states(SSE_EVENT_LOCAL);
}

EXTENSION_CASE(SBI_EXT_SSE, sse_states_of_global_event)
{
	walk_states(SSE_EVENT_GLOBAL);
}

EXTENSION_CASE(SBI_EXT_SSE, sse_wrong_state_is_invalid_state)
{
	uint64_t event = SSE_EVENT_LOCAL;

	expect_error("unregister, unused", sse1(SSE_UNREGISTER, event),
		     SBI_ERR_INVALID_STATE);
	expect_error("enable, unused", sse1(SSE_ENABLE, event),
		     SBI_ERR_INVALID_STATE);
	expect_error("disable, unused", sse1(SSE_DISABLE, event),
		     SBI_ERR_INVALID_STATE);
	sse_register(event, NULL);
	expect_error("register, registered", sse_register(event, NULL),
		     SBI_ERR_INVALID_STATE);
	expect_error("disable, registered", sse1(SSE_DISABLE, event),
		     SBI_ERR_INVALID_STATE);
	sse1(SSE_ENABLE, event);
	expect_error("enable, enabled", sse1(SSE_ENABLE, event),
		     SBI_ERR_INVALID_STATE);
	expect_error("unregister, enabled", sse1(SSE_UNREGISTER, event),
		     SBI_ERR_INVALID_STATE);
	sse1(SSE_DISABLE, event);
	sse1(SSE_UNREGISTER, event);
}

EXTENSION_CASE(SBI_EXT_SSE, sse_reserved_event_is_invalid)
{
	static const uint64_t events[] = { EVENT_RESERVED_LOCAL,
					   EVENT_RESERVED_GLOBAL, 0xffff0001 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(events); i++) {
		expect_error("register", sse_register(events[i], NULL),
			     SBI_ERR_INVALID_PARAM);
		expect_error("unregister", sse1(SSE_UNREGISTER, events[i]),
			     SBI_ERR_INVALID_PARAM);
		expect_error("enable", sse1(SSE_ENABLE, events[i]),
			     SBI_ERR_INVALID_PARAM);
		expect_error("disable", sse1(SSE_DISABLE, events[i]),
			     SBI_ERR_INVALID_PARAM);
		expect_error("inject", sse1(SSE_INJECT, events[i]),
			     SBI_ERR_INVALID_PARAM);
		expect_error("read", read_attributes(events[i], 0, 1),
			     SBI_ERR_INVALID_PARAM);
		expect_error("write", write_attribute(events[i], 1, 0),
			     SBI_ERR_INVALID_PARAM);
	}
}

EXTENSION_CASE(SBI_EXT_SSE, sse_odd_handler_is_invalid)
{
	expect_error("register",
		     sse(SSE_REGISTER, SSE_EVENT_LOCAL, (uint64_t)sse_entry + 1,
			 0, 0, 0),
		     SBI_ERR_INVALID_PARAM);
}

EXTENSION_CASE(SBI_EXT_SSE, sse_attributes_can_be_written)
{
	uint64_t event = SSE_EVENT_LOCAL;

	expect_error("priority", write_attribute(event, SSE_ATTR_PRIORITY, 7),
		     SBI_SUCCESS);
	expect_error("config", write_attribute(event, SSE_ATTR_CONFIG, 1),
		     SBI_SUCCESS);
	read_attributes(event, SSE_ATTR_PRIORITY, 2);
	expect("priority", 7, attributes[0]);
	expect("config", 1, attributes[1]);
	write_attribute(event, SSE_ATTR_PRIORITY, 0);
	write_attribute(event, SSE_ATTR_CONFIG, 0);
}

EXTENSION_CASE(SBI_EXT_SSE, sse_handler_stands_in_attributes)
{
	uint64_t event = SSE_EVENT_LOCAL;

	sse(SSE_REGISTER, event, (uint64_t)sse_entry, 0x1234, 0, 0);
	read_attributes(event, SSE_ATTR_ENTRY_PC, 2);
	expect("entry pc", (uint64_t)sse_entry, attributes[0]);
	expect("entry argument", 0x1234, attributes[1]);
	sse1(SSE_UNREGISTER, event);
}

EXTENSION_CASE(SBI_EXT_SSE, sse_attributes_refuse_writes)
{
	uint64_t event = SSE_EVENT_LOCAL;

	expect_error("status", write_attribute(event, SSE_ATTR_STATUS, 0),
		     SBI_ERR_DENIED);
	expect_error("entry pc", write_attribute(event, SSE_ATTR_ENTRY_PC, 0),
		     SBI_ERR_DENIED);
	expect_error("entry argument",
		     write_attribute(event, SSE_ATTR_ENTRY_ARG, 0),
		     SBI_ERR_DENIED);
	expect_error("preferred hart of a local event",
		     write_attribute(event, SSE_ATTR_PREFERRED_HART,
				     this_hart()->id),
		     SBI_ERR_DENIED);
	expect_error("reserved bit of config",
		     write_attribute(event, SSE_ATTR_CONFIG, 2),
		     SBI_ERR_INVALID_PARAM);
	expect_error("sepc, not running",
		     write_attribute(event, SSE_ATTR_SEPC, 0),
		     SBI_ERR_INVALID_STATE);
	sse_register(event, NULL);
	sse1(SSE_ENABLE, event);
	expect_error("priority, enabled",
		     write_attribute(event, SSE_ATTR_PRIORITY, 1),
		     SBI_ERR_INVALID_STATE);
	sse1(SSE_DISABLE, event);
	sse1(SSE_UNREGISTER, event);
}

EXTENSION_CASE(SBI_EXT_SSE, sse_preferred_hart_of_global_event)
{
	uint64_t event = SSE_EVENT_GLOBAL;

	expect_error("this hart",
		     write_attribute(event, SSE_ATTR_PREFERRED_HART,
				     this_hart()->id),
		     SBI_SUCCESS);
	expect_error("absent hart",
		     write_attribute(event, SSE_ATTR_PREFERRED_HART,
				     hart_absent_id()),
		     SBI_ERR_INVALID_PARAM);
}

EXTENSION_CASE(SBI_EXT_SSE, sse_bad_ranges_of_attributes)
{
	uint64_t event = SSE_EVENT_LOCAL;

	expect_error("no attributes", read_attributes(event, 0, 0),
		     SBI_ERR_INVALID_PARAM);
	expect_error("a reserved one", read_attributes(event, ATTR_RESERVED, 1),
		     SBI_ERR_BAD_RANGE);
	expect_error("up to a reserved one",
		     read_attributes(event, 0, ATTR_RESERVED + 1),
		     SBI_ERR_BAD_RANGE);
	expect_error("wrapping around", read_attributes(event, 1, 0xffffffff),
		     SBI_ERR_BAD_RANGE);
	expect_error("write of a reserved one",
		     write_attribute(event, ATTR_RESERVED, 0),
		     SBI_ERR_BAD_RANGE);
}

EXTENSION_CASE(SBI_EXT_SSE, sse_attributes_refuse_bad_memory)
{
	static const enum sse_function functions[] = { SSE_READ_ATTRS,
						       SSE_WRITE_ATTRS };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(functions); i++) {
		expect_error("in the firmware",
			     sse(functions[i], SSE_EVENT_LOCAL,
				 SSE_ATTR_PRIORITY, 1, machine_firmware(), 0),
			     SBI_ERR_INVALID_ADDRESS);
		expect_error("beyond all memory",
			     sse(functions[i], SSE_EVENT_LOCAL,
				 SSE_ATTR_PRIORITY, 1, ADDRESS_OF_NOTHING, 0),
			     SBI_ERR_INVALID_ADDRESS);
	}
}

EXTENSION_CASE(SBI_EXT_SSE, sse_mask_and_unmask)
{
	expect_error("mask, masked", sse1(SSE_MASK, 0),
		     SBI_ERR_ALREADY_STOPPED);
	expect_error("unmask", sse1(SSE_UNMASK, 0), SBI_SUCCESS);
	expect_error("unmask again", sse1(SSE_UNMASK, 0),
		     SBI_ERR_ALREADY_STARTED);
	expect_error("mask", sse1(SSE_MASK, 0), SBI_SUCCESS);
}

EXTENSION_CASE(SBI_EXT_SSE, sse_complete_of_nothing_is_success)
{
	expect_error("complete", sse1(SSE_COMPLETE, 0), SBI_SUCCESS);
}

EXTENSION_CASE(SBI_EXT_SSE, sse_inject_to_absent_hart_is_invalid)
{
	sse_register(SSE_EVENT_LOCAL, NULL);
	sse1(SSE_ENABLE, SSE_EVENT_LOCAL);
	expect_error(
		"inject",
		sse(SSE_INJECT, SSE_EVENT_LOCAL, hart_absent_id(), 0, 0, 0),
		SBI_ERR_INVALID_PARAM);
	sse1(SSE_DISABLE, SSE_EVENT_LOCAL);
	sse1(SSE_UNREGISTER, SSE_EVENT_LOCAL);
}
