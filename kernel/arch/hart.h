// SPDX-License-Identifier: MIT
/*
 * Per-hart data, and what a hart can do to itself and to others.
 */
#pragma once

#include <lib/atomic.h>
#include <lib/csr.h>

#include <core/thread.h>

#define HART_MAX 64 /* affinity masks are 64 bits */

struct run_queue;
struct timer_queue;

/*
 * One per hart that the device tree names as usable, made at boot.
 * [I] immutable after boot, [h] only this hart, interrupts off, [a] atomic
 */
struct hart {
	unsigned index;   /* [I] 0 .. hart_count() - 1; the boot hart is 0 */
	unsigned long id; /* [I] as the SBI and the device tree name it */
	struct thread *running;     /* [h] */
	struct thread *idle;        /* [I] */
	struct run_queue *rq;       /* [I] of core/thread.c */
	struct timer_queue *timers; /* [I] of core/timer.c */
	unsigned preempt_count;     /* [h] spinlocks held, in debug builds */
	unsigned irq_depth;         /* [h] nested interrupt handlers */
	atomic_t ipi_pending;       /* [a] enum ipi bits */
	bool online;                /* [a] runs threads */
	struct thread *fp_owner;  /* [h] whose FP registers it holds, or NULL */
	uint64_t *root;           /* [h] page-table root in satp */
	uint64_t asid_generation; /* [h] of arch/asid.c: of its TLB's entries */
	uintptr_t stack_cache; /* [h] of arch/kstack.c: free stacks, linked */
	unsigned nr_cached_stacks; /* [h] */
	int kstack_generation;     /* [h] of arch/kmap_internal.h, last seen */
	struct page *free_pages;   /* [h] cache of mm/page_alloc.c */
	unsigned nr_free_pages;    /* [h] */
	uint64_t *clean_tables;    /* [h] of arch/pgtable.c */
	unsigned nr_clean_tables;  /* [h] */
	struct slab_hart *slabs;   /* [h] caches of mm/slab.c */
#if KEEL_DEBUG
	unsigned short spin_base;  /* [h] first that the running handler took */
	unsigned short spin_depth; /* [h] */
	unsigned short spin_ranks[16]; /* [h] */
#endif
};

/* Valid while pre-emption is off (a spinlock is held or interrupts are off). */
static inline struct hart *this_hart(void)
{
	return current_thread()->hart;
}

unsigned hart_count(void);   /* online harts, indices 0 to n - 1 */
uint64_t harts_online(void); /* the same as a mask, bit per index */
struct hart *hart_by_index(unsigned index); /* NULL beyond the last */
#define for_each_hart(h)                                                       \
	for (unsigned i_ = 0; ((h) = hart_by_index(i_)) != NULL; i_++)

/* Interrupts of this hart. */
static inline unsigned long irq_save(void)
{
	return csr_read_clear(CSR_SSTATUS, SSTATUS_SIE) & SSTATUS_SIE;
}
static inline void irq_restore(unsigned long flags)
{
	csr_set(CSR_SSTATUS, flags);
}
static inline void irq_enable(void)
{
	csr_set(CSR_SSTATUS, SSTATUS_SIE);
}
static inline void irq_disable(void)
{
	csr_clear(CSR_SSTATUS, SSTATUS_SIE);
}
static inline bool irqs_are_on(void)
{
	return csr_read(CSR_SSTATUS) & SSTATUS_SIE;
}

/* Make another hart look at its ipi_pending.  Any context. */
enum ipi {
	IPI_RESCHED = 1 << 0, /* look at thread->flags */
	IPI_CALL = 1 << 1,    /* run the function of hart_call_others() */
	IPI_STOP = 1 << 2     /* panic: stop for good */
};
void hart_send_ipi(struct hart *hart, enum ipi ipi);

/* Run fn(arg) on all other online harts, interrupts off, and wait.
 * Context: interrupts on, no spinlock held. */
void hart_call_others(void (*fn)(void *arg), void *arg);

/*
 * Bring up the other harts (HSM) and let them run threads.  Needs everything
 * that a thread needs.  Context: thread; sleeps.
 */
void hart_start_others(void);

/* Wait for an interrupt; called and returns with interrupts off. */
void hart_idle(void);

/* Restart or switch off by SBI SRST.  Do not return. */
__noreturn void arch_poweroff(bool failure);
__noreturn void arch_reboot(void);
