/* SPDX-License-Identifier: MIT */
/*
 * SBI 3.0, chapter 17: numbers of SSE, and what its cases share.
 */
#pragma once

#include "sbi_call.h"

enum sse_function {
	SSE_READ_ATTRS,
	SSE_WRITE_ATTRS,
	SSE_REGISTER,
	SSE_UNREGISTER,
	SSE_ENABLE,
	SSE_DISABLE,
	SSE_COMPLETE,
	SSE_INJECT,
	SSE_UNMASK,
	SSE_MASK,
};

enum sse_attribute {
	SSE_ATTR_STATUS,
	SSE_ATTR_PRIORITY,
	SSE_ATTR_CONFIG,
	SSE_ATTR_PREFERRED_HART,
	SSE_ATTR_ENTRY_PC,
	SSE_ATTR_ENTRY_ARG,
	SSE_ATTR_SEPC,
	SSE_ATTR_FLAGS,
	SSE_ATTR_A6,
	SSE_ATTR_A7,
};

enum sse_state { SSE_UNUSED, SSE_REGISTERED, SSE_ENABLED, SSE_RUNNING };

#define SSE_EVENT_LOCAL       0xffff0000ul
#define SSE_EVENT_GLOBAL      0xffff8000ul
#define SSE_STATUS_STATE      0x3
#define SSE_STATUS_PENDING    0x4
#define SSE_STATUS_MAY_INJECT 0x8

/*
 * What a handler works with, as a7 points to it: sse_entry.S stores the
 * interrupted sp in the first member and takes its stack from the second.
 */
struct sse_context {
	uint64_t saved_sp;
	uint64_t stack_top;
	void (*handle)(struct sse_context *context); /* or NULL */
	uint64_t event;
	volatile unsigned int count; /* deliveries */
	uint64_t hart_id;            /* a6 of the last one */
};

/* The entry point of all our handlers: sse_entry.S. */
void sse_entry(void);

static inline struct sbi_ret sse(enum sse_function function, uint64_t arg0,
				 uint64_t arg1, uint64_t arg2, uint64_t arg3,
				 uint64_t arg4)
{
	return sbi_call5(SBI_EXT_SSE, function, arg0, arg1, arg2, arg3, arg4);
}

/* Functions of an event alone, or of nothing. */
static inline struct sbi_ret sse1(enum sse_function function, uint64_t event)
{
	return sse(function, event, 0, 0, 0, 0);
}

static inline struct sbi_ret sse_register(uint64_t event,
					  struct sse_context *context)
{
	return sse(SSE_REGISTER, event, (uint64_t)sse_entry, (uint64_t)context,
		   0, 0);
}
