// SPDX-License-Identifier: MIT
/*
 * Address-space identifiers (privileged spec 1.12, section 4.1.11).
 *
 * They are given out in order and not taken back.  When all are used a new
 * generation begins: every root gets a new one at its next switch, and every
 * hart flushes its TLB before it runs the first root of the new generation.
 * A hart that still runs a root of the old one is safe until then, since no
 * other hart's identifiers are in its TLB.  TLB flushes of a range of addresses
 * (arch/tlb.c) apply to all identifiers, so they need not know any.
 *
 * The kernel's own root has identifier 0; its user half is empty.  Without
 * identifiers (K210) each switch flushes.
 *
 * A root keeps its identifier and generation in its last entry, which maps
 * nothing: the bits of an invalid entry are free for software.
 * 0, as in a new root, is no generation.
 */
#include <arch/asid.h>

#include <arch/hart.h>
#include <arch/image.h>
#include <arch/layout.h>
#include <arch/priv19.h>
#include <core/lock.h>
#include <lib/barrier.h>
#include <lib/csr.h>

#define ASID_ENTRY (PTES_PER_TABLE - 1)
#define ASID_SHIFT 16 /* generation << ASID_SHIFT | asid, shifted past PTE_V */

static spinlock_t asid_lock = SPINLOCK_INIT(LOCK_LEAF);
static unsigned long asid_max;       /* [I] 0: the hart has none */
static uint64_t asid_next = 1;       /* [asid_lock] */
static uint64_t asid_generation = 1; /* [asid_lock], read without */

static uint64_t root_satp(const pte_t *root, unsigned long asid)
{
	paddr_t pa =
		root == kernel_root ? image_to_phys(root) : virt_to_phys(root);

	return SATP_MODE_SV39 | (uint64_t)asid << SATP_ASID_SHIFT |
	       pa >> PAGE_SHIFT;
}

void asid_probe(void)
{
	uint64_t satp = csr_read(CSR_SATP);

	csr_write(CSR_SATP, satp | SATP_ASID_MASK);
	asid_max = (csr_read(CSR_SATP) & SATP_ASID_MASK) >> SATP_ASID_SHIFT;
	csr_write(CSR_SATP, satp);
	sfence_all();
}

static uint64_t root_tag(const pte_t *root)
{
	return __atomic_load_n(&root[ASID_ENTRY], __ATOMIC_RELAXED) >> 1;
}

/* Give the root an identifier of this generation, or of a new one. */
static uint64_t asid_assign(pte_t *root)
{
	uint64_t tag;

	spin_lock(&asid_lock);
	tag = root_tag(root);
	if (tag >> ASID_SHIFT != asid_generation) {
		if (asid_next > asid_max) {
			asid_generation++;
			asid_next = 1;
		}
		tag = asid_generation << ASID_SHIFT | asid_next++;
		__atomic_store_n(&root[ASID_ENTRY], tag << 1, __ATOMIC_RELAXED);
	}
	spin_unlock(&asid_lock);
	return tag;
}

void asid_switch(struct hart *hart, pte_t *root)
{
	uint64_t tag;

	if (asid_max == 0) {
		/* The K210 has been seen to need the barrier (xv6-k210). */
		smp_mb();
		csr_write(CSR_SATP, root_satp(root, 0));
		sfence_all();
		return;
	}
	if (root == kernel_root) {
		csr_write(CSR_SATP, root_satp(root, 0));
		return;
	}
	tag = root_tag(root);
	if (tag >> ASID_SHIFT !=
	    __atomic_load_n(&asid_generation, __ATOMIC_RELAXED))
		tag = asid_assign(root);
	csr_write(CSR_SATP, root_satp(root, tag & (BIT(ASID_SHIFT) - 1)));
	if (hart->asid_generation != tag >> ASID_SHIFT) {
		hart->asid_generation = tag >> ASID_SHIFT;
		sfence_all();
	}
}

void asid_flush(const pte_t *root)
{
	if (asid_max)
		sfence_asid(root_tag(root) & (BIT(ASID_SHIFT) - 1));
	else
		sfence_all();
}
