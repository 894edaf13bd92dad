// SPDX-License-Identifier: MIT
/* Between the shadow (kasan.c) and those who ask it (kasan_calls.c). */
#pragma once

#include <lib/types.h>

#include <mm/kasan.h>

/* A range of RAM.  Filled in at boot, in the order of page_ranges. */
struct shadow {
	uintptr_t start; /* [I] in the direct map */
	size_t size;     /* [I] bytes of RAM */
	size_t open;     /* [a] of these, from the start, are judged */
	/* [I] one byte a granule, and one more: kasan_check() peeks */
	uint8_t *bytes;
};
extern struct shadow kasan_shadows[];
extern unsigned kasan_nr_shadows; /* [I] after boot */

/*
 * Panic with a report unless all of [addr, addr + size) may be touched.
 * pc is where the access is.  Any context.
 */
void kasan_check_closely(uintptr_t addr, size_t size, bool is_write,
			 uintptr_t pc);

/* The same; nearly all accesses are soon found to be good. */
static inline void kasan_check(const void *addr, size_t size, bool is_write,
			       uintptr_t pc)
{
	const struct shadow *shadow = &kasan_shadows[0];
	size_t offset = (uintptr_t)addr - shadow->start;

	if (likely(offset < shadow->size)) {
		const uint8_t *bytes = shadow->bytes;
		size_t last = offset + size - 1;

		if (size - 1 < KASAN_GRANULE &&
		    !(bytes[offset / KASAN_GRANULE] |
		      bytes[last / KASAN_GRANULE]))
			return;
	} else if (kasan_nr_shadows <= 1) {
		return;
	}
	kasan_check_closely((uintptr_t)addr, size, is_write, pc);
}

/* memset() that asks nobody: the linker's name for it (--wrap). */
void *__real_memset(void *dst, int c, size_t n);
