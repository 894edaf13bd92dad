// SPDX-License-Identifier: MIT
/*
 * The kernel's address sanitizer, in debug builds: the allocators say which
 * bytes of memory may be touched, and the compiler asks before each access.
 */
#pragma once

#include <lib/types.h>

/* Why bytes may not be touched: values of their shadow byte. */
enum kasan_state {
	KASAN_REDZONE = 0xfa,     /* behind an object, or what was asked for */
	KASAN_FREE_OBJECT = 0xfb, /* of a slab */
	KASAN_PAGE_TAIL = 0xfe,   /* a kmalloc() in pages asked for less */
	KASAN_FREE_PAGE = 0xff
};

/* Pieces of memory with one state each; poisoned memory starts at such one. */
#define KASAN_GRANULE 8ul

/*
 * Bytes behind each object of a slab that nobody may touch.  The last eight
 * remember who allocated and who freed it.
 */
#define KASAN_SLAB_REDZONE (KEEL_DEBUG ? 16ul : 0ul)

#if KEEL_DEBUG

/*
 * Forbid, allow.  Both start at a granule; poison ends at one, and what is
 * allowed may end within one.  Addresses are of the direct map.  Any context;
 * the memory is the caller's.
 */
void kasan_poison(const void *addr, size_t size, enum kasan_state state);
void kasan_unpoison(const void *addr, size_t size);

/* May this byte not be touched? */
bool kasan_is_poisoned(const void *addr);

/*
 * Panic: kfree() of what is not, or no longer, an allocated object.  pc is who
 * called it.
 */
__noreturn void kasan_report_free(const void *addr, uintptr_t pc);

/* Boot: a range of RAM and its shadow, as many bytes as granules plus one. */
void kasan_add_range(paddr_t start, size_t size, void *shadow);
/*
 * The shadow of memory up to end is filled in from now on and counts; memory
 * beyond may be touched by all.  Context: page allocator locked.
 */
void kasan_open_range(paddr_t end);

#else

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
static inline void kasan_report_free(const void *addr, uintptr_t pc)
{
	(void)addr;
	(void)pc;
}
static inline void kasan_add_range(paddr_t start, size_t size, void *shadow)
{
	(void)start;
	(void)size;
	(void)shadow;
}
static inline void kasan_open_range(paddr_t end)
{
	(void)end;
}

#endif
