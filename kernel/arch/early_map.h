// SPDX-License-Identifier: MIT
/* What head.S calls before paging is on. */
#pragma once

#include <lib/types.h>

extern char boot_stack[];

/*
 * Fill the first page tables for an image at that physical address.  Returns
 * the value for satp.  Context: paging off, bss clear.
 */
uint64_t early_map_image(paddr_t image);
