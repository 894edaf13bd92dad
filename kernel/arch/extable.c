// SPDX-License-Identifier: MIT
/*
 * The exception table: a binary search over what FIXUP() left in .extable.
 * It is read-only and in link order, so it needs no lock and no sorting.
 */
#include <arch/extable.h>

#include <arch/image.h>
#include <core/panic.h>

/* Distances from each member itself, so that the table holds at any address. */
struct extable_entry {
	int32_t insn;
	int32_t target;
};

static uintptr_t entry_insn(const struct extable_entry *entry)
{
	return (uintptr_t)&entry->insn + (intptr_t)entry->insn;
}

static uintptr_t entry_target(const struct extable_entry *entry)
{
	return (uintptr_t)&entry->target + (intptr_t)entry->target;
}

void extable_init(void)
{
	const struct extable_entry *entry = (void *)extable_start;
	const struct extable_entry *end = (void *)extable_end;

	for (; entry + 1 < end; entry++)
		BUG_ON(entry_insn(entry) >= entry_insn(entry + 1));
}

uintptr_t extable_find(uintptr_t pc)
{
	const struct extable_entry *low = (void *)extable_start;
	const struct extable_entry *high = (void *)extable_end;

	while (low < high) {
		const struct extable_entry *mid = low + (high - low) / 2;
		uintptr_t insn = entry_insn(mid);

		if (insn == pc)
			return entry_target(mid);
		if (insn < pc)
			low = mid + 1;
		else
			high = mid;
	}
	return 0;
}
