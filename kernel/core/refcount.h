// SPDX-License-Identifier: MIT
/*
 * Reference counts that saturate instead of wrapping: an overflow leaks the
 * object, it never frees it under its users.
 */
#pragma once

#include <lib/atomic.h>

#include <core/panic.h>

typedef struct {
	atomic_t count;
} refcount_t;

#define REFCOUNT_INIT(n)                                                       \
	{                                                                      \
		.count = ATOMIC_INIT(n)                                        \
	}
#define REFCOUNT_MAX 0x40000000

static inline void refcount_set(refcount_t *refs, int n)
{
	atomic_store(&refs->count, n);
}

static inline int refcount_read(const refcount_t *refs)
{
	return atomic_load(&refs->count);
}

/* Take one more reference; the caller holds one already. */
static inline void refcount_get(refcount_t *refs)
{
	int old = atomic_fetch_add(&refs->count, 1);

	ASSERT(old > 0);
	if (unlikely(old >= REFCOUNT_MAX))
		atomic_store(&refs->count, REFCOUNT_MAX);
}

/* Take a reference unless the count is zero (the object is being freed). */
static inline bool refcount_get_unless_zero(refcount_t *refs)
{
	int old = atomic_load(&refs->count);

	while (old) {
		if (atomic_cmpxchg(&refs->count, &old, old + 1))
			return true;
	}
	return false;
}

/* Drop one.  True when it was the last: the caller frees the object. */
static inline bool refcount_put(refcount_t *refs)
{
	int old = atomic_fetch_sub(&refs->count, 1);

	ASSERT(old > 0);
	return old == 1;
}
