// SPDX-License-Identifier: MIT
/* The SHA-256 engine; k210.md section 3.15. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "map.h"
#include "sha256.h"

struct sha {
	uint32_t state[SHA256_WORDS];
	uint8_t block[SHA256_BLOCK];
	uint32_t filled; /* bytes of block */
	uint32_t wanted; /* blocks, as num has it */
	uint32_t hashed; /* blocks */
	bool big_endian;
	bool by_dma;
	bool is_enabled;
	bool overflow;
	uint64_t ready; /* ps; until then the input FIFO is full */
};

extern const struct device_ops sha_ops;
