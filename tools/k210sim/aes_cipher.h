// SPDX-License-Identifier: MIT
/* The AES block cipher, FIPS 197, and GHASH, NIST SP 800-38D. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define AES_BLOCK 16

struct aes_key {
	uint8_t round[15][AES_BLOCK]; /* the key schedule */
	unsigned int rounds;
};

/* Expand a key of len bytes: 16, 24 or 32. */
void aes_expand_key(struct aes_key *key, const uint8_t *bytes, size_t len);

/* One block; in and out may be the same. */
void aes_encrypt_block(const struct aes_key *key, const uint8_t in[AES_BLOCK],
		       uint8_t out[AES_BLOCK]);
void aes_decrypt_block(const struct aes_key *key, const uint8_t in[AES_BLOCK],
		       uint8_t out[AES_BLOCK]);

/* Let GHASH with subkey h take one more block into its sum. */
void aes_ghash_block(uint8_t sum[AES_BLOCK], const uint8_t h[AES_BLOCK],
		     const uint8_t block[AES_BLOCK]);
