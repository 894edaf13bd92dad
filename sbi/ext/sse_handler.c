// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 17: "Software Event Injection" and "Software Event
 * Completion".  What S-mode is resumed with is in mepc, mstatus and the frame.
 */
#include "sse_handler.h"

#include <lib/csr.h>

#define FLAG_SPP  BIT(0)
#define FLAG_SPIE BIT(1)
#define FLAG_SPV  BIT(2)
#define FLAG_SPVP BIT(3)

/* hstatus as after a trap out of that mstatus; returns what it was, as flags. */
static uint64_t stack_virtualization(uint64_t mstatus)
{
	uint64_t hstatus = csr_read(CSR_HSTATUS), flags = 0;

	flags |= hstatus & HSTATUS_SPV ? FLAG_SPV : 0;
	flags |= hstatus & HSTATUS_SPVP ? FLAG_SPVP : 0;
	hstatus &= ~HSTATUS_SPV;
	if (mstatus & MSTATUS_MPV) {
		hstatus &= ~HSTATUS_SPVP;
		hstatus |= HSTATUS_SPV;
		hstatus |= mstatus & MSTATUS_MPP_S ? HSTATUS_SPVP : 0;
	}
	csr_write(CSR_HSTATUS, hstatus);
	return flags;
}

/* Version 1.9.1's mret puts MPIE into SIE: let it be what SIE is. */
static uint64_t stack_enable(uint64_t mstatus)
{
	mstatus &= ~MSTATUS_MPIE;
	return mstatus & MSTATUS_SIE ? mstatus | MSTATUS_MPIE : mstatus;
}

/* "Software Event Injection": the interrupted state, and into the handler. */
void sse_enter_handler(struct sse_event *event)
{
	struct trap_frame *frame = &this_hart.frame;
	uint64_t mstatus = csr_read(CSR_MSTATUS), flags = 0;
	bool from_s = mstatus & MSTATUS_MPP_S;

	event->state = STATE_RUNNING;
	event->is_pending = false;
	event->runs_on = &this_hart;

	flags |= mstatus & MSTATUS_SPP ? FLAG_SPP : 0;
	flags |= mstatus & MSTATUS_SPIE ? FLAG_SPIE : 0;
	if (hart_has(HART_HAS_H))
		flags |= stack_virtualization(mstatus);
	event->attr[ATTR_FLAGS] = flags;
	event->attr[ATTR_SEPC] = csr_read(CSR_SEPC);
	event->attr[ATTR_A6] = frame->x[16];
	event->attr[ATTR_A7] = frame->x[17];

	frame->x[16] = this_hart.id;
	frame->x[17] = event->attr[ATTR_ENTRY_ARG];
	csr_write(CSR_SEPC, csr_read(CSR_MEPC));
	csr_write(CSR_MEPC, event->attr[ATTR_ENTRY_PC]);

	mstatus &= ~(MSTATUS_SPP | MSTATUS_SPIE | MSTATUS_MPV);
	mstatus |= from_s ? MSTATUS_SPP : 0;
	mstatus |= mstatus & MSTATUS_SIE ? MSTATUS_SPIE : 0;
	mstatus &= ~MSTATUS_SIE;
	csr_write(CSR_MSTATUS, stack_enable(mstatus | MSTATUS_MPP_S));
}

/* "Software Event Completion": back to the interrupted state. */
void sse_leave_handler(const struct sse_event *event)
{
	struct trap_frame *frame = &this_hart.frame;
	uint64_t flags = event->attr[ATTR_FLAGS];
	uint64_t mstatus = csr_read(CSR_MSTATUS), hstatus;

	csr_write(CSR_MEPC, csr_read(CSR_SEPC));
	csr_write(CSR_SEPC, event->attr[ATTR_SEPC]);
	frame->x[16] = event->attr[ATTR_A6];
	frame->x[17] = event->attr[ATTR_A7];

	mstatus &= ~(MSTATUS_MPP | MSTATUS_MPV);
	mstatus |= mstatus & MSTATUS_SPP ? MSTATUS_MPP_S : 0;
	if (hart_has(HART_HAS_H)) {
		hstatus = csr_read(CSR_HSTATUS);
		mstatus |= hstatus & HSTATUS_SPV ? MSTATUS_MPV : 0;
		hstatus &= ~(HSTATUS_SPV | HSTATUS_SPVP);
		hstatus |= flags & FLAG_SPV ? HSTATUS_SPV : 0;
		hstatus |= flags & FLAG_SPVP ? HSTATUS_SPVP : 0;
		csr_write(CSR_HSTATUS, hstatus);
	}
	mstatus &= ~MSTATUS_SIE;
	mstatus |= mstatus & MSTATUS_SPIE ? MSTATUS_SIE : 0;
	mstatus &= ~(MSTATUS_SPIE | MSTATUS_SPP);
	mstatus |= flags & FLAG_SPIE ? MSTATUS_SPIE : 0;
	mstatus |= flags & FLAG_SPP ? MSTATUS_SPP : 0;
	csr_write(CSR_MSTATUS, stack_enable(mstatus));
}
