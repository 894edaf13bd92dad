// SPDX-License-Identifier: MIT
/*
 * A small address space for cases: see paging.h.
 */
#include "paging.h"

#include <lib/csr.h>

#include "guest.h"
#include "machine.h"

#define TABLE_ENTRIES 512
#define IDENTITY_GIB  255 /* entries of the root below the window's */

static uint64_t root[TABLE_ENTRIES] __aligned(4096);
static uint64_t middle[TABLE_ENTRIES] __aligned(4096);
static uint64_t leaf[TABLE_ENTRIES] __aligned(4096);

/* S-mode of version 1.9.1 may execute what is U-mode's. */
#define USER_GIB 4
static uint64_t user_root[TABLE_ENTRIES] __aligned(4096);

static_assert(PAGING_WINDOW >> 30 == IDENTITY_GIB, "in the root's last entry");

static uint64_t table_pte(const uint64_t *table)
{
	return (uint64_t)table >> 12 << 10 | PTE_V;
}

static void paging_build(void)
{
	uint64_t i;

	if (root[0])
		return;
	for (i = 0; i < IDENTITY_GIB; i++)
		root[i] =
			i << 28 | PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D;
	middle[0] = table_pte(leaf);
	root[IDENTITY_GIB] = table_pte(middle);
}

uint64_t paging_leaf(uint64_t page, uint64_t bits)
{
	return page >> 12 << 10 | bits | PTE_V | PTE_A | PTE_D;
}

void paging_map(unsigned int nth, uint64_t page, uint64_t bits)
{
	paging_map_bits(nth, bits ? paging_leaf(page, bits) : 0);
}

void paging_map_bits(unsigned int nth, uint64_t pte)
{
	/* By whoever maps, before other harts switch to it. */
	paging_build();
	__atomic_store_n(&leaf[nth], pte, __ATOMIC_RELEASE);
}

void paging_map_superpage(uint64_t pte)
{
	paging_build();
	__atomic_store_n(&middle[1], pte, __ATOMIC_RELEASE);
}

void paging_on_for_user(void)
{
	uint64_t i;

	for (i = 0; i < USER_GIB; i++)
		user_root[i] =
			paging_leaf(i << 30, PTE_R | PTE_W | PTE_X | PTE_U);
	csr_write(CSR_SATP, SATP_MODE_SV39 | (uint64_t)user_root >> 12);
	sfence_vma_all();
}

void paging_on(void)
{
	paging_build();
	csr_write(CSR_SATP, SATP_MODE_SV39 | (uint64_t)root >> 12);
	sfence_vma_all();
}

void paging_off(void)
{
	csr_write(CSR_SATP, 0);
	sfence_vma_all();
}

uint64_t paging_satp_off(void)
{
	uint64_t satp;

	if (!machine_is_priv19())
		return 0;
	paging_off();
	satp = csr_read(CSR_SATP);
	return expect_true("there is a root", satp != 0) ? satp : 1;
}

bool paging_is_on(void)
{
	return (csr_read(CSR_SATP) & SATP_PPN_MASK) == (uint64_t)root >> 12;
}
