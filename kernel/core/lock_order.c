// SPDX-License-Identifier: MIT
/*
 * The order check of sleeping locks; built into debug kernels only.  What a
 * thread holds is its own affair, so nothing here needs a lock.
 */
#include "lock_order.h"

#include <core/lock.h>
#include <core/panic.h>
#include <core/thread.h>

/* Ranks of which a thread may hold several; core/lock.h says in which order. */
static bool rank_has_equals(unsigned rank)
{
	return rank == LOCK_INODE || rank == LOCK_INODE_CHILD ||
	       rank == LOCK_PAGE || rank == LOCK_BUFFER;
}

void lock_order_acquire_try(unsigned rank)
{
	struct lock_held *held = &current_thread()->locks;

	if (held->depth == ARRAY_SIZE(held->ranks))
		panic("a thread holds more than %u sleeping locks",
		      (unsigned)held->depth);
	held->ranks[held->depth++] = (uint16_t)rank;
}

void lock_order_acquire(unsigned rank)
{
	const struct lock_held *held = &current_thread()->locks;

	for (unsigned i = 0; i < held->depth; i++) {
		unsigned other = held->ranks[i];

		if (other > rank || (other == rank && !rank_has_equals(rank)))
			panic("lock order: rank %u taken while %u is held",
			      rank, other);
	}
	lock_order_acquire_try(rank);
}

void lock_order_release(unsigned rank)
{
	struct lock_held *held = &current_thread()->locks;
	unsigned i = held->depth;

	while (i-- > 0) {
		if (held->ranks[i] != rank)
			continue;
		held->depth--;
		for (; i < held->depth; i++)
			held->ranks[i] = held->ranks[i + 1];
		return;
	}
	panic("a lock of rank %u is released but not held", rank);
}
