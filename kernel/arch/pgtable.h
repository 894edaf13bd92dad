// SPDX-License-Identifier: MIT
/*
 * Sv39 page tables (privileged spec 1.12, section 4.4): entries, and walking,
 * filling and clearing a tree.
 *
 * Every leaf is made with A and D set as it needs them, so that harts without
 * hardware A/D update never fault for them.
 */
#pragma once

#include <lib/atomic.h>
#include <lib/types.h>

#include <core/alloc.h>

struct thread;

typedef uint64_t pte_t;

#define PTE_V     (1ull << 0)
#define PTE_R     (1ull << 1)
#define PTE_W     (1ull << 2)
#define PTE_X     (1ull << 3)
#define PTE_U     (1ull << 4)
#define PTE_G     (1ull << 5)
#define PTE_A     (1ull << 6)
#define PTE_D     (1ull << 7)
#define PTE_SOFT0 (1ull << 8) /* free for mm/ */
#define PTE_SOFT1 (1ull << 9)

#define PTE_KERNEL_RX (PTE_V | PTE_R | PTE_X | PTE_G | PTE_A)
#define PTE_KERNEL_RO (PTE_V | PTE_R | PTE_G | PTE_A)
#define PTE_KERNEL_RW (PTE_V | PTE_R | PTE_W | PTE_G | PTE_A | PTE_D)

#define PTES_PER_TABLE 512
#define PTE_PPN_SHIFT  10

static inline paddr_t pte_paddr(pte_t pte)
{
	return (pte >> PTE_PPN_SHIFT & 0xfffffffffffull) << PAGE_SHIFT;
}
static inline pte_t pte_make(paddr_t pa, uint64_t bits)
{
	return pa >> PAGE_SHIFT << PTE_PPN_SHIFT | bits;
}
static inline bool pte_is_leaf(pte_t pte)
{
	return pte & (PTE_R | PTE_W | PTE_X);
}

/* The root that all kernel threads use. */
extern pte_t kernel_root[PTES_PER_TABLE];

/* A new root with the kernel's half filled in.  NULL: no memory.  May sleep. */
pte_t *pgtable_root_alloc(void);
/*
 * Free the level 0 tables for [start, end), which hold no entry, then the root
 * with its level 1 tables, which are empty by then.  Nobody uses the tree any
 * more.
 */
void pgtable_free_range(pte_t *root, uintptr_t start, uintptr_t end);
void pgtable_root_free(pte_t *root);

/*
 * The entry of level 0 (4 KiB) for va; with alloc, missing tables are made.
 * NULL: no table there, a larger page, or no memory.  The caller holds the lock
 * that guards the tree, so tables come from the reserve (ALLOC_ATOMIC).
 */
pte_t *pgtable_walk(pte_t *root, uintptr_t va, bool alloc);
/* The same for level 1 (2 MiB). */
pte_t *pgtable_walk_huge(pte_t *root, uintptr_t va, bool alloc);

/*
 * Take the tables of the lower half that lie wholly in [start, end) and hold no
 * entry out of the tree and put them on *queue (NULL at first).  The caller
 * holds the tree's lock, flushes the TLB of its harts afterwards, and then
 * frees them with pgtable_free_queued().
 */
void pgtable_prune(pte_t *root, uintptr_t start, uintptr_t end, pte_t **queue);
void pgtable_free_queued(pte_t *queue);

/* Pages that tables occupy, for /proc/meminfo. */
uint64_t pgtable_count(void);

/*
 * Make this hart use the root of a thread, or the kernel's.  What was cached
 * for the root before is right afterwards, whatever happened on other harts.
 * Interrupts off.
 */
void pgtable_activate(struct thread *thread);

/*
 * TLB maintenance.  tlb_flush_user(): entries below root were cleared or lost
 * rights; no hart uses the old ones any more on return.  harts has a bit for
 * each hart (by index) that may hold some; pgtable_activate() sets them.
 * Context: interrupts on, unless local (they wait for other harts, in the SBI).
 */
void tlb_flush_page_local(uintptr_t va);
void tlb_flush_local(void);
void tlb_flush_user(const pte_t *root, atomic64_t *harts, uintptr_t start,
		    uintptr_t end);
void tlb_flush_kernel_range(uintptr_t start, uintptr_t end);
/* Make new instructions in memory visible to all harts (fence.i). */
void icache_flush_all(void);
