// SPDX-License-Identifier: MIT
/*
 * The shadow of memory: which bytes may be touched, and the report when others
 * are.
 *
 * Each granule of eight bytes of RAM has a shadow byte: 0, all may be touched;
 * 1 to 7, only so many from its start; else enum kasan_state says why not.
 * The shadow of a range of RAM is an array beside its page array, filled in as
 * the range is taken into use (page_range.c), so that booting does not scale
 * with memory.  Only addresses of the direct map are judged: the image, stacks,
 * devices and users' memory have guard pages and rights instead.
 *
 * Nobody locks the shadow: a byte is written by who owns the memory.  A freed
 * object is known as such until it is allocated again; there is no quarantine.
 *
 * This file is not instrumented, or it would ask itself.
 */
#include "kasan_internal.h"

#include <stdio.h>

#include <arch/image.h>
#include <core/panic.h>
#include <lib/barrier.h>
#include <lib/ksyms.h>

#include "mm_internal.h"

struct shadow kasan_shadows[PAGE_RANGES_MAX];
unsigned kasan_nr_shadows;
static atomic_t reporting; /* the first report ends all checking */

void kasan_add_range(paddr_t start, size_t size, void *shadow)
{
	kasan_shadows[kasan_nr_shadows++] = (struct shadow){
		.start = (uintptr_t)phys_to_virt(start),
		.size = size,
		.bytes = shadow,
	};
}

static struct shadow *shadow_find(uintptr_t addr)
{
	for (unsigned i = 0; i < kasan_nr_shadows; i++) {
		if (addr - kasan_shadows[i].start < kasan_shadows[i].size)
			return &kasan_shadows[i];
	}
	return NULL;
}

void kasan_open_range(paddr_t end)
{
	uintptr_t last = (uintptr_t)phys_to_virt(end) - 1;
	struct shadow *shadow = shadow_find(last);

	/* Pairs with the barrier in kasan_check_closely(). */
	__atomic_store_n(&shadow->open, last + 1 - shadow->start,
			 __ATOMIC_RELEASE);
}

static uint8_t *shadow_of(const void *addr)
{
	const struct shadow *shadow = shadow_find((uintptr_t)addr);

	if (!shadow)
		panic("%p is in no range of memory", addr);
	return shadow->bytes +
	       ((uintptr_t)addr - shadow->start) / KASAN_GRANULE;
}

void kasan_poison(const void *addr, size_t size, enum kasan_state state)
{
	ASSERT(IS_ALIGNED((uintptr_t)addr | size, KASAN_GRANULE));
	if (size)
		__real_memset(shadow_of(addr), state, size / KASAN_GRANULE);
}

void kasan_unpoison(const void *addr, size_t size)
{
	uint8_t *byte;

	ASSERT(IS_ALIGNED((uintptr_t)addr, KASAN_GRANULE));
	if (!size)
		return;
	byte = shadow_of(addr);
	__real_memset(byte, 0, size / KASAN_GRANULE);
	if (size % KASAN_GRANULE)
		byte[size / KASAN_GRANULE] = size % KASAN_GRANULE;
}

/* How many bytes from there on are 0, in whole words, up to n. */
static size_t count_clear(const uint8_t *bytes, size_t n)
{
	const uint64_t *word = (const uint64_t *)(uintptr_t)bytes;
	size_t done = 0;

	if (!IS_ALIGNED((uintptr_t)bytes, sizeof(*word)))
		return 0;
	while (n - done >= sizeof(*word) && !*word++)
		done += sizeof(*word);
	return done;
}

/* Bytes of [addr, addr + size) that may be touched, from the front. */
static size_t count_good(uintptr_t addr, size_t size)
{
	const struct shadow *shadow = shadow_find(addr);
	size_t offset, done = 0;

	if (!shadow)
		return size;
	offset = addr - shadow->start;
	while (done < size && offset + done < shadow->open) {
		const uint8_t *byte =
			shadow->bytes + (offset + done) / KASAN_GRANULE;
		unsigned first = (offset + done) % KASAN_GRANULE;
		size_t clear = count_clear(byte, (size - done) / KASAN_GRANULE);
		size_t part = MIN(size - done, KASAN_GRANULE - first);

		if (clear)
			part = clear * KASAN_GRANULE - first;
		else if (*byte >= KASAN_GRANULE)
			return done;
		else if (*byte && first + part > *byte)
			return done + (first < *byte ? *byte - first : 0);
		done += part;
	}
	return size;
}

bool kasan_is_poisoned(const void *addr)
{
	return count_good((uintptr_t)addr, 1) == 0;
}

/* "function+0x12" */
static void describe_pc(uintptr_t pc, char *text, size_t size)
{
	char name[KSYM_NAME_MAX];
	uintptr_t offset;

	if (image_has_text(pc) && ksym_lookup(pc, name, &offset))
		snprintf(text, size, "%s+0x%lx", name, offset);
	else
		snprintf(text, size, "%lx", pc);
}

/* Whose memory it is: the object of a slab, or just a page. */
static void describe_memory(uintptr_t addr, char *text, size_t size)
{
	char allocator[KSYM_NAME_MAX + 8], freer[KSYM_NAME_MAX + 8];
	struct slab_object object;

	if (!slab_find_object((const void *)addr, &object)) {
		snprintf(text, size, "in page %lx",
			 ALIGN_DOWN(addr, PAGE_SIZE));
		return;
	}
	describe_pc(object.allocator, allocator, sizeof(allocator));
	describe_pc(object.freer, freer, sizeof(freer));
	snprintf(text, size,
		 "at +%ld of %s object %lx of %zu bytes, "
		 "allocated by %s, last freed by %s",
		 (long)(addr - object.start), object.cache, object.start,
		 object.size, object.allocator ? allocator : "nobody",
		 object.freer ? freer : "nobody");
}

/* What was done wrong, by the state of the first bad byte. */
static const char *describe_state(uint8_t state)
{
	if (state == KASAN_FREE_OBJECT)
		return "use after free";
	if (state == KASAN_FREE_PAGE)
		return "use of a free page";
	return "out of bounds";
}

/* False: another report has begun, and what it does is not judged. */
static bool report_begin(void)
{
	return !atomic_xchg(&reporting, 1);
}

static void report(uintptr_t bad, size_t size, bool is_write, uintptr_t pc)
{
	static char memory[2 * KSYM_NAME_MAX + 128];
	char where[KSYM_NAME_MAX + 8];
	const char *what = describe_state(*shadow_of((const void *)bad));

	if (!report_begin())
		return;
	describe_memory(bad, memory, sizeof(memory));
	describe_pc(pc, where, sizeof(where));
	panic("KASAN: %s: %s of %zu bytes in %s: %lx %s", what,
	      is_write ? "write" : "read", size, where, bad, memory);
}

void kasan_check_closely(uintptr_t addr, size_t size, bool is_write,
			 uintptr_t pc)
{
	size_t good;

	if (likely(count_good(addr, size) == size) ||
	    unlikely(atomic_load(&reporting)))
		return;
	/*
	 * Another hart may just have opened this part of the range, and its
	 * count may have come before its bytes: look again.  Pairs with the
	 * release in kasan_open_range().
	 */
	smp_mb();
	good = count_good(addr, size);
	if (good < size)
		report(addr + good, size, is_write, pc);
}

void kasan_report_free(const void *addr, uintptr_t pc)
{
	static char memory[2 * KSYM_NAME_MAX + 128];
	char where[KSYM_NAME_MAX + 8];

	report_begin();
	describe_memory((uintptr_t)addr, memory, sizeof(memory));
	describe_pc(pc, where, sizeof(where));
	panic("KASAN: %s in %s: %lx %s",
	      *shadow_of(addr) == KASAN_FREE_OBJECT ? "double free"
						    : "invalid free",
	      where, (uintptr_t)addr, memory);
}
