// SPDX-License-Identifier: MIT
/*
 * Bitmaps as they are on disk, least significant bit first, searched by
 * words.  Maps are aligned to 8 bytes and end at a multiple of 64 bits, as the
 * blocks that hold them do.
 */
#include "ext4_internal.h"

#define WORD_BITS 64u

/* First bit of [start, end) that differs from those of the word flip. */
static uint32_t bitmap_next(const uint64_t *map, uint64_t flip, uint32_t start,
			    uint32_t end)
{
	uint32_t word = start / WORD_BITS;
	uint64_t bits;

	if (start >= end)
		return end;
	bits = (map[word] ^ flip) & (~0ull << start % WORD_BITS);
	while (!bits) {
		word++;
		if (word * WORD_BITS >= end)
			return end;
		bits = map[word] ^ flip;
	}
	start = word * WORD_BITS + (uint32_t)__builtin_ctzll(bits);
	return MIN(start, end);
}

uint32_t bitmap_next_zero(const void *map, uint32_t start, uint32_t end)
{
	return bitmap_next(map, ~0ull, start, end);
}

uint32_t bitmap_next_set(const void *map, uint32_t start, uint32_t end)
{
	return bitmap_next(map, 0, start, end);
}

/* The bits of the first word of a range, and how many they are. */
static uint64_t bitmap_head(uint32_t start, uint32_t count, uint32_t *n)
{
	uint32_t shift = start % WORD_BITS;

	*n = MIN(WORD_BITS - shift, count);
	return (*n == WORD_BITS ? ~0ull : (1ull << *n) - 1) << shift;
}

void bitmap_set(void *map, uint32_t start, uint32_t count)
{
	uint64_t *words = map;
	uint32_t n;

	for (; count; start += n, count -= n)
		words[start / WORD_BITS] |= bitmap_head(start, count, &n);
}

void bitmap_clear(void *map, uint32_t start, uint32_t count)
{
	uint64_t *words = map;
	uint32_t n;

	for (; count; start += n, count -= n)
		words[start / WORD_BITS] &= ~bitmap_head(start, count, &n);
}

void bitmap_clear_set(void *map, const void *set, uint32_t start, uint32_t end)
{
	const uint64_t *from = set;
	uint64_t *words = map;
	uint32_t n;

	for (; start < end; start += n) {
		uint32_t word = start / WORD_BITS;

		words[word] &=
			~(from[word] & bitmap_head(start, end - start, &n));
	}
}

bool bitmap_test(const void *map, uint32_t bit)
{
	const uint64_t *words = map;

	return words[bit / WORD_BITS] >> bit % WORD_BITS & 1;
}
