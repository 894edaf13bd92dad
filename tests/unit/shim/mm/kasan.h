// SPDX-License-Identifier: MIT
/*
 * Stands for kernel/mm/kasan.h on the host: redzones as in debug builds, but
 * nobody watches them, since slab.c is judged by the host's own sanitizer here.
 */
#pragma once

#include <lib/types.h>

enum kasan_state {
	KASAN_REDZONE,
	KASAN_FREE_OBJECT,
	KASAN_PAGE_TAIL,
	KASAN_FREE_PAGE
};

#define KASAN_GRANULE      8ul
#define KASAN_SLAB_REDZONE 16ul

static inline void kasan_poison(const void *addr, size_t size,
				enum kasan_state state)
{
	(void)addr;
	(void)size;
	(void)state;
}

static inline void kasan_unpoison(const void *addr, size_t size)
{
	(void)addr;
	(void)size;
}

static inline bool kasan_is_poisoned(const void *addr)
{
	(void)addr;
	return false;
}

/* Panics: kfree() of what is no allocated object. */
void kasan_report_free(const void *addr, uintptr_t pc);
