// SPDX-License-Identifier: MIT
/*
 * The random number generator: ChaCha20 (RFC 8439, section 2.3) with fast key
 * erasure: the first 32 bytes of each block that is used become the next key,
 * so what was given out cannot be found from the state later.
 *
 * Seeds are XORed into the key, which a block then mixes.  random_lock covers
 * the key; it is taken with interrupts off because interrupt times stir it.
 */
#include <dev/random.h>

#include <string.h>

#include <lib/fdt.h>

#include <core/lock.h>
#include <core/time.h>

#define KEY_WORDS   8
#define BLOCK_WORDS 16
#define KEY_SIZE    (KEY_WORDS * 4)
#define BLOCK_SIZE  (BLOCK_WORDS * 4)

static spinlock_t random_lock = SPINLOCK_INIT(LOCK_LEAF);
static uint32_t key[KEY_WORDS]; /* [random_lock] */

static uint32_t rotate_left(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

static void quarter_round(uint32_t *x, int a, int b, int c, int d)
{
	x[a] += x[b];
	x[d] = rotate_left(x[d] ^ x[a], 16);
	x[c] += x[d];
	x[b] = rotate_left(x[b] ^ x[c], 12);
	x[a] += x[b];
	x[d] = rotate_left(x[d] ^ x[a], 8);
	x[c] += x[d];
	x[b] = rotate_left(x[b] ^ x[c], 7);
}

static void chacha20_block(const uint32_t *block_key, uint32_t counter,
			   uint32_t *out)
{
	uint32_t in[BLOCK_WORDS] = { 0x61707865, 0x3320646e, 0x79622d32,
				     0x6b206574 };
	int i;

	memcpy(in + 4, block_key, KEY_SIZE);
	in[12] = counter;
	memcpy(out, in, BLOCK_SIZE);
	for (i = 0; i < 10; i++) {
		quarter_round(out, 0, 4, 8, 12);
		quarter_round(out, 1, 5, 9, 13);
		quarter_round(out, 2, 6, 10, 14);
		quarter_round(out, 3, 7, 11, 15);
		quarter_round(out, 0, 5, 10, 15);
		quarter_round(out, 1, 6, 11, 12);
		quarter_round(out, 2, 7, 8, 13);
		quarter_round(out, 3, 4, 9, 14);
	}
	for (i = 0; i < BLOCK_WORDS; i++)
		out[i] += in[i];
}

/* Give out a key for one request, and move on to the next key. */
static void take_request_key(uint32_t *request_key)
{
	uint32_t block[BLOCK_WORDS];
	unsigned long flags = spin_lock_irqsave(&random_lock);

	chacha20_block(key, time_counter(), block);
	memcpy(key, block, KEY_SIZE);
	spin_unlock_irqrestore(&random_lock, flags);
	memcpy(request_key, block + KEY_WORDS, KEY_SIZE);
}

void random_bytes(void *buf, size_t len)
{
	uint32_t request_key[KEY_WORDS];
	uint32_t block[BLOCK_WORDS];
	uint32_t counter = 0;
	char *out = buf;
	size_t n;

	take_request_key(request_key);
	for (; len; len -= n, out += n) {
		n = MIN(len, sizeof(block));
		chacha20_block(request_key, counter++, block);
		memcpy(out, block, n);
	}
}

void random_stir(const void *data, size_t len)
{
	const uint8_t *bytes = data;
	uint8_t *state = (uint8_t *)key;
	uint32_t block[BLOCK_WORDS];
	unsigned long flags;
	size_t i, n;

	for (; len; len -= n, bytes += n) {
		n = MIN(len, (size_t)KEY_SIZE);
		flags = spin_lock_irqsave(&random_lock);
		for (i = 0; i < n; i++)
			state[i] ^= bytes[i];
		chacha20_block(key, time_counter(), block);
		memcpy(key, block, KEY_SIZE);
		spin_unlock_irqrestore(&random_lock, flags);
	}
}

void random_init(const void *fdt)
{
	uint64_t now = time_counter();
	const void *seed;
	int len;

	random_stir(&now, sizeof(now));
	seed = fdt_getprop(fdt, fdt_path_offset(fdt, "/chosen"), "rng-seed",
			   &len);
	if (seed)
		random_stir(seed, len);
}
