// SPDX-License-Identifier: MIT
/* What virtual addresses mean to a hart: k210.md section 2.6. */
#pragma once

#include "hart.h"

/*
 * Translate, with the privilege that the access has.  False: the access fault
 * (1.9.1 has no page faults) has been raised, with address as badaddr.
 */
bool mmu_translate(struct hart *hart, uint64_t address, enum access access,
		   uint32_t *physical);

/*
 * Where an access of that context, hart->context or hart->fetch_context, would
 * go by the tables, whatever the flags of the page and the TLB say; nothing
 * changes.  False: nowhere.
 */
bool mmu_probe(const struct hart *hart, uint64_t context, uint64_t address,
	       uint32_t *physical);

/* sfence.vm: forget all translations of this hart. */
void mmu_flush(struct hart *hart);

/* True if a translation of this context may serve later accesses. */
bool mmu_may_remember(const struct hart *hart, uint64_t context);

/* Privilege or mstatus changed: what addresses mean may have, too. */
void mmu_mode_changed(struct hart *hart);
