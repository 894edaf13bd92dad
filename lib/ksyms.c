// SPDX-License-Identifier: MIT
/*
 * Look-up in the table of function names; site_scons/site_tools/ksyms.py
 * writes it.  Used in panics: takes no locks, allocates nothing.
 */
#include <lib/ksyms.h>

#define FIRST_TOKEN 0x80
#define MARK_EVERY  64
#define TOKEN_DEPTH 32 /* of pairs in pairs; far more than names need */

extern const uint64_t ksyms_base;
extern const uint32_t ksyms_count;
extern const uint32_t ksyms_offsets[];
extern const uint32_t ksyms_marks[];
extern const uint8_t ksyms_tokens[][2];
extern const uint8_t ksyms_names[];

/* The last function that starts at or before offset. */
static uint32_t find_index(uintptr_t offset)
{
	uint32_t low = 0;
	uint32_t high = ksyms_count;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (ksyms_offsets[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Append what one byte of the table stands for. */
static size_t expand(uint8_t byte, char *name, size_t len)
{
	uint8_t stack[TOKEN_DEPTH];
	unsigned depth = 0;

	stack[depth++] = byte;
	while (depth && len < KSYM_NAME_MAX - 1) {
		byte = stack[--depth];
		if (byte < FIRST_TOKEN) {
			name[len++] = byte;
		} else if (depth + 2 <= TOKEN_DEPTH) {
			stack[depth++] = ksyms_tokens[byte - FIRST_TOKEN][1];
			stack[depth++] = ksyms_tokens[byte - FIRST_TOKEN][0];
		}
	}
	return len;
}

static void get_name(uint32_t index, char *name)
{
	const uint8_t *entry = ksyms_names + ksyms_marks[index / MARK_EVERY];
	size_t len = 0;
	unsigned i;

	for (i = 0; i < index % MARK_EVERY; i++)
		entry += 1 + entry[0];
	for (i = 1; i <= entry[0]; i++)
		len = expand(entry[i], name, len);
	name[len] = '\0';
}

bool ksym_lookup(uintptr_t addr, char name[KSYM_NAME_MAX], uintptr_t *offset)
{
	uint32_t index;

	if (!ksyms_count || addr < ksyms_base)
		return false;
	index = find_index(addr - ksyms_base);
	get_name(index, name);
	*offset = addr - ksyms_base - ksyms_offsets[index];
	return true;
}
