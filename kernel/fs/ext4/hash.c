// SPDX-License-Identifier: MIT
/*
 * Hashes of names in directory trees ("Hash Tree Directories"): a shortened
 * MD4, TEA, and the one of the first versions.  Whether bytes above 127 count
 * as negative depends on the machine that made the file system, and is part of
 * the version.
 */
#include <string.h>

#include "ext4_internal.h"

#define TEA_DELTA 0x9e3779b9u
/* Stands for the end of the directory where hashes are cookies. */
#define HASH_EOF  0xfffffffeu

static uint32_t rotate_left(uint32_t value, unsigned n)
{
	return value << n | value >> (32 - n);
}

static uint32_t name_char(const char *name, size_t i, bool is_unsigned)
{
	if (is_unsigned)
		return (uint8_t)name[i];
	return (uint32_t)(int32_t)(int8_t)name[i];
}

/* The next up to 4 * nr bytes as words, padded with the length. */
static void ext4_name_to_words(const char *name, size_t len, uint32_t *words,
			       unsigned nr, bool is_unsigned)
{
	uint32_t pad = (uint32_t)len | (uint32_t)len << 8;
	size_t i = 0;

	pad |= pad << 16;
	len = MIN(len, nr * 4);
	for (unsigned word = 0; word < nr; word++) {
		uint32_t value = pad;

		for (size_t end = i + 4; i < len && i < end; i++)
			value = name_char(name, i, is_unsigned) + (value << 8);
		words[word] = value;
	}
}

/* --- half MD4 --- */

static uint32_t md4_f(uint32_t x, uint32_t y, uint32_t z)
{
	return z ^ (x & (y ^ z));
}

static uint32_t md4_g(uint32_t x, uint32_t y, uint32_t z)
{
	return (x & y) + ((x ^ y) & z);
}

static uint32_t md4_h(uint32_t x, uint32_t y, uint32_t z)
{
	return x ^ y ^ z;
}

/*
 * Eight steps with one function.  The state turns by one word a step, so that
 * after eight it stands as before.
 */
static void md4_round(uint32_t s[4],
		      uint32_t (*f)(uint32_t, uint32_t, uint32_t),
		      const uint32_t *in, const uint8_t order[8],
		      const uint8_t shifts[4], uint32_t constant)
{
	for (unsigned i = 0; i < 8; i++) {
		uint32_t *a = &s[(4 - i % 4) % 4];
		uint32_t b = s[(5 - i % 4) % 4];
		uint32_t c = s[(6 - i % 4) % 4];
		uint32_t d = s[(7 - i % 4) % 4];

		*a = rotate_left(*a + f(b, c, d) + in[order[i]] + constant,
				 shifts[i % 4]);
	}
}

static void half_md4(uint32_t state[4], const uint32_t in[8])
{
	static const uint8_t order1[8] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	static const uint8_t order2[8] = { 1, 3, 5, 7, 0, 2, 4, 6 };
	static const uint8_t order3[8] = { 3, 7, 2, 6, 1, 5, 0, 4 };
	static const uint8_t shifts1[4] = { 3, 7, 11, 19 };
	static const uint8_t shifts2[4] = { 3, 5, 9, 13 };
	static const uint8_t shifts3[4] = { 3, 9, 11, 15 };
	uint32_t s[4];

	memcpy(s, state, sizeof(s));
	md4_round(s, md4_f, in, order1, shifts1, 0);
	md4_round(s, md4_g, in, order2, shifts2, 0x5a827999);
	md4_round(s, md4_h, in, order3, shifts3, 0x6ed9eba1);
	for (int i = 0; i < 4; i++)
		state[i] += s[i];
}

static uint32_t hash_half_md4(uint32_t state[4], const char *name, size_t len,
			      bool is_unsigned)
{
	uint32_t in[8];

	for (size_t i = 0; i < len; i += 32) {
		ext4_name_to_words(name + i, len - i, in, 8, is_unsigned);
		half_md4(state, in);
	}
	return state[1];
}

/* --- TEA and the first one --- */

static void tea(uint32_t state[2], const uint32_t in[4])
{
	uint32_t a = state[0], b = state[1], sum = 0;

	for (int i = 0; i < 16; i++) {
		sum += TEA_DELTA;
		a += ((b << 4) + in[0]) ^ (b + sum) ^ ((b >> 5) + in[1]);
		b += ((a << 4) + in[2]) ^ (a + sum) ^ ((a >> 5) + in[3]);
	}
	state[0] += a;
	state[1] += b;
}

static uint32_t hash_tea(uint32_t state[4], const char *name, size_t len,
			 bool is_unsigned)
{
	uint32_t in[4];

	for (size_t i = 0; i < len; i += 16) {
		ext4_name_to_words(name + i, len - i, in, 4, is_unsigned);
		tea(state, in);
	}
	return state[0];
}

static uint32_t hash_legacy(const char *name, size_t len, bool is_unsigned)
{
	uint32_t a = 0x12a3fe2d, b = 0x37abe8f9;

	for (size_t i = 0; i < len; i++) {
		uint32_t c = name_char(name, i, is_unsigned);
		uint32_t hash = b + (a ^ c * 7152373);

		if (hash & 0x80000000u)
			hash -= 0x7fffffff;
		b = a;
		a = hash;
	}
	return a << 1;
}

static void hash_seed_state(const struct ext4_fs *fs, uint32_t state[4])
{
	static const uint32_t initial[4] = { 0x67452301, 0xefcdab89, 0x98badcfe,
					     0x10325476 };
	const uint32_t *seed = fs->hash_seed;

	if (!(seed[0] | seed[1] | seed[2] | seed[3]))
		seed = initial;
	memcpy(state, seed, 4 * sizeof(state[0]));
}

bool ext4_dir_hash(const struct ext4_fs *fs, unsigned version, const char *name,
		   size_t len, uint32_t *hash)
{
	bool is_unsigned = version >= EXT4_DX_LEGACY_UNSIGNED;
	uint32_t state[4];

	hash_seed_state(fs, state);
	switch (version) {
	case EXT4_DX_LEGACY:
	case EXT4_DX_LEGACY_UNSIGNED:
		*hash = hash_legacy(name, len, is_unsigned);
		break;
	case EXT4_DX_HALF_MD4:
	case EXT4_DX_HALF_MD4_UNSIGNED:
		*hash = hash_half_md4(state, name, len, is_unsigned);
		break;
	case EXT4_DX_TEA:
	case EXT4_DX_TEA_UNSIGNED:
		*hash = hash_tea(state, name, len, is_unsigned);
		break;
	default:
		return false;
	}
	*hash &= ~1u;
	if (*hash == HASH_EOF)
		*hash -= 2;
	return true;
}
