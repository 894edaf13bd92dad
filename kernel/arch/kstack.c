// SPDX-License-Identifier: MIT
/*
 * Kernel stacks in the kernel map, each with a hole below it.
 *
 * A stack that was mapped once stays so: freed ones go to a small cache of
 * their hart, then to a common list, both linked through the stacks' first
 * words.  Only kstack_shrink() takes pages back; the slot's number then goes
 * on a list of its own, linked through the (invalid) page-table entry of the
 * hole, so that the books cost no memory however many stacks there are.
 */
#include <arch/kmap.h>

#include <arch/hart.h>
#include <arch/kmap_internal.h>
#include <arch/layout.h>
#include <arch/pgtable.h>
#include <core/alloc.h>

#define STACK_PAGES    (KERNEL_STACK_SIZE / PAGE_SIZE)
#define CACHE_PER_HART 4

static uintptr_t free_stacks;                  /* [kmap_lock] or 0 */
static uintptr_t empty_slots;                  /* [kmap_lock] or 0 */
static uintptr_t next_slot = KMAP_STACKS_BASE; /* [kmap_lock] */

atomic_t kstack_generation; /* [a] stacks mapped since boot */
static atomic64_t nr_pages; /* [a] mapped */

static uintptr_t *stack_link(uintptr_t stack)
{
	return (uintptr_t *)stack;
}

static uintptr_t slot_stack(uintptr_t slot)
{
	return slot + KERNEL_STACK_SIZE;
}

static uintptr_t cache_pop(void)
{
	unsigned long flags = irq_save();
	struct hart *hart = this_hart();
	uintptr_t stack = hart->stack_cache;

	if (stack) {
		hart->stack_cache = *stack_link(stack);
		hart->nr_cached_stacks--;
	}
	irq_restore(flags);
	return stack;
}

static bool cache_push(uintptr_t stack)
{
	unsigned long flags = irq_save();
	struct hart *hart = this_hart();
	bool fits = hart->nr_cached_stacks < CACHE_PER_HART;

	if (fits) {
		*stack_link(stack) = hart->stack_cache;
		hart->stack_cache = stack;
		hart->nr_cached_stacks++;
	}
	irq_restore(flags);
	return fits;
}

static uintptr_t list_pop_locked(void)
{
	uintptr_t stack = free_stacks;

	if (stack)
		free_stacks = *stack_link(stack);
	return stack;
}

/* Entries that are not valid are ours: bit 0 stays 0, slots are aligned. */
static uintptr_t slot_take_locked(void)
{
	uintptr_t slot = empty_slots;

	if (slot) {
		pte_t *hole = pgtable_walk(kernel_root, slot, false);

		empty_slots = (uintptr_t)*hole;
		*hole = 0;
	} else if (next_slot < KMAP_STACKS_END) {
		slot = next_slot;
		next_slot += KERNEL_STACK_SLOT;
	}
	return slot;
}

static void slot_return_locked(uintptr_t slot)
{
	pte_t *hole = pgtable_walk(kernel_root, slot, true);

	/* Without a table for the link the addresses are just not used. */
	if (hole) {
		*hole = (pte_t)empty_slots;
		empty_slots = slot;
	}
}

static void slot_unmap(uintptr_t slot)
{
	uintptr_t va = slot_stack(slot);
	paddr_t pages[STACK_PAGES] = { 0 };
	unsigned long flags = spin_lock_irqsave(&kmap_lock);

	for (unsigned i = 0; i < STACK_PAGES; i++) {
		pte_t *pte =
			pgtable_walk(kernel_root, va + i * PAGE_SIZE, false);

		if (pte && *pte & PTE_V) {
			pages[i] = pte_paddr(*pte);
			*pte = 0;
		}
	}
	spin_unlock_irqrestore(&kmap_lock, flags);
	tlb_flush_kernel_range(va, va + KERNEL_STACK_SIZE);
	for (unsigned i = 0; i < STACK_PAGES; i++) {
		if (pages[i]) {
			page_free_virt(phys_to_virt(pages[i]));
			atomic64_add_relaxed(&nr_pages, -1);
		}
	}
	flags = spin_lock_irqsave(&kmap_lock);
	slot_return_locked(slot);
	spin_unlock_irqrestore(&kmap_lock, flags);
}

static bool slot_map_page(uintptr_t va)
{
	void *page = page_alloc_virt(0);
	unsigned long flags;
	pte_t *pte;

	if (!page)
		return false;
	flags = spin_lock_irqsave(&kmap_lock);
	pte = pgtable_walk(kernel_root, va, true);
	if (pte)
		*pte = pte_make(virt_to_phys(page), PTE_KERNEL_RW);
	spin_unlock_irqrestore(&kmap_lock, flags);
	if (!pte) {
		page_free_virt(page);
		return false;
	}
	atomic64_add_relaxed(&nr_pages, 1);
	return true;
}

static uintptr_t stack_make(void)
{
	unsigned long flags = spin_lock_irqsave(&kmap_lock);
	uintptr_t slot = slot_take_locked();
	uintptr_t stack = slot_stack(slot);

	spin_unlock_irqrestore(&kmap_lock, flags);
	if (!slot)
		return 0;
	for (unsigned i = 0; i < STACK_PAGES; i++) {
		if (!slot_map_page(stack + i * PAGE_SIZE)) {
			slot_unmap(slot);
			return 0;
		}
	}
	/*
	 * Harts may remember that nothing was there.  They need not be told:
	 * each looks at the generation before it switches to a stack, and a
	 * fault at a valid entry is tried again (kmap_fault_is_spurious()).
	 */
	atomic_add(&kstack_generation, 1);
	return stack;
}

uintptr_t kstack_alloc(void)
{
	uintptr_t stack = cache_pop();
	unsigned long flags;

	if (stack)
		return stack;
	flags = spin_lock_irqsave(&kmap_lock);
	stack = list_pop_locked();
	spin_unlock_irqrestore(&kmap_lock, flags);
	return stack ? stack : stack_make();
}

void kstack_free(uintptr_t stack)
{
	unsigned long flags;

	if (!stack || cache_push(stack))
		return;
	flags = spin_lock_irqsave(&kmap_lock);
	*stack_link(stack) = free_stacks;
	free_stacks = stack;
	spin_unlock_irqrestore(&kmap_lock, flags);
}

uint64_t kstack_count(void)
{
	return (uint64_t)atomic64_load(&nr_pages);
}

size_t kstack_shrink(void)
{
	size_t freed = 0;

	for (;;) {
		unsigned long flags = spin_lock_irqsave(&kmap_lock);
		uintptr_t stack = list_pop_locked();

		spin_unlock_irqrestore(&kmap_lock, flags);
		if (!stack)
			return freed;
		slot_unmap(stack - KERNEL_STACK_SIZE);
		freed += STACK_PAGES;
	}
}

bool kstack_is_guard(uintptr_t addr)
{
	return ((addr >= KMAP_STACKS_BASE && addr < KMAP_STACKS_END) ||
		addr - (BOOT_STACK_TOP - KERNEL_STACK_SLOT) <
			KERNEL_STACK_SIZE) &&
	       !(addr & KERNEL_STACK_SIZE);
}
