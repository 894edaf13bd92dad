// SPDX-License-Identifier: MIT
/*
 * Physical memory protection; see pmp.h.
 *
 * Privileged architecture, section 3.7.  A naturally aligned power of two takes
 * one entry (NAPOT), any other range two (TOR).  The first entry that matches
 * decides, so the guards come first and the open rest last.  Entries that
 * run out are taken from the devices: firmware's own guard is the first.
 */
#include "pmp.h"

#include <lib/csr.h>

#include "cpu.h"
#include "device.h"
#include "hart.h"
#include "memory.h"

#define MAX_ENTRIES 8 /* of 16 or 64 that a hart may have; rocket cores: 8 */

struct pmp_table {
	uint64_t addr[MAX_ENTRIES];
	uint64_t cfg; /* a byte each */
	unsigned int used;
};

static void pmp_add(struct pmp_table *table, uint64_t addr, uint64_t cfg)
{
	table->addr[table->used] = addr;
	table->cfg |= cfg << (8 * table->used);
	table->used++;
}

static void pmp_deny(struct pmp_table *table, uint64_t start, uint64_t size)
{
	bool is_napot = !(size & (size - 1)) && IS_ALIGNED(start, size);

	/* The last entry is for the open rest. */
	if (table->used + (is_napot ? 1 : 2) > MAX_ENTRIES - 1)
		return;
	if (is_napot) {
		pmp_add(table, start >> 2 | (size / 8 - 1), PMP_NAPOT);
	} else {
		pmp_add(table, start >> 2, 0);
		pmp_add(table, (start + size) >> 2, PMP_TOR);
	}
}

void pmp_init_hart(void)
{
	struct pmp_table table = { 0 };
	uint64_t guard = (uint64_t)&this_hart - HART_TP_OFFSET;
	unsigned int i;

	if (!hart_has(HART_HAS_PMP))
		return;
	/* Locked: it stops M-mode as well, before a stack runs into another. */
	pmp_add(&table, guard >> 2 | (HART_GUARD_SIZE / 8 - 1),
		PMP_NAPOT | PMP_LOCK);
	pmp_deny(&table, memory_firmware.start, memory_firmware.size);
	for (i = 0; i < nr_device_guards; i++)
		pmp_deny(&table, device_guards[i].start, device_guards[i].size);
	pmp_add(&table, -1ul, PMP_NAPOT | PMP_R | PMP_W | PMP_X);

	csr_write(CSR_PMPCFG0, 0);
	for (; table.used < MAX_ENTRIES;)
		pmp_add(&table, 0, 0);
	csr_write(CSR_PMPADDR0 + 0, table.addr[0]);
	csr_write(CSR_PMPADDR0 + 1, table.addr[1]);
	csr_write(CSR_PMPADDR0 + 2, table.addr[2]);
	csr_write(CSR_PMPADDR0 + 3, table.addr[3]);
	csr_write(CSR_PMPADDR0 + 4, table.addr[4]);
	csr_write(CSR_PMPADDR0 + 5, table.addr[5]);
	csr_write(CSR_PMPADDR0 + 6, table.addr[6]);
	csr_write(CSR_PMPADDR0 + 7, table.addr[7]);
	csr_write(CSR_PMPCFG0, table.cfg);
	sfence_vma_all();
}
