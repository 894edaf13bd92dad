/* SPDX-License-Identifier: MIT */
/*
 * Atomic integers of 32 and 64 bits.
 *
 * atomic_load() and atomic_store() order nothing; _acquire and _release say
 * what they do, and pair with one another.  All that read and write in one
 * step (add, sub, or, and, xchg, cmpxchg) are fully ordered, unless their name
 * ends in _relaxed.  The compiler turns each into one AMO or an LR/SC loop.
 */
#pragma once

#include <lib/types.h>

typedef struct {
	int v;
} atomic_t;

typedef struct {
	int64_t v;
} atomic64_t;

#define ATOMIC_INIT(n)                                                         \
	{                                                                      \
		.v = (n)                                                       \
	}

#define ATOMIC_DEFINE(name, atomic, type)                                      \
	static inline type name##_load(const atomic *a)                        \
	{                                                                      \
		return __atomic_load_n(&a->v, __ATOMIC_RELAXED);               \
	}                                                                      \
                                                                               \
	static inline type name##_load_acquire(const atomic *a)                \
	{                                                                      \
		return __atomic_load_n(&a->v, __ATOMIC_ACQUIRE);               \
	}                                                                      \
                                                                               \
	static inline void name##_store(atomic *a, type v)                     \
	{                                                                      \
		__atomic_store_n(&a->v, v, __ATOMIC_RELAXED);                  \
	}                                                                      \
                                                                               \
	static inline void name##_store_release(atomic *a, type v)             \
	{                                                                      \
		__atomic_store_n(&a->v, v, __ATOMIC_RELEASE);                  \
	}                                                                      \
                                                                               \
	static inline void name##_add(atomic *a, type v)                       \
	{                                                                      \
		__atomic_fetch_add(&a->v, v, __ATOMIC_SEQ_CST);                \
	}                                                                      \
                                                                               \
	static inline void name##_add_relaxed(atomic *a, type v)               \
	{                                                                      \
		__atomic_fetch_add(&a->v, v, __ATOMIC_RELAXED);                \
	}                                                                      \
                                                                               \
	static inline void name##_sub(atomic *a, type v)                       \
	{                                                                      \
		__atomic_fetch_sub(&a->v, v, __ATOMIC_SEQ_CST);                \
	}                                                                      \
                                                                               \
	/* The new value. */                                                   \
	static inline type name##_add_return(atomic *a, type v)                \
	{                                                                      \
		return __atomic_add_fetch(&a->v, v, __ATOMIC_SEQ_CST);         \
	}                                                                      \
                                                                               \
	/* The new value. */                                                   \
	static inline type name##_sub_return(atomic *a, type v)                \
	{                                                                      \
		return __atomic_sub_fetch(&a->v, v, __ATOMIC_SEQ_CST);         \
	}                                                                      \
                                                                               \
	/* The old value. */                                                   \
	static inline type name##_fetch_add(atomic *a, type v)                 \
	{                                                                      \
		return __atomic_fetch_add(&a->v, v, __ATOMIC_SEQ_CST);         \
	}                                                                      \
                                                                               \
	/* The old value. */                                                   \
	static inline type name##_fetch_sub(atomic *a, type v)                 \
	{                                                                      \
		return __atomic_fetch_sub(&a->v, v, __ATOMIC_SEQ_CST);         \
	}                                                                      \
                                                                               \
	/* The old value. */                                                   \
	static inline type name##_fetch_or(atomic *a, type v)                  \
	{                                                                      \
		return __atomic_fetch_or(&a->v, v, __ATOMIC_SEQ_CST);          \
	}                                                                      \
                                                                               \
	/* The old value. */                                                   \
	static inline type name##_fetch_and(atomic *a, type v)                 \
	{                                                                      \
		return __atomic_fetch_and(&a->v, v, __ATOMIC_SEQ_CST);         \
	}                                                                      \
                                                                               \
	/* The old value. */                                                   \
	static inline type name##_xchg(atomic *a, type v)                      \
	{                                                                      \
		return __atomic_exchange_n(&a->v, v, __ATOMIC_SEQ_CST);        \
	}                                                                      \
                                                                               \
	/* Store v if *expected is there; else put what is there in it. */     \
	static inline bool name##_cmpxchg(atomic *a, type *expected, type v)   \
	{                                                                      \
		return __atomic_compare_exchange_n(&a->v, expected, v, false,  \
						   __ATOMIC_SEQ_CST,           \
						   __ATOMIC_SEQ_CST);          \
	}

ATOMIC_DEFINE(atomic, atomic_t, int)
ATOMIC_DEFINE(atomic64, atomic64_t, int64_t)

#undef ATOMIC_DEFINE
