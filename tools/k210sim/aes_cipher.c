// SPDX-License-Identifier: MIT
/*
 * See aes_cipher.h.  Section numbers are those of FIPS 197.  Written for
 * reading: the S-boxes are computed once, everything else a byte at a time.
 */
#include "aes_cipher.h"

#include <stdbool.h>
#include <string.h>

static uint8_t sbox[256];
static uint8_t inverse_sbox[256];

/* Times x in GF(2^8), section 4.2.1. */
static uint8_t xtime(uint8_t a)
{
	return (uint8_t)(a << 1 ^ (a & 0x80 ? 0x1b : 0));
}

static uint8_t multiply(uint8_t a, uint8_t b)
{
	uint8_t product = 0;

	for (; b; b >>= 1) {
		if (b & 1)
			product ^= a;
		a = xtime(a);
	}
	return product;
}

static uint8_t rotate(uint8_t a, unsigned int count)
{
	return (uint8_t)(a << count | a >> (8 - count));
}

/* Section 5.1.1: p and q stay inverses while p runs through the powers of 3. */
static void make_sboxes(void)
{
	uint8_t p = 1;
	uint8_t q = 1;

	do {
		p ^= xtime(p);
		q = multiply(q, 0xf6); /* the inverse of 3 */
		sbox[p] = q ^ rotate(q, 1) ^ rotate(q, 2) ^ rotate(q, 3) ^
			  rotate(q, 4) ^ 0x63;
	} while (p != 1);
	sbox[0] = 0x63;
	for (unsigned int i = 0; i < 256; i++)
		inverse_sbox[sbox[i]] = (uint8_t)i;
}

void aes_expand_key(struct aes_key *key, const uint8_t *bytes, size_t len)
{
	uint8_t *schedule = &key->round[0][0];
	size_t end;
	uint8_t constant = 1;

	if (!sbox[0])
		make_sboxes();
	key->rounds = (unsigned int)len / 4 + 6;
	end = AES_BLOCK * (key->rounds + 1);
	memcpy(schedule, bytes, len);
	for (size_t i = len; i < end; i += 4) {
		uint8_t word[4];

		memcpy(word, schedule + i - 4, sizeof(word));
		if (i % len == 0) {
			uint8_t first = word[0];

			word[0] = sbox[word[1]] ^ constant;
			word[1] = sbox[word[2]];
			word[2] = sbox[word[3]];
			word[3] = sbox[first];
			constant = xtime(constant);
		} else if (len > 24 && i % len == 16) {
			for (int j = 0; j < 4; j++)
				word[j] = sbox[word[j]];
		}
		for (int j = 0; j < 4; j++)
			schedule[i + j] = schedule[i + j - len] ^ word[j];
	}
}

static void xor_block(uint8_t *block, const uint8_t *other)
{
	for (int i = 0; i < AES_BLOCK; i++)
		block[i] ^= other[i];
}

/* SubBytes and ShiftRows at once: row r moves by r columns, to the left. */
static void substitute(uint8_t *block, const uint8_t *box, bool inverse)
{
	uint8_t old[AES_BLOCK];

	memcpy(old, block, sizeof(old));
	for (int i = 0; i < AES_BLOCK; i++) {
		int row = i % 4;
		int from = i + 4 * (inverse ? 4 - row : row);

		block[i] = box[old[from % AES_BLOCK]];
	}
}

/* MixColumns with the polynomial whose coefficients are given, lowest first. */
static void mix_columns(uint8_t *block, const uint8_t polynomial[4])
{
	for (int column = 0; column < AES_BLOCK; column += 4) {
		uint8_t old[4];

		memcpy(old, block + column, sizeof(old));
		for (int row = 0; row < 4; row++) {
			uint8_t sum = 0;

			for (int i = 0; i < 4; i++)
				sum ^= multiply(old[i],
						polynomial[(row - i) & 3]);
			block[column + row] = sum;
		}
	}
}

void aes_encrypt_block(const struct aes_key *key, const uint8_t in[AES_BLOCK],
		       uint8_t out[AES_BLOCK])
{
	static const uint8_t polynomial[4] = { 2, 1, 1, 3 };

	memmove(out, in, AES_BLOCK);
	xor_block(out, key->round[0]);
	for (unsigned int i = 1; i <= key->rounds; i++) {
		substitute(out, sbox, false);
		if (i < key->rounds)
			mix_columns(out, polynomial);
		xor_block(out, key->round[i]);
	}
}

void aes_decrypt_block(const struct aes_key *key, const uint8_t in[AES_BLOCK],
		       uint8_t out[AES_BLOCK])
{
	static const uint8_t polynomial[4] = { 0xe, 9, 0xd, 0xb };

	memmove(out, in, AES_BLOCK);
	for (unsigned int i = key->rounds; i > 0; i--) {
		xor_block(out, key->round[i]);
		if (i < key->rounds)
			mix_columns(out, polynomial);
		substitute(out, inverse_sbox, true);
	}
	xor_block(out, key->round[0]);
}

/* SP 800-38D, algorithms 1 and 2; the first bit is the highest. */
void aes_ghash_block(uint8_t sum[AES_BLOCK], const uint8_t h[AES_BLOCK],
		     const uint8_t block[AES_BLOCK])
{
	uint8_t product[AES_BLOCK] = { 0 };
	uint8_t v[AES_BLOCK];

	memcpy(v, h, sizeof(v));
	xor_block(sum, block);
	for (int bit = 0; bit < 8 * AES_BLOCK; bit++) {
		bool carry = v[AES_BLOCK - 1] & 1;

		if (sum[bit / 8] >> (7 - bit % 8) & 1)
			xor_block(product, v);
		for (int i = AES_BLOCK - 1; i > 0; i--)
			v[i] = (uint8_t)(v[i] >> 1 | v[i - 1] << 7);
		v[0] >>= 1;
		if (carry)
			v[0] ^= 0xe1;
	}
	memcpy(sum, product, sizeof(product));
}
