// SPDX-License-Identifier: MIT
/*
 * The next stage; see next.h.
 *
 * fw_dynamic is OpenSBI's convention (docs/firmware/fw_dynamic.md there): a2
 * points to words that say where to go on.  Version 2 adds the boot hart.
 */
#include "next.h"

#include <lib/image.h>

#include "access.h"
#include "memory.h"

#define DYNAMIC_MAGIC  0x4942534f /* "OSBI" */
#define DYNAMIC_MODE_S 1

#define IMAGE_ALIGNMENT 0x200000 /* of rv64 kernels before text_offset */

/* Words of struct fw_dynamic_info, each of 8 bytes. */
enum {
	DYNAMIC_WORD_MAGIC,
	DYNAMIC_WORD_VERSION,
	DYNAMIC_WORD_NEXT_ADDR,
	DYNAMIC_WORD_NEXT_MODE,
	DYNAMIC_WORD_OPTIONS,
	DYNAMIC_WORD_BOOT_HART, /* version 2 */
	NR_DYNAMIC_WORDS,
};

/* From the linker script; the payload may be empty. */
extern char payload_start[];
extern char payload_end[];
extern char fw_end[];

/* Read the words; info may be garbage.  false: it is. */
static bool read_dynamic(uint64_t info, uint64_t words[NR_DYNAMIC_WORDS])
{
	struct access_result word;
	int i, count = DYNAMIC_WORD_BOOT_HART;

	if (!info || !IS_ALIGNED(info, 8))
		return false;
	words[DYNAMIC_WORD_BOOT_HART] = -1ul;
	for (i = 0; i < count; i++) {
		word = access_load(info + 8 * i, 8);
		if (word.fault)
			return false;
		words[i] = word.value;
		if (i == DYNAMIC_WORD_VERSION && words[i] >= 2)
			count = NR_DYNAMIC_WORDS;
	}
	return words[DYNAMIC_WORD_MAGIC] == DYNAMIC_MAGIC &&
	       words[DYNAMIC_WORD_VERSION] >= 1;
}

/* The size that a kernel's own header gives; one page for anything else. */
static uint64_t image_size(uint64_t start)
{
	const struct image_header *header = (const void *)start;

	if (memory_is_shareable(start, sizeof(*header)) &&
	    IS_ALIGNED(start, 8) && le64_to_cpu(header->magic) == IMAGE_MAGIC1)
		return le64_to_cpu(header->image_size);
	return 4096;
}

/* Forwards, in words: both ends are aligned, and do not overlap. */
static void copy_words(uint64_t *to, const uint64_t *from, uint64_t size)
{
	const uint64_t *end = from + DIV_ROUND_UP(size, 32) * 4;

	for (; from < end; from += 4, to += 4) {
		uint64_t a = from[0], b = from[1], c = from[2], d = from[3];

		to[0] = a;
		to[1] = b;
		to[2] = c;
		to[3] = d;
	}
}

static uint64_t payload_size(void)
{
	return (uint64_t)payload_end - (uint64_t)payload_start;
}

static const char *place_payload(uint64_t area_bytes, struct next_stage *next)
{
	const struct image_header *header = (const void *)payload_start;
	uint64_t size = payload_size();
	uint64_t taken =
		MAX((uint64_t)payload_end, (uint64_t)fw_end + area_bytes);
	struct dt_range image;

	image.start = ALIGN_UP(taken, IMAGE_ALIGNMENT) +
		      le64_to_cpu(header->text_offset) % IMAGE_ALIGNMENT;
	image.size = MAX(le64_to_cpu(header->image_size), size);
	if (!memory_is_shareable(image.start, image.size))
		return "no room for the bundled kernel";
	copy_words((uint64_t *)image.start, (const uint64_t *)payload_start,
		   size);
	next->image = image;
	next->origin = "the bundled kernel";
	return NULL;
}

const char *next_find(const void *fdt, uint64_t info, uint64_t area_bytes,
		      struct next_stage *next)
{
	uint64_t words[NR_DYNAMIC_WORDS], start = 0;
	bool is_dynamic = read_dynamic(info, words);
	int chosen = dt_find_path(fdt, "/chosen", 7);

	next->boot_hart = is_dynamic ? words[DYNAMIC_WORD_BOOT_HART] : -1ul;
	next->origin = "as the loader says";
	if (is_dynamic && words[DYNAMIC_WORD_NEXT_MODE] == DYNAMIC_MODE_S)
		start = words[DYNAMIC_WORD_NEXT_ADDR];
	if (!start && payload_size())
		return place_payload(area_bytes, next);
	if (!start && chosen >= 0 &&
	    !dt_get_number(fdt, chosen, "riscv,kernel-start", &start))
		next->origin = "by /chosen";
	if (!start)
		return "nothing to boot: no -kernel, no bundled kernel";
	next->image.start = start;
	next->image.size = image_size(start);
	return NULL;
}
