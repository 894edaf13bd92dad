// SPDX-License-Identifier: MIT
/*
 * The SHA-256 engine: k210.md section 3.15; fields and use as in the SDK's
 * sha256.h and sha256.c.
 *
 * Software pads the message and says how many blocks come; a block keeps the
 * engine busy for as many cycles of APB0 as the algorithm has rounds.  Words
 * are those of a little-endian memory if the big-endian bit is set, since the
 * hash's bytes then come out in order.
 */
#include "sha.h"

#include <string.h>

#include "machine.h"

#define RESULT      0x00 /* eight words, the last one first */
#define DATA        0x20
#define RESERVED0   0x24
#define NUM         0x28
#define FUNCTION0   0x2c
#define RESERVED1   0x30
#define FUNCTION1   0x34
#define ENABLE      (1u << 0) /* read: all blocks are hashed */
#define OVERFLOW    (1u << 8)
#define BIG_ENDIAN  (1u << 16)
#define BY_DMA      (1u << 0)
#define FULL        (1u << 8)
#define ROUNDS      64
#define DMA_REQUEST 21

static bool is_full(const struct machine *machine)
{
	return time_now(machine) < machine->sha.ready;
}

static bool is_done(const struct sha *sha)
{
	return sha->is_enabled && sha->hashed >= sha->wanted;
}

static uint32_t swap(uint32_t word)
{
	return word >> 24 | (word >> 8 & 0xff00) | (word << 8 & 0xff0000) |
	       word << 24;
}

static void drive_request(struct machine *machine)
{
	const struct sha *sha = &machine->sha;

	dmac_set_request(machine, DMA_REQUEST,
			 sha->by_dma && sha->is_enabled && !is_done(sha));
}

static void hash_block(struct machine *machine)
{
	struct sha *sha = &machine->sha;
	uint64_t hz = sysctl_clock(machine, CLOCK_APB0);

	sha->filled = 0;
	if (is_done(sha)) {
		sha->overflow = true;
		return;
	}
	sha256_block(sha->state, sha->block);
	sha->hashed++;
	/* The DMAC is served as fast as it asks. */
	if (!sha->by_dma && hz)
		sha->ready = time_now(machine) + time_of(ROUNDS, hz);
}

static void put_word(const struct reg_access *access, uint32_t word)
{
	struct sha *sha = &access->machine->sha;

	if (!sha->is_enabled) {
		access_misuse(access, "data while the engine is off "
				      "(k210.md 3.15)");
		return;
	}
	if (is_full(access->machine))
		access_misuse(access, "data while the FIFO is full "
				      "(k210.md 3.15)");
	if (!sha->big_endian)
		word = swap(word);
	memcpy(sha->block + sha->filled, &word, sizeof(word));
	sha->filled += (uint32_t)sizeof(word);
	if (sha->filled == SHA256_BLOCK)
		hash_block(access->machine);
}

static void start(struct sha *sha)
{
	memcpy(sha->state, sha256_initial, sizeof(sha->state));
	sha->filled = 0;
	sha->hashed = 0;
	sha->overflow = false;
	sha->is_enabled = true;
}

static uint32_t result(const struct sha *sha, uint32_t index)
{
	uint32_t word = sha->state[SHA256_WORDS - 1 - index];

	return sha->big_endian ? swap(word) : word;
}

static uint32_t sha_read(const struct reg_access *access)
{
	const struct sha *sha = &access->machine->sha;

	switch (access->offset) {
	case NUM:
		return sha->wanted | sha->hashed << 16;
	case FUNCTION0:
		return (is_done(sha) ? ENABLE : 0) |
		       (sha->overflow ? OVERFLOW : 0) |
		       (sha->big_endian ? BIG_ENDIAN : 0);
	case FUNCTION1:
		return (sha->by_dma ? BY_DMA : 0) |
		       (is_full(access->machine) ? FULL : 0);
	case DATA:
	case RESERVED0:
	case RESERVED1:
		return 0;
	default:
		if (access->offset < DATA)
			return result(sha, access->offset / 4);
		access_no_register(access);
		return 0;
	}
}

static void sha_write(const struct reg_access *access, uint32_t value)
{
	struct sha *sha = &access->machine->sha;

	switch (access->offset) {
	case DATA:
		put_word(access, value);
		break;
	case NUM:
		sha->wanted = value & 0xffff;
		break;
	case FUNCTION0:
		sha->big_endian = value & BIG_ENDIAN;
		if (value & ENABLE)
			start(sha);
		break;
	case FUNCTION1:
		sha->by_dma = value & BY_DMA;
		break;
	default:
		if (access->offset > FUNCTION1)
			access_no_register(access);
		break;
	}
	drive_request(access->machine);
}

static void sha_reset(struct machine *machine, const struct device *device)
{
	(void)device;
	machine->sha = (struct sha){};
	drive_request(machine);
}

const struct device_ops sha_ops = {
	.read = sha_read,
	.write = sha_write,
	.reset = sha_reset,
};
