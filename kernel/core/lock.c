// SPDX-License-Identifier: MIT
/*
 * The slow part of spinlocks, and the checks of debug builds.
 *
 * In debug builds each hart keeps the ranks of the spinlocks that it holds and
 * panics when one is taken out of the order of core/lock.h.
 */
#include <core/lock.h>

#include <arch/hart.h>
#include <core/panic.h>
#include <lib/barrier.h>

void spin_wait(spinlock_t *lock)
{
	/* Reading leaves the line to the holder until there is something to win. */
	do {
		while (__atomic_load_n(&lock->locked, __ATOMIC_RELAXED))
			cpu_relax();
	} while (__atomic_exchange_n(&lock->locked, 1, __ATOMIC_ACQUIRE));
}

#if KEEL_DEBUG
/* Run queues of two harts are the one pair of equals: lower hart first. */
static bool rank_has_equals(unsigned rank)
{
	return rank == LOCK_RUNQUEUE || rank == LOCK_FUTEX;
}

void spin_debug_check(const spinlock_t *lock)
{
	const struct hart *hart = this_hart();

	for (unsigned i = hart->spin_base; i < hart->spin_depth; i++) {
		unsigned other = hart->spin_ranks[i];

		if (other > lock->rank ||
		    (other == lock->rank && !rank_has_equals(other)))
			panic("lock order: spinlock of rank %u taken while "
			      "one of rank %u is held",
			      lock->rank, other);
	}
}

void spin_debug_acquired(spinlock_t *lock)
{
	struct hart *hart = this_hart();

	ASSERT(lock->rank != 0);
	ASSERT(hart->spin_depth < ARRAY_SIZE(hart->spin_ranks));
	hart->spin_ranks[hart->spin_depth++] = lock->rank;
	hart->preempt_count++;
	lock->hart = (uint16_t)(hart->index + 1);
}

void spin_debug_release(spinlock_t *lock)
{
	struct hart *hart = this_hart();
	unsigned i = hart->spin_depth;

	ASSERT(spin_is_held(lock));
	lock->hart = 0;
	hart->preempt_count--;
	while (i-- > 0) {
		if (hart->spin_ranks[i] != lock->rank)
			continue;
		hart->spin_depth--;
		for (; i < hart->spin_depth; i++)
			hart->spin_ranks[i] = hart->spin_ranks[i + 1];
		return;
	}
	panic("a spinlock of rank %u is released but not held", lock->rank);
}

unsigned spin_debug_irq_enter(void)
{
	struct hart *hart = this_hart();
	unsigned base = hart->spin_base;

	hart->spin_base = hart->spin_depth;
	return base;
}

void spin_debug_irq_exit(unsigned base)
{
	struct hart *hart = this_hart();

	ASSERT(hart->spin_depth == hart->spin_base);
	hart->spin_base = (unsigned short)base;
}

bool spin_is_held(const spinlock_t *lock)
{
	return lock->hart == this_hart()->index + 1;
}
#else
bool spin_is_held(const spinlock_t *lock)
{
	return __atomic_load_n(&lock->locked, __ATOMIC_RELAXED);
}
#endif
