// SPDX-License-Identifier: MIT
/*
 * Fences on other harts; see fence.h.
 *
 * Without locks: each hart keeps one request of its own (a caller waits, so it
 * has no second) and a bit for each hart that wants something from it.  To
 * ask, write the request, count the receiver as pending and set our bit with
 * it; it fences and counts itself down.  Who waits goes on serving others, so
 * that two who ask one another both get there.
 */
#include "fence.h"

#include <lib/barrier.h>
#include <lib/csr.h>

#include "ipi.h"
#include "pmu_events.h"

#define PAGE_SIZE 4096

/* Beyond so many pages one fence for all is cheaper. */
#define MAX_PAGES 16

#define SENDER_WORDS 2 /* 128 harts */

static _Thread_local struct fence_request own_request; /* [o] while pending */
static _Thread_local atomic_t nr_pending;              /* [a] receivers left */
static _Thread_local atomic64_t senders[SENDER_WORDS]; /* [a] by index */

/* What fence_handle() counts, by type. */
static const enum pmu_event received_events[NR_FENCE_TYPES] = {
	[FENCE_I] = PMU_FW_FENCE_I_RECEIVED,
	[FENCE_VMA] = PMU_FW_SFENCE_VMA_RECEIVED,
	[FENCE_VMA_ASID] = PMU_FW_SFENCE_VMA_ASID_RECEIVED,
	[FENCE_GVMA_VMID] = PMU_FW_HFENCE_GVMA_VMID_RECEIVED,
	[FENCE_GVMA] = PMU_FW_HFENCE_GVMA_RECEIVED,
	[FENCE_VVMA_ASID] = PMU_FW_HFENCE_VVMA_ASID_RECEIVED,
	[FENCE_VVMA] = PMU_FW_HFENCE_VVMA_RECEIVED,
};

static void hfence_gvma(uint64_t addr, uint64_t vmid, bool has_vmid, bool all)
{
	uint64_t page = addr >> 2;

	if (all && has_vmid)
		__asm__ volatile(".insn r 0x73, 0, 0x31, x0, x0, %0" ::"r"(vmid)
				 : "memory");
	else if (all)
		__asm__ volatile(".insn r 0x73, 0, 0x31, x0, x0, x0" ::
					 : "memory");
	else if (has_vmid)
		__asm__ volatile(
			".insn r 0x73, 0, 0x31, x0, %0, %1" ::"r"(page),
			"r"(vmid)
			: "memory");
	else
		__asm__ volatile(".insn r 0x73, 0, 0x31, x0, %0, x0" ::"r"(page)
				 : "memory");
}

static void hfence_vvma(uint64_t addr, uint64_t asid, bool has_asid, bool all)
{
	if (all && has_asid)
		__asm__ volatile(".insn r 0x73, 0, 0x11, x0, x0, %0" ::"r"(asid)
				 : "memory");
	else if (all)
		__asm__ volatile(".insn r 0x73, 0, 0x11, x0, x0, x0" ::
					 : "memory");
	else if (has_asid)
		__asm__ volatile(
			".insn r 0x73, 0, 0x11, x0, %0, %1" ::"r"(addr),
			"r"(asid)
			: "memory");
	else
		__asm__ volatile(".insn r 0x73, 0, 0x11, x0, %0, x0" ::"r"(addr)
				 : "memory");
}

static void sfence(uint64_t addr, uint64_t asid, bool has_asid, bool all)
{
	if (all && has_asid)
		sfence_vma_asid(asid);
	else if (all)
		sfence_vma_all();
	else if (has_asid)
		sfence_vma_page_asid(addr, asid);
	else
		sfence_vma_page(addr);
}

static void fence_page(const struct fence_request *request, uint64_t addr,
		       bool all)
{
	switch (request->type) {
	case FENCE_VMA:
		sfence(addr, 0, false, all);
		break;
	case FENCE_VMA_ASID:
		sfence(addr, request->id, true, all);
		break;
	case FENCE_GVMA:
		hfence_gvma(addr, 0, false, all);
		break;
	case FENCE_GVMA_VMID:
		hfence_gvma(addr, request->id, true, all);
		break;
	case FENCE_VVMA:
		hfence_vvma(addr, 0, false, all);
		break;
	default:
		hfence_vvma(addr, request->id, true, all);
		break;
	}
}

static void fence_range(const struct fence_request *request)
{
	uint64_t start = ALIGN_DOWN(request->start, PAGE_SIZE);
	uint64_t size = request->size;
	uint64_t span, offset;

	/* Version 1.9.1 drops all, whatever is asked. */
	if (hart_has(HART_IS_PRIV19)) {
		mb();
		sfence_vm();
		return;
	}
	/* Size 0 with an address means nothing to some and all to others. */
	if (size == 0 || size > MAX_PAGES * PAGE_SIZE) {
		fence_page(request, 0, true);
		return;
	}
	span = request->start - start + size;
	for (offset = 0; offset < span; offset += PAGE_SIZE)
		fence_page(request, start + offset, false);
}

void fence_local(const struct fence_request *request)
{
	uint64_t hgatp;

	switch (request->type) {
	case FENCE_I:
		fence_i();
		break;
	case FENCE_VVMA:
	case FENCE_VVMA_ASID:
		/* The instruction takes the VMID from hgatp. */
		hgatp = csr_swap(CSR_HGATP, request->hgatp);
		fence_range(request);
		csr_write(CSR_HGATP, hgatp);
		break;
	default:
		fence_range(request);
	}
}

void fence_begin(struct hart *hart, const struct fence_request *request)
{
	atomic64_t *bits = *hart_var(hart, senders);
	unsigned int index = this_hart.index;

	own_request = *request;
	atomic_add(&nr_pending, 1);
	/* Fully ordered: pairs with the exchange in fence_handle(). */
	atomic64_fetch_or(&bits[index / 64], BIT(index % 64));
	ipi_send(hart, HART_EVENT_FENCE);
}

void fence_wait(void)
{
	/* Acquire: the fences come before whatever the caller does next. */
	while (atomic_load_acquire(&nr_pending)) {
		if (csr_read(CSR_MIP) & MIP_MSIP)
			ipi_handle_events();
		cpu_relax();
	}
}

static void serve_senders(uint64_t bits, unsigned int first_index)
{
	struct hart *hart;

	hart_for_each (hart) {
		unsigned int nth = hart->index - first_index;

		if (nth >= 64 || !(bits & BIT(nth)))
			continue;
		fence_local(hart_var(hart, own_request));
		pmu_count(received_events[hart_var(hart, own_request)->type]);
		atomic_sub(hart_var(hart, nr_pending), 1);
	}
}

void fence_handle(void)
{
	unsigned int word;

	for (word = 0; word < SENDER_WORDS; word++) {
		uint64_t bits = atomic64_load(&senders[word]);

		if (bits)
			serve_senders(atomic64_xchg(&senders[word], 0),
				      word * 64);
	}
}
