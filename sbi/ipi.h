/* SPDX-License-Identifier: MIT */
/*
 * Messages between harts.
 *
 * A message is a bit in the receiver's events word and an M-mode software
 * interrupt.  What a bit means is its handler's affair; handlers run in the
 * order of the bits, with the word already cleared.
 */
#pragma once

#include <lib/types.h>

#include "hart.h"

#define HART_EVENT_SOFT  0 /* S-mode's own: raise SSIP */
#define HART_EVENT_FENCE 1 /* somebody wants a fence: fence.c */
#define HART_EVENT_WAKE  2 /* look at your state: hsm.c */
#define HART_EVENT_HALT  3 /* stop for good: the machine goes down */
#define HART_EVENT_SSE   4 /* a software event was injected: ext/sse.c */
#define NR_HART_EVENTS   5

/* Send event to another hart.  Also orders what was written before it. */
void ipi_send(struct hart *hart, unsigned int event);

/* Serve the events of this hart.  Context: M-mode, on traps and in waits. */
void ipi_handle_events(void);

/*
 * Serve that event later: a handler asks for it when it can't act now, and
 * hsm.c takes it up when S-mode goes on.
 */
void ipi_defer(unsigned int event);
bool ipi_has_deferred(void);
void ipi_send_deferred(void);

/* Raise just the interrupt line of a hart that waits in boot.S or hsm.c. */
void ipi_wake(struct hart *hart);

/* Take back the interrupt line of this hart. */
void ipi_clear(void);

/* What event calls; only ext/sse.c registers at run time.  Boot hart. */
void ipi_set_handler(unsigned int event, void (*handle)(void));
