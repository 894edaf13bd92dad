// SPDX-License-Identifier: MIT
/*
 * What cases ask about the machine: see machine.h.
 */
#include "machine.h"

#include <lib/fdt.h>

#include "guest.h"

uint8_t scratch[SCRATCH_SIZE] __aligned(4096);

static const void *tree;

void machine_init(const void *fdt)
{
	tree = fdt;
}

const void *machine_tree(void)
{
	return tree;
}

uint64_t machine_firmware(void)
{
	struct dt_cursor cursor = { 0 };
	struct dt_range range;
	uint64_t lowest = 0;

	while (dt_next_reservation(tree, &cursor, &range)) {
		if (range.size && (!lowest || range.start < lowest))
			lowest = range.start;
	}
	return lowest;
}

uint64_t machine_firmware_end(void)
{
	uint64_t end = machine_firmware();
	struct dt_cursor cursor = { 0 };
	struct dt_range range;

	while (dt_next_reservation(tree, &cursor, &range)) {
		if (range.size && range.start == end) {
			end += range.size;
			cursor = (struct dt_cursor){ 0 };
		}
	}
	return end;
}

bool machine_is_priv19(void)
{
	return extension_is_there(SBI_EXT_K210);
}
