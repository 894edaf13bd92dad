// SPDX-License-Identifier: MIT
/*
 * The kernel map's lower half: device registers.
 *
 * Ranges in use are kept in a list ordered by address, first fit.  The list is
 * short (a handful of devices) and used at probe only.  Mappings are global and
 * in one root entry that exists since boot, so every address space sees them.
 * Nobody is told of a new mapping: a hart that remembers that nothing was there
 * faults once, and tries again (trap.c).  Of an end all are told at once.
 */
#include <arch/kmap.h>

#include <sys/queue.h>

#include <arch/image.h>
#include <arch/kmap_internal.h>
#include <arch/layout.h>
#include <arch/pgtable.h>
#include <arch/priv19.h>
#include <core/alloc.h>
#include <core/init.h>
#include <core/lock.h>

#define IO_BASE KMAP_BASE
#define IO_END  KMAP_STACKS_BASE

struct io_range {
	LIST_ENTRY(io_range) link; /* [kmap_lock] */
	uintptr_t start;           /* [I] */
	uintptr_t end;             /* [I] with one page that stays unmapped */
};

/* Guards the range list, and the tables below the kernel map's root entry. */
spinlock_t kmap_lock = SPINLOCK_INIT(LOCK_VM_TLB);
static LIST_HEAD(, io_range) io_ranges = LIST_HEAD_INITIALIZER(io_ranges);

static pte_t kmap_level1[PTES_PER_TABLE] __aligned(PAGE_SIZE)
	__section(".bss.page_aligned");

__init void kmap_init(void)
{
	for (unsigned i = 0; i < PTES_PER_TABLE; i++)
		kmap_level1[i] = 0;
	kernel_root[KMAP_BASE >> 30 & (PTES_PER_TABLE - 1)] =
		pte_make(image_to_phys(kmap_level1), PTE_V);
	sfence_all();
}

/* Enter a range of that size into the list; 0: no room.  kmap_lock is held. */
static uintptr_t range_insert_locked(struct io_range *range, size_t size)
{
	struct io_range *other;
	struct io_range *before = NULL;
	uintptr_t start = IO_BASE;

	LIST_FOREACH (other, &io_ranges, link) {
		if (size <= other->start - start)
			break;
		start = other->end;
		before = other;
	}
	if (size > IO_END - start)
		return 0;
	range->start = start;
	range->end = start + size;
	if (before)
		LIST_INSERT_AFTER(before, range, link);
	else
		LIST_INSERT_HEAD(&io_ranges, range, link);
	return start;
}

static void unmap_pages_locked(uintptr_t va, uintptr_t end)
{
	for (; va < end; va += PAGE_SIZE) {
		pte_t *pte = pgtable_walk(kernel_root, va, false);

		if (pte)
			*pte = 0;
	}
}

static bool map_pages_locked(uintptr_t va, paddr_t pa, size_t size)
{
	for (size_t done = 0; done < size; done += PAGE_SIZE) {
		pte_t *pte = pgtable_walk(kernel_root, va + done, true);

		if (!pte) {
			unmap_pages_locked(va, va + done);
			return false;
		}
		*pte = pte_make(pa + done, PTE_KERNEL_RW);
	}
	return true;
}

void __iomem *kmap_io(paddr_t pa, size_t size)
{
	struct io_range *range;
	size_t offset = pa & PAGE_MASK;
	unsigned long flags;
	uintptr_t va;

	if (size == 0 || size > KMAP_SIZE || pa > (1ull << 56) - size)
		return NULL;
	range = kzalloc(sizeof(*range));
	if (!range)
		return NULL;

	size = ALIGN_UP(size + offset, PAGE_SIZE);
	flags = spin_lock_irqsave(&kmap_lock);
	va = range_insert_locked(range, size + PAGE_SIZE);
	if (va && !map_pages_locked(va, pa - offset, size)) {
		LIST_REMOVE(range, link);
		va = 0;
	}
	spin_unlock_irqrestore(&kmap_lock, flags);
	if (!va) {
		kfree(range);
		return NULL;
	}
	return (void __iomem *)(va + offset);
}

bool kmap_fault_is_spurious(uintptr_t addr)
{
	const pte_t *pte;

	if (addr < KMAP_BASE || addr >= KMAP_BASE + KMAP_SIZE)
		return false;
	pte = pgtable_walk(kernel_root, addr, false);
	/* All pages here are readable and writable, so valid is enough. */
	if (!pte || !(*pte & PTE_V))
		return false;
	tlb_flush_page_local(addr);
	return true;
}

static struct io_range *range_remove_locked(uintptr_t start)
{
	struct io_range *range;

	LIST_FOREACH (range, &io_ranges, link) {
		if (range->start == start) {
			LIST_REMOVE(range, link);
			return range;
		}
	}
	return NULL;
}

void kunmap_io(void __iomem *addr, size_t size)
{
	uintptr_t start = ALIGN_DOWN((uintptr_t)addr, PAGE_SIZE);
	uintptr_t end = ALIGN_UP((uintptr_t)addr + size, PAGE_SIZE);
	struct io_range *range;
	unsigned long flags;

	flags = spin_lock_irqsave(&kmap_lock);
	unmap_pages_locked(start, end);
	spin_unlock_irqrestore(&kmap_lock, flags);
	tlb_flush_kernel_range(start, end);

	flags = spin_lock_irqsave(&kmap_lock);
	range = range_remove_locked(start);
	spin_unlock_irqrestore(&kmap_lock, flags);
	kfree(range);
}
