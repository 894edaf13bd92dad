// SPDX-License-Identifier: MIT
/*
 * The order check of sleeping locks (core/lock.h), in debug builds: each thread
 * remembers the ranks that it holds.
 */
#pragma once

#include <lib/types.h>

#if KEEL_DEBUG
/* Panics unless rank may be taken after all that this thread holds. */
void lock_order_acquire(unsigned rank);
/* A trylock cannot deadlock: only remember it. */
void lock_order_acquire_try(unsigned rank);
void lock_order_release(unsigned rank);
#else
static inline void lock_order_acquire(unsigned rank)
{
	(void)rank;
}
static inline void lock_order_acquire_try(unsigned rank)
{
	(void)rank;
}
static inline void lock_order_release(unsigned rank)
{
	(void)rank;
}
#endif
