// SPDX-License-Identifier: MIT
/*
 * Memory as the DMAC sees it: past the caches of the harts, at its cached and
 * its uncached addresses alike; k210.md section 1.3.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct machine;

bool dma_is_memory(uint32_t address);

/* Copy len bytes.  False: some of them are not memory. */
bool dma_read(struct machine *machine, uint32_t address, void *to, size_t len);
bool dma_write(struct machine *machine, uint32_t address, const void *from,
	       size_t len);
