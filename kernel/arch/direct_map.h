// SPDX-License-Identifier: MIT
/* Building the direct map; only arch/memory.c calls this. */
#pragma once

#include <lib/types.h>

/* Coarse and writable, for the time until direct_map_build(). */
void direct_map_early(paddr_t start, paddr_t end);

/*
 * Map memory for good, with the largest pages that fit: all ranges of
 * memory_ram() without what the tree reserves as no-map; text and read-only
 * data of the image without the right to write.
 */
void direct_map_build(const void *fdt);

/* Zeroed pages before there is an allocator; never freed, never fails. */
paddr_t memory_early_alloc(size_t size);
