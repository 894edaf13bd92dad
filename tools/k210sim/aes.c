// SPDX-License-Identifier: MIT
/*
 * The AES engine: k210.md section 3.15; registers and use as in the SDK's
 * aes.h and aes.c, modes as in NIST SP 800-38A and 38D.
 *
 * Keys, vectors and tags are written last word first.  With the endian
 * register set, as the SDK has it, words are those of a little-endian memory;
 * without it their bytes are swapped.  It counts when a word is written, so
 * it has to be set before the key.  Blocks take no time, but the output holds
 * only five of them.
 */
#include "aes.h"

#include <string.h>

#include "machine.h"

#define KEY        0x00 /* four words */
#define DECRYPT    0x10
#define MODE       0x14
#define IV         0x18 /* four words */
#define ENDIAN     0x28
#define FINISH     0x2c
#define DMA_SEL    0x30
#define AAD_NUM    0x34
#define RESERVED   0x38
#define TEXT_NUM   0x3c
#define TEXT       0x40
#define AAD        0x44
#define TAG_CHECK  0x48
#define IN_FLAG    0x4c
#define IN_TAG     0x50 /* four words */
#define OUT        0x60
#define ENABLE     0x64
#define OUT_FLAG   0x68
#define TAG_FLAG   0x6c
#define TAG_CLEAR  0x70
#define OUT_TAG    0x74 /* four words */
#define KEY_EXT    0x84 /* four words */
#define END        0x94
#define CHECK_FAIL 1
#define CHECK_GOOD 2
#define CBC        1
#define GCM        2
#define MAX_KEY    32
#define GCM_IV     12
#define REQUEST    20
#define BURST      16 /* bytes that are ready when the DMAC is asked */

static uint32_t word(const struct aes *aes, uint32_t offset)
{
	return aes->word[offset / 4];
}

static uint32_t mode(const struct aes *aes)
{
	return word(aes, MODE) & 7;
}

static bool decrypts(const struct aes *aes)
{
	return word(aes, DECRYPT) & 1;
}

/* A word that goes in or out, in the order that the endian register says. */
static uint32_t in_order(const struct aes *aes, uint32_t value)
{
	return word(aes, ENDIAN) & 1 ? value : __builtin_bswap32(value);
}

/* A word as four bytes of a little-endian memory. */
static void put_bytes(uint8_t *to, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(value >> 8 * i);
}

/* The bytes of registers that hold them last word first. */
static void gather(const struct aes *aes, uint8_t *to, uint32_t offset,
		   unsigned int words)
{
	for (unsigned int i = 0; i < words; i++)
		put_bytes(to + 4 * i, word(aes, offset + 4 * (words - 1 - i)));
}

static void xor_bytes(uint8_t *to, const uint8_t *other)
{
	for (int i = 0; i < AES_BLOCK; i++)
		to[i] ^= other[i];
}

static void count(uint8_t counter[AES_BLOCK])
{
	for (int i = AES_BLOCK - 1; i >= GCM_IV && ++counter[i] == 0; i--)
		;
}

/* SP 800-38D, algorithm 4, steps 1 and 2. */
static void gcm_start(struct aes *aes)
{
	static const uint8_t zeros[AES_BLOCK];

	aes_encrypt_block(&aes->key, zeros, aes->subkey);
	memset(aes->sum, 0, sizeof(aes->sum));
	memset(aes->chain, 0, sizeof(aes->chain));
	gather(aes, aes->chain, IV, GCM_IV / 4);
	aes->chain[AES_BLOCK - 1] = 1;
	memcpy(aes->first, aes->chain, sizeof(aes->first));
}

/* Steps 5 and 6: the lengths, in bits, and what hides the sum. */
static void gcm_finish(struct aes *aes)
{
	uint8_t block[AES_BLOCK];

	for (int i = 0; i < 8; i++) {
		block[7 - i] = (uint8_t)(aes->aad_len * 8 >> 8 * i);
		block[15 - i] = (uint8_t)(aes->text_len * 8 >> 8 * i);
	}
	aes_ghash_block(aes->sum, aes->subkey, block);
	aes_encrypt_block(&aes->key, aes->first, block);
	xor_bytes(aes->sum, block);
	aes->tag_is_ready = true;
}

static void finish_if_last(struct aes *aes)
{
	if (mode(aes) == GCM && !aes->aad_left && !aes->text_left)
		gcm_finish(aes);
}

static void start(struct aes *aes)
{
	unsigned int key_size = 2 * (word(aes, MODE) >> 3 & 3) + 4;
	uint8_t key[MAX_KEY];

	gather(aes, key, KEY_EXT, key_size - 4);
	gather(aes, key + 4 * (key_size - 4), KEY, 4);
	aes_expand_key(&aes->key, key, 4 * (size_t)key_size);
	aes->runs = true;
	aes->tag_is_ready = false;
	aes->filled = 0;
	aes->ready = 0;
	aes->text_len = (uint32_t)(word(aes, TEXT_NUM) + 1);
	aes->aad_len = 0;
	if (mode(aes) == GCM) { /* all ones: none */
		aes->aad_len = (uint32_t)(word(aes, AAD_NUM) + 1);
		gcm_start(aes);
	} else {
		gather(aes, aes->chain, IV, 4);
	}
	aes->aad_left = aes->aad_len;
	aes->text_left = aes->text_len;
	finish_if_last(aes);
}

/* Take the block that is filled in as ciphertext or plaintext. */
static void crypt_block(struct aes *aes, uint8_t *out)
{
	uint8_t block[AES_BLOCK];

	memcpy(block, aes->in, sizeof(block));
	if (decrypts(aes)) {
		aes_decrypt_block(&aes->key, block, out);
		if (mode(aes) == CBC)
			xor_bytes(out, aes->chain);
		memcpy(aes->chain, block, sizeof(block));
		return;
	}
	if (mode(aes) == CBC)
		xor_bytes(block, aes->chain);
	aes_encrypt_block(&aes->key, block, out);
	memcpy(aes->chain, out, sizeof(block));
}

/* len bytes of the block count: SP 800-38D, algorithm 4, steps 3 and 5. */
static void gcm_block(struct aes *aes, uint8_t *out, uint32_t len)
{
	uint8_t cipher[AES_BLOCK] = { 0 };

	count(aes->chain);
	aes_encrypt_block(&aes->key, aes->chain, out);
	xor_bytes(out, aes->in);
	memcpy(cipher, decrypts(aes) ? aes->in : out, len);
	aes_ghash_block(aes->sum, aes->subkey, cipher);
}

static void text_block(struct aes *aes, uint32_t len)
{
	uint8_t out[AES_BLOCK];

	if (mode(aes) == GCM)
		gcm_block(aes, out, len);
	else
		crypt_block(aes, out);
	memcpy(aes->out + aes->ready, out, sizeof(out));
	aes->ready += mode(aes) == GCM ? (len + 3) & ~3u : AES_BLOCK;
}

/* A word of additional data or text, of which left bytes are to come. */
static void put_word(struct aes *aes, uint64_t *left, uint32_t value)
{
	uint32_t len = *left < 4 ? (uint32_t)*left : 4;
	uint8_t bytes[4];

	put_bytes(bytes, in_order(aes, value));
	memcpy(aes->in + aes->filled, bytes, len);
	aes->filled += len;
	*left -= len;
	if (aes->filled < AES_BLOCK && *left)
		return;
	memset(aes->in + aes->filled, 0, AES_BLOCK - aes->filled);
	if (left == &aes->aad_left)
		aes_ghash_block(aes->sum, aes->subkey, aes->in);
	else
		text_block(aes, aes->filled);
	aes->filled = 0;
	finish_if_last(aes);
}

static bool takes_data(const struct aes *aes)
{
	return aes->runs && aes->aad_left + aes->text_left &&
	       aes->ready + AES_BLOCK <= AES_FIFO;
}

static void drive_request(struct machine *machine)
{
	const struct aes *aes = &machine->aes;
	bool ready = aes->ready >= BURST || (aes->ready && !aes->text_left);

	dmac_set_request(machine, REQUEST, word(aes, DMA_SEL) & 1 && ready);
}

static uint32_t pop(struct aes *aes)
{
	uint32_t value = 0;

	if (!aes->ready)
		return 0;
	for (int i = 0; i < 4; i++)
		value |= (uint32_t)aes->out[i] << 8 * i;
	aes->ready -= 4;
	memmove(aes->out, aes->out + 4, aes->ready);
	return in_order(aes, value);
}

/* The tag's words, last first; big-endian whatever the endian register. */
static uint32_t out_tag(const struct aes *aes, uint32_t index)
{
	const uint8_t *bytes = aes->sum + 4 * (3 - index);

	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
	       (uint32_t)bytes[2] << 8 | bytes[3];
}

static void check_tag(struct aes *aes)
{
	uint8_t tag[AES_BLOCK];

	gather(aes, tag, IN_TAG, 4);
	aes->word[TAG_CHECK / 4] =
		memcmp(tag, aes->sum, sizeof(tag)) ? CHECK_FAIL : CHECK_GOOD;
}

static uint32_t read_register(const struct reg_access *access)
{
	struct aes *aes = &access->machine->aes;
	uint32_t offset = access->offset;

	switch (offset) {
	case FINISH:
		return aes->runs && !aes->text_left;
	case IN_FLAG:
		return takes_data(aes);
	case OUT:
		return pop(aes);
	case OUT_FLAG:
		return aes->ready > 0;
	case TAG_FLAG:
		return aes->tag_is_ready;
	default:
		if (offset >= OUT_TAG && offset < KEY_EXT)
			return out_tag(aes, (offset - OUT_TAG) / 4);
		if (offset < END)
			return word(aes, offset);
		access_no_register(access);
		return 0;
	}
}

static uint32_t aes_read(const struct reg_access *access)
{
	uint32_t value = read_register(access);

	drive_request(access->machine);
	return value;
}

static void put_data(const struct reg_access *access, uint32_t value)
{
	struct aes *aes = &access->machine->aes;
	uint64_t *left =
		access->offset == AAD ? &aes->aad_left : &aes->text_left;

	if (!takes_data(aes) || !*left ||
	    (left == &aes->text_left && aes->aad_left))
		access_misuse(access, "data that the engine does not wait for "
				      "(k210.md 3.15)");
	else
		put_word(aes, left, value);
}

static void enable(const struct reg_access *access)
{
	struct aes *aes = &access->machine->aes;

	if (mode(aes) > GCM || (word(aes, MODE) >> 3 & 3) == 3)
		access_misuse(access, "a reserved mode (k210.md 3.15)");
	else if (word(aes, MODE) >> 5)
		access_misuse(access, "orders other than the SDK's are not "
				      "modelled");
	else
		start(aes);
}

/* Registers of keys, vectors and tags. */
static bool has_bytes(uint32_t offset)
{
	return offset < DECRYPT || (offset >= IV && offset < ENDIAN) ||
	       (offset >= IN_TAG && offset < OUT) || offset >= KEY_EXT;
}

static void aes_write(const struct reg_access *access, uint32_t value)
{
	struct aes *aes = &access->machine->aes;

	if (access->offset >= END) {
		access_no_register(access);
		return;
	}
	if (has_bytes(access->offset))
		aes->word[access->offset / 4] = in_order(aes, value);
	else if (access->offset != TAG_CHECK)
		aes->word[access->offset / 4] = value;
	switch (access->offset) {
	case TEXT:
	case AAD:
		put_data(access, value);
		break;
	case ENABLE:
		if (value & 1)
			enable(access);
		break;
	case IN_TAG + 12: /* the SDK writes it last */
		check_tag(aes);
		break;
	case TAG_CLEAR:
		aes->word[TAG_CHECK / 4] = 0;
		break;
	default:
		break;
	}
	drive_request(access->machine);
}

static void aes_reset(struct machine *machine, const struct device *device)
{
	(void)device;
	machine->aes = (struct aes){};
	drive_request(machine);
}

const struct device_ops aes_ops = {
	.read = aes_read,
	.write = aes_write,
	.reset = aes_reset,
};
