// SPDX-License-Identifier: MIT
/*
 * Sv39 as 1.9.1 has it, and a TLB that really caches: k210.md section 2.6.
 *
 * Entries are tagged by the page number alone, keep invalid translations too,
 * survive writes of sptbr, and go only with sfence.vm (or when another page
 * needs the place).  The walker sets A and D.
 */
#include "mmu.h"

#include <string.h>

#include "bus.h"
#include "icache.h"
#include "machine.h"
#include "report.h"

#define PTE_V         (1u << 0)
#define PTE_R         (1u << 1)
#define PTE_W         (1u << 2)
#define PTE_X         (1u << 3)
#define PTE_U         (1u << 4)
#define PTE_A         (1u << 6)
#define PTE_D         (1u << 7)
#define PTE_PPN_SHIFT 10
#define PPN_LIMIT     (1ull << 20)
#define LEVELS        3
#define PAGE_LINES    (4096 / ICACHE_LINE_BYTES)

static bool raise_access(struct hart *hart, uint64_t address,
			 enum access access)
{
	static const enum cause causes[] = {
		[ACCESS_FETCH] = CAUSE_FETCH_ACCESS,
		[ACCESS_LOAD] = CAUSE_LOAD_ACCESS,
		[ACCESS_STORE] = CAUSE_STORE_ACCESS,
	};

	return hart_raise(hart, causes[access], address);
}

/* With MPRV, data accesses of M-mode have the privilege in MPP. */
static enum priv effective_priv(const struct hart *hart, enum access access)
{
	if (access == ACCESS_FETCH || !(hart->mstatus & MSTATUS_MPRV))
		return hart->priv;
	return (enum priv)((hart->mstatus & MSTATUS_MPP) >> MSTATUS_MPP_SHIFT);
}

static bool flags_allow(const struct hart *hart, uint32_t flags,
			enum access access, enum priv priv)
{
	uint32_t readable = PTE_R;

	if (!(flags & PTE_V))
		return false;
	if (priv == PRIV_U && !(flags & PTE_U))
		return false;
	if (priv == PRIV_S && flags & PTE_U && hart->mstatus & MSTATUS_PUM)
		return false;
	if (hart->mstatus & MSTATUS_MXR)
		readable |= PTE_X;
	if (access == ACCESS_FETCH)
		return flags & PTE_X;
	return flags & (access == ACCESS_STORE ? PTE_W : readable);
}

static bool pte_is_valid(uint64_t pte)
{
	return pte & PTE_V && (pte & (PTE_R | PTE_W)) != PTE_W &&
	       pte >> PTE_PPN_SHIFT < PPN_LIMIT;
}

static bool pte_is_leaf(uint64_t pte)
{
	return pte & (PTE_R | PTE_W | PTE_X);
}

/* Where the tables have the entry for an address at a level. */
static uint32_t pte_slot(uint64_t table, uint64_t address, int level)
{
	return (uint32_t)table +
	       (uint32_t)(address >> (12 + 9 * level) & 511) * 8;
}

/* The table or page that an entry names. */
static uint64_t pte_target(uint64_t pte)
{
	return pte >> PTE_PPN_SHIFT << 12;
}

/* The page of 4 KiB; the low bits of a superpage's number are the address's. */
static uint32_t leaf_page(uint64_t pte, uint64_t address, int level)
{
	uint64_t mask = (1ull << (12 + 9 * level)) - 1;

	return (uint32_t)((pte_target(pte) & ~mask) |
			  (address & mask & ~0xfffull));
}

/*
 * The walker checks with the current privilege, not MPP's: a user page that
 * PUM hides from it makes the access retry for ever.
 */
static void check_update(struct hart *hart, uint64_t address, uint64_t pte)
{
	if (hart->mstatus & MSTATUS_PUM && pte & PTE_U)
		report_misuse(hart, address,
			      "A or D clear in a user page with PUM set: the "
			      "walker would retry for ever (k210.md 6.1, 23)");
}

/* The entry is about to hold another page: so what it led to is not known. */
static void forget(struct hart *hart, const struct tlb_entry *entry,
		   enum access access)
{
	uint64_t first = (entry->vpn << 12) / ICACHE_LINE_BYTES;

	if (access != ACCESS_FETCH)
		hart->known[entry->vpn % KNOWN_PAGES] =
			(struct known_page){ NO_KEY, NO_KEY, NULL, NULL };
	else
		for (unsigned int i = 0; i < PAGE_LINES; i++)
			hart->fetched[(first + i) % FETCHED_LINES].key = NO_KEY;
}

/* Walk the tables; an entry that is not there gives flags 0. */
static void walk(struct hart *hart, uint64_t address, enum access access,
		 enum priv priv, struct tlb_entry *entry)
{
	uint64_t table = hart->sptbr << 12;
	uint32_t update = access == ACCESS_STORE ? PTE_A | PTE_D : PTE_A;
	uint64_t pte;
	uint32_t slot;

	forget(hart, entry, access);
	entry->vpn = address >> 12;
	entry->flags = 0;
	for (int level = LEVELS - 1; level >= 0; level--) {
		slot = pte_slot(table, address, level);
		if (!bus_is_cached_ram(slot)) {
			report_misuse(hart, slot,
				      "page table outside cached SRAM "
				      "(k210.md 2.6)");
			return;
		}
		if (!bus_load(hart, slot, 8, &pte) || !pte_is_valid(pte))
			return;
		table = pte_target(pte);
		if (!pte_is_leaf(pte))
			continue;

		entry->page = leaf_page(pte, address, level);
		if (flags_allow(hart, (uint32_t)pte, access, priv) &&
		    (pte & update) != update) {
			check_update(hart, address, pte);
			pte |= update;
			bus_store(hart, slot, 8, pte);
		}
		entry->flags = (uint32_t)pte & 0xff;
		return;
	}
}

static bool is_canonical(uint64_t address)
{
	return (uint64_t)((int64_t)(address << 25) >> 25) == address;
}

bool mmu_translate(struct hart *hart, uint64_t address, enum access access,
		   uint32_t *physical)
{
	enum priv priv = effective_priv(hart, access);
	struct tlb_entry *entry;
	bool clean;

	if (priv == PRIV_M || !(hart->mstatus & MSTATUS_VM)) {
		*physical = (uint32_t)address;
		return true;
	}
	if (!is_canonical(address))
		return raise_access(hart, address, access);

	entry = access == ACCESS_FETCH ? hart->itlb : hart->dtlb;
	entry += (address >> 12) % TLB_ENTRIES;
	clean = access == ACCESS_STORE && entry->flags & PTE_V &&
		!(entry->flags & PTE_D);
	if (entry->vpn != address >> 12 || clean || hart->machine->no_tlb)
		walk(hart, address, access, priv, entry);
	if (!flags_allow(hart, entry->flags, access, priv))
		return raise_access(hart, address, access);

	*physical = entry->page | (address & 0xfff);
	return true;
}

bool mmu_probe(const struct hart *hart, uint64_t context, uint64_t address,
	       uint32_t *physical)
{
	uint64_t table = hart->sptbr << 12;
	uint64_t pte;
	uint32_t slot;

	if (context == CONTEXT_BARE) {
		*physical = (uint32_t)address;
		return true;
	}
	for (int level = LEVELS - 1; is_canonical(address) && level >= 0;
	     level--) {
		slot = pte_slot(table, address, level);
		if (!bus_is_cached_ram(slot))
			return false;
		dcache_peek(hart->machine, slot - RAM_BASE, &pte, sizeof(pte));
		if (!pte_is_valid(pte))
			return false;
		table = pte_target(pte);
		if (pte_is_leaf(pte)) {
			*physical = leaf_page(pte, address, level) |
				    (address & 0xfff);
			return true;
		}
	}
	return false;
}

bool mmu_may_remember(const struct hart *hart, uint64_t context)
{
	return context == CONTEXT_BARE || !hart->machine->no_tlb;
}

static enum mmu_context context_of(const struct hart *hart, enum priv priv)
{
	if (priv == PRIV_M || !(hart->mstatus & MSTATUS_VM))
		return CONTEXT_BARE;
	if (priv == PRIV_U)
		return CONTEXT_USER;
	return hart->mstatus & MSTATUS_PUM ? CONTEXT_SUPERVISOR_PUM
					   : CONTEXT_SUPERVISOR;
}

void mmu_mode_changed(struct hart *hart)
{
	hart->context = context_of(hart, effective_priv(hart, ACCESS_LOAD));
	if (hart->context != CONTEXT_BARE && hart->mstatus & MSTATUS_MXR)
		hart->context |= CONTEXT_MXR;
	hart->fetch_context = context_of(hart, hart->priv);
}

void mmu_flush(struct hart *hart)
{
	memset(hart->itlb, 0xff, sizeof(hart->itlb));
	memset(hart->dtlb, 0xff, sizeof(hart->dtlb));
	memset(hart->known, 0xff, sizeof(hart->known));
	memset(hart->fetched, 0xff, sizeof(hart->fetched));
}
