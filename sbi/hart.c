// SPDX-License-Identifier: MIT
/*
 * The table of harts.
 *
 * Written once by the boot hart before it lets the others go, read-only
 * afterwards.  Ids may have gaps and need not start at 0, so that finding one
 * goes through a hash table; ids without gaps hash to themselves.
 */
#include "hart.h"

#include <string.h>

#include <lib/csr.h>
#include <lib/fdt.h>
#include <lib/sbi.h>

#define HASH_SLOTS 256 /* a power of 2, and more than harts */

_Thread_local struct hart this_hart __section(".tbss.this_hart");

struct hart *hart_list;
unsigned int nr_harts;

static struct hart *hart_hash[HASH_SLOTS];

static unsigned int hash_id(uint64_t id)
{
	return (id ^ id >> 8) % HASH_SLOTS;
}

struct hart *hart_find(uint64_t id)
{
	unsigned int slot = hash_id(id);

	/* Ends, since there are more slots than harts. */
	while (hart_hash[slot] && hart_hash[slot]->id != id)
		slot = (slot + 1) % HASH_SLOTS;
	return hart_hash[slot];
}

static void hart_add(struct hart *hart, uint64_t id)
{
	unsigned int slot = hash_id(id);

	hart->id = id;
	hart->index = nr_harts++;
	atomic_store(&hart->state, SBI_HSM_STOPPED);
	while (hart_hash[slot])
		slot = (slot + 1) % HASH_SLOTS;
	hart_hash[slot] = hart;
}

/*
 * Can S-mode have it?  Not a management core without an MMU, nor one that the
 * tree switches off.
 */
static bool hart_is_usable(const void *fdt, int node)
{
	const char *mmu = dt_get_string(fdt, node, "mmu-type");

	return mmu && strcmp(mmu, "riscv,none") &&
	       dt_node_is_available(fdt, node);
}

uint64_t hart_area_bytes(const void *fdt)
{
	unsigned int count = 0;
	int node = -1;
	uint64_t id;

	while (dt_next_hart(fdt, &node, &id))
		count++;
	return (uint64_t)MIN(count, MAX_HARTS) * HART_AREA_SIZE;
}

char *hart_create_all(const void *fdt, char *next_area)
{
	uint64_t self = csr_read(CSR_MHARTID);
	struct hart **link = &hart_list;
	uint64_t id;
	int node = -1;

	hart_add(&this_hart, self);
	while (dt_next_hart(fdt, &node, &id)) {
		struct hart *hart = &this_hart;

		if (id != self) {
			if (!hart_is_usable(fdt, node) || hart_find(id) ||
			    nr_harts == MAX_HARTS)
				continue;
			hart = (struct hart *)(next_area + HART_TP_OFFSET);
			memset(hart, 0, HART_AREA_SIZE - HART_TP_OFFSET);
			hart_add(hart, id);
			next_area += HART_AREA_SIZE;
		}
		*link = hart;
		link = &hart->next;
	}
	if (!hart_list)
		hart_list = &this_hart;
	return next_area;
}
