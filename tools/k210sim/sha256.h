// SPDX-License-Identifier: MIT
/* SHA-256: FIPS 180-4. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE  32
#define SHA256_BLOCK 64
#define SHA256_WORDS 8

/* The hash before the first block, section 5.3.3. */
extern const uint32_t sha256_initial[SHA256_WORDS];

/* Let the hash take in one more block, section 6.2.2. */
void sha256_block(uint32_t state[SHA256_WORDS],
		  const uint8_t block[SHA256_BLOCK]);

/* The SHA-256 of len bytes. */
void sha256(const uint8_t *data, size_t len, uint8_t digest[SHA256_SIZE]);
