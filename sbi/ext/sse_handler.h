/* SPDX-License-Identifier: MIT */
/*
 * A software event, and the way into its handler and out of it.
 */
#pragma once

#include <lib/types.h>

#include <hart.h>

enum sse_state {
	STATE_UNUSED,
	STATE_REGISTERED,
	STATE_ENABLED,
	STATE_RUNNING,
};

enum sse_attr {
	ATTR_STATUS,
	ATTR_PRIORITY,
	ATTR_CONFIG,
	ATTR_PREFERRED_HART,
	ATTR_ENTRY_PC,
	ATTR_ENTRY_ARG,
	ATTR_SEPC,
	ATTR_FLAGS,
	ATTR_A6,
	ATTR_A7,
	NR_ATTRS,
};

#define SSE_FLAGS_ALL 0xful /* of ATTR_FLAGS */

/* Local: [o].  Global: sse_lock. */
struct sse_event {
	enum sse_state state;
	bool is_pending;
	struct hart *runs_on;    /* while STATE_RUNNING */
	uint64_t attr[NR_ATTRS]; /* but for ATTR_STATUS */
};

/*
 * Let S-mode go on in the event's handler when we leave M-mode, and remember
 * in the event what it was doing.  Context: a trap from a lower mode, with the
 * event's lock.
 */
void sse_enter_handler(struct sse_event *event);

/* Let it go on with what it was doing.  Context: the same. */
void sse_leave_handler(const struct sse_event *event);
