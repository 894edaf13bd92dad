// SPDX-License-Identifier: MIT
/* The AES engine; k210.md section 3.15. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "aes_cipher.h"
#include "map.h"

#define AES_WORDS 37
#define AES_FIFO  (5 * AES_BLOCK) /* bytes of output that wait at most */

struct aes {
	uint32_t word[AES_WORDS]; /* registers, as the guest wrote them */
	struct aes_key key;
	bool runs;
	bool tag_is_ready;
	uint64_t aad_left; /* bytes that are to come */
	uint64_t text_left;
	uint64_t aad_len;
	uint64_t text_len;
	uint8_t in[AES_BLOCK]; /* the block that fills up */
	uint32_t filled;
	uint8_t out[AES_FIFO];
	uint32_t ready;           /* bytes of it */
	uint8_t chain[AES_BLOCK]; /* CBC: the last ciphertext; GCM: counter */
	uint8_t first[AES_BLOCK]; /* GCM: the counter that hides the tag */
	uint8_t subkey[AES_BLOCK];
	uint8_t sum[AES_BLOCK]; /* GHASH; at the end the tag */
};

extern const struct device_ops aes_ops;
