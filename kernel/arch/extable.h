// SPDX-License-Identifier: MIT
/*
 * Instructions that may fault, and where to go on when they do.
 *
 * Entries come from the FIXUP macro of extable.inc, which the linker puts
 * into one table.  It is sorted, as extable_init() checks, because each file
 * writes its entries in the order of its code and files are linked in order.
 */
#pragma once

#include <lib/types.h>

/* Check that the table is sorted.  Once at boot. */
void extable_init(void);

/* Where to go on after a fault at pc, or 0.  Context: any. */
uintptr_t extable_find(uintptr_t pc);
