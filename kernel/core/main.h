// SPDX-License-Identifier: MIT
/* Where arch/ hands over to the kernel proper. */
#pragma once

#include <lib/types.h>

/*
 * The boot hart's start, on its boot stack, with paging on and a thread in tp.
 * fdt is the physical address of the device tree.
 */
__noreturn void kernel_main(unsigned long hart_id, paddr_t fdt);
