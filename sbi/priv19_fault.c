// SPDX-License-Identifier: MIT
/*
 * What an access fault of version 1.9.1 is; see priv19.h.
 *
 * The hardware raises causes 1, 5 and 7 for physical addresses that nobody
 * answers and for all that the page tables refuse.  So the tables are walked as
 * the hardware walks them (version 1.9.1, section 4.5.1), with what the K210's
 * ancestor, the rocket core of early 2017, does where the manual is silent:
 *
 *   - A page number of more than 20 bits makes an entry invalid.
 *   - The low page-number bits of a superpage do not matter.
 *   - Invalid entries are cached, too: an access that the tables allow failed by
 *     an old translation, and works once that is dropped.
 */
#include "priv19.h"

#include <lib/barrier.h>

#include "hart.h"
#include "memory.h"

#define PTE_V         BIT(0)
#define PTE_R         BIT(1)
#define PTE_W         BIT(2)
#define PTE_X         BIT(3)
#define PTE_U         BIT(4)
#define PTE_PPN_SHIFT 10
#define NR_PPNS       BIT(20)

#define LEVELS       3
#define LEVEL_BITS   9
#define PAGE_SHIFT   12
#define ADDRESS_BITS 39

enum verdict {
	ALLOWED,
	REFUSED,
	REFUSED_BY_PUM, /* and by nothing else */
	TABLE_MISSING,  /* it would lie where there is no memory */
};

/*
 * An access that faults again so few instructions after it was tried again was
 * not helped: some 240 of ours lie between, up to 600 where we emulate it.  Later
 * it may be another old translation, as the other hart changes tables, too.
 */
#define MAX_RETRY_DISTANCE 800

/* The access that was tried last because of an old translation.  [o] */
static _Thread_local struct {
	uint64_t pc;
	uint64_t addr;
	uint64_t when; /* instructions */
	bool is_valid;
} last_try;

static bool pum_is_understood; /* set once, by whichever hart */

void priv19_pum_is_understood(void)
{
	__atomic_store_n(&pum_is_understood, true, __ATOMIC_RELAXED);
}

static bool address_is_canonical(uint64_t addr)
{
	unsigned int unused = 64 - ADDRESS_BITS;

	return (uint64_t)((int64_t)(addr << unused) >> unused) == addr;
}

/* May that leaf be used so?  cause says what for. */
static enum verdict judge_leaf(uint64_t pte, uint64_t cause)
{
	uint64_t mstatus = csr_read(CSR_MSTATUS);
	uint64_t wanted = PTE_W;

	if (cause == CAUSE_FETCH_ACCESS)
		wanted = PTE_X;
	if (cause == CAUSE_LOAD_ACCESS)
		wanted = mstatus & MSTATUS_MXR ? PTE_R | PTE_X : PTE_R;
	if (!(pte & wanted))
		return REFUSED;
	if (!(mstatus & MSTATUS_MPP_S))
		return pte & PTE_U ? ALLOWED : REFUSED;
	return pte & PTE_U && mstatus & MSTATUS_PUM ? REFUSED_BY_PUM : ALLOWED;
}

static bool pte_is_valid(uint64_t pte)
{
	return pte & PTE_V && (pte & (PTE_R | PTE_W)) != PTE_W &&
	       pte >> PTE_PPN_SHIFT < NR_PPNS;
}

static enum verdict walk(uint64_t addr, uint64_t cause)
{
	uint64_t table = csr_read(CSR_SPTBR) << PAGE_SHIFT;
	struct dt_range memory = { 0 }; /* that the last table was in */
	int level;

	if (!address_is_canonical(addr))
		return REFUSED;
	for (level = LEVELS - 1; level >= 0; level--) {
		unsigned int shift = PAGE_SHIFT + LEVEL_BITS * level;
		uint64_t slot = table + (addr >> shift) % 512 * 8;
		uint64_t pte;

		if (slot - memory.start >= memory.size &&
		    !memory_find(slot, &memory))
			return TABLE_MISSING;
		pte = *(const volatile uint64_t *)slot;
		if (!pte_is_valid(pte))
			return REFUSED;
		if (pte & (PTE_R | PTE_W | PTE_X))
			return judge_leaf(pte, cause);
		table = pte >> PTE_PPN_SHIFT << PAGE_SHIFT;
	}
	return REFUSED;
}

/* Drop old translations for that access, unless just that did not help. */
static bool try_again(uint64_t addr)
{
	uint64_t pc = csr_read(CSR_MEPC), now = csr_read(CSR_MINSTRET);

	if (last_try.is_valid && last_try.pc == pc && last_try.addr == addr &&
	    now - last_try.when < MAX_RETRY_DISTANCE)
		return false;
	last_try.pc = pc;
	last_try.addr = addr;
	last_try.when = now;
	last_try.is_valid = true;
	mb();
	sfence_vm();
	return true;
}

static void make_page_fault(struct trap_info *info)
{
	if (info->cause == CAUSE_FETCH_ACCESS)
		info->cause = CAUSE_FETCH_PAGE_FAULT;
	else if (info->cause == CAUSE_LOAD_ACCESS)
		info->cause = CAUSE_LOAD_PAGE_FAULT;
	else
		info->cause = CAUSE_STORE_PAGE_FAULT;
}

bool priv19_resolve_fault(struct trap_info *info)
{
	if (!(PRIV19_OWN_EXCEPTIONS & BIT(info->cause)))
		return false;
	switch (walk(info->tval, info->cause)) {
	case ALLOWED:
		if (try_again(info->tval))
			return true;
		break; /* nobody answered at that address */
	case REFUSED_BY_PUM:
		if (!pum_is_understood && info->cause != CAUSE_FETCH_ACCESS) {
			csr_clear(CSR_MSTATUS, MSTATUS_PUM);
			return true;
		}
		make_page_fault(info);
		break;
	case REFUSED:
		make_page_fault(info);
		break;
	case TABLE_MISSING:
		break;
	}
	last_try.is_valid = false;
	return false;
}

void priv19_access_fault(void)
{
	struct trap_info info = {
		.cause = csr_read(CSR_MCAUSE),
		.tval = csr_read(CSR_MTVAL),
	};

	priv19_repair_root();
	trap_redirect(&info);
}
