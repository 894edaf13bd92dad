// SPDX-License-Identifier: MIT
/*
 * The SHA-256 and AES engines, case by case, on the vectors of FIPS 180-4,
 * FIPS 197, NIST SP 800-38A and the GCM specification (test case 4).
 */
#include "../check.h"

#define SHA       0x502c0000ull
#define DATA      0x20
#define NUM       0x28
#define FUNCTION0 0x2c
#define FUNCTION1 0x34
#define SHA_GATE  26

#define AES       0x50450000ull
#define KEY       0x00
#define DECRYPT   0x10
#define MODE      0x14
#define IV        0x18
#define ENDIAN    0x28
#define FINISH    0x2c
#define DMA_SEL   0x30
#define AAD_NUM   0x34
#define TEXT_NUM  0x3c
#define TEXT      0x40
#define AAD       0x44
#define TAG_CHECK 0x48
#define IN_FLAG   0x4c
#define IN_TAG    0x50
#define OUT       0x60
#define ENABLE    0x64
#define OUT_FLAG  0x68
#define TAG_FLAG  0x6c
#define TAG_CLEAR 0x70
#define OUT_TAG   0x74
#define KEY_EXT   0x84
#define AES_GATE  19
#define ECB       0
#define CBC       1
#define GCM       2

#define DMAC     0x50000000ull
#define DMA_GATE 1

struct job {
	uint32_t mode;
	const uint8_t *key;
	unsigned int key_len;
	const uint8_t *iv;
	unsigned int iv_len;
	const uint8_t *aad;
	unsigned int aad_len;
};

static const uint8_t count_key[32] = {
	0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
	16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
};

static uint32_t word_buffer[16];
static uint8_t bytes[80];

void guest_main(void);

/* The bytes of a text in hexadecimal digits. */
static const uint8_t *hex(uint8_t *to, const char *digits)
{
	for (unsigned int i = 0; digits[i]; i++) {
		uint8_t digit = digits[i] > '9' ? digits[i] - 'a' + 10
						: digits[i] - '0';

		to[i / 2] = i & 1 ? to[i / 2] | digit : digit << 4;
	}
	return to;
}

static uint32_t word_at(const uint8_t *from)
{
	return from[0] | from[1] << 8 | from[2] << 16 | (uint32_t)from[3] << 24;
}

static unsigned int is_hex(const uint8_t *found, const char *digits)
{
	for (unsigned int i = 0; digits[i]; i++) {
		unsigned int digit =
			i & 1 ? found[i / 2] & 15 : found[i / 2] >> 4;

		if ("0123456789abcdef"[digit] != digits[i])
			return 0;
	}
	return 1;
}

static void sha_start(uint32_t blocks)
{
	device_on(SHA_GATE);
	*reg(SHA + NUM) = blocks;
	*reg(SHA + FUNCTION0) = 1 << 16;
	*reg(SHA + FUNCTION0) = 1 << 16 | 1;
}

static void sha_block(const uint8_t *block)
{
	for (unsigned int i = 0; i < 64; i += 4) {
		while (*reg(SHA + FUNCTION1) & 1 << 8)
			;
		*reg(SHA + DATA) = word_at(block + i);
	}
}

static void sha_result(uint8_t *to)
{
	for (unsigned int i = 0; i < 8; i++) {
		uint32_t word = *reg(SHA + 4 * (7 - i));

		for (unsigned int j = 0; j < 4; j++)
			to[4 * i + j] = word >> 8 * j;
	}
}

static void check_sha(void)
{
	static const char text[] =
		"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	uint8_t block[128] = { 'a', 'b', 'c', 0x80, [63] = 24 };
	uint8_t digest[32];
	uint32_t early;

	sha_start(1);
	early = *reg(SHA + FUNCTION0) & 1;
	sha_block(block);
	while (!(*reg(SHA + FUNCTION0) & 1))
		;
	sha_result(digest);
	check("sha_is_not_done_before_its_data", early, 0);
	check("sha_of_abc",
	      is_hex(digest, "ba7816bf8f01cfea414140de5dae2223"
			     "b00361a396177a9cb410ff61f20015ad"),
	      1);
	check("sha_counts_blocks", *reg(SHA + NUM), 0x10001);
	for (unsigned int i = 0; i < 128; i++)
		block[i] = i < 56 ? (uint8_t)text[i] : 0;
	block[56] = 0x80;
	block[126] = 448 >> 8;
	block[127] = 448 & 0xff;
	sha_start(2);
	sha_block(block);
	sha_block(block + 64);
	sha_result(digest);
	check("sha_of_two_blocks",
	      is_hex(digest, "248d6a61d20638b8e5c026930c3e6039"
			     "a33ce45964ff2167f6ecedd419db06c1"),
	      1);
	check("sha_has_no_overflow", *reg(SHA + FUNCTION0) & 1 << 8, 0);
	sha_block(block);
	check("sha_says_that_there_were_too_many",
	      *reg(SHA + FUNCTION0) >> 8 & 1, 1);
}

static void aes_start(const struct job *job, uint32_t decrypt, uint32_t len)
{
	device_on(AES_GATE);
	*reg(AES + ENDIAN) = 1;
	for (unsigned int i = 0; i < job->key_len / 4; i++)
		*reg(AES + (i < 4 ? KEY + 4 * i : KEY_EXT + 4 * (i - 4))) =
			word_at(job->key + job->key_len - 4 * i - 4);
	for (unsigned int i = 0; i < job->iv_len / 4; i++)
		*reg(AES + IV + 4 * i) =
			word_at(job->iv + job->iv_len - 4 * i - 4);
	*reg(AES + MODE) = job->mode | (job->key_len / 8 - 2) << 3;
	*reg(AES + DECRYPT) = decrypt;
	*reg(AES + AAD_NUM) = job->aad_len - 1;
	*reg(AES + TEXT_NUM) = len - 1;
	*reg(AES + ENABLE) = 1;
	for (unsigned int i = 0; i < job->aad_len; i += 4)
		*reg(AES + AAD) = word_at(job->aad + i);
}

static void aes_input(const uint8_t *text, unsigned int len)
{
	for (unsigned int i = 0; i < len; i += 4) {
		while (!*reg(AES + IN_FLAG))
			;
		*reg(AES + TEXT) = word_at(text + i);
	}
}

static void aes_output(unsigned int len)
{
	for (unsigned int i = 0; i < len; i += 4) {
		uint32_t word;

		while (!*reg(AES + OUT_FLAG))
			;
		word = *reg(AES + OUT);
		for (unsigned int j = 0; j < 4; j++)
			bytes[i + j] = word >> 8 * j;
	}
}

static void aes_run(const struct job *job, uint32_t decrypt, const char *text)
{
	uint8_t input[80] = { 0 };
	unsigned int len = 0;

	while (text[2 * len])
		len++;
	hex(input, text);
	aes_start(job, decrypt, len);
	aes_input(input, len);
	aes_output(len);
}

static void check_ecb(void)
{
	static const char plain[] = "00112233445566778899aabbccddeeff";
	struct job job = { .mode = ECB, .key = count_key, .key_len = 16 };

	aes_run(&job, 0, plain);
	check("aes_128", is_hex(bytes, "69c4e0d86a7b0430d8cdb78070b4c55a"), 1);
	check("aes_finishes", *reg(AES + FINISH), 1);
	aes_run(&job, 1, "69c4e0d86a7b0430d8cdb78070b4c55a");
	check("aes_128_back", is_hex(bytes, plain), 1);
	aes_start(&job, 0, 16);
	*reg(AES + ENDIAN) = 0;
	*reg(AES + KEY) = word_at(count_key + 12);
	*reg(AES + ENDIAN) = 1;
	*reg(AES + ENABLE) = 1;
	aes_input(hex(bytes, plain), 16);
	aes_output(16);
	check("aes_endian_counts_when_the_key_is_written",
	      is_hex(bytes, "69c4e0d86a7b0430d8cdb78070b4c55a"), 0);
	job.key_len = 24;
	aes_run(&job, 0, plain);
	check("aes_192", is_hex(bytes, "dda97ca4864cdfe06eaf70a0ec0d7191"), 1);
	job.key_len = 32;
	aes_run(&job, 0, plain);
	check("aes_256", is_hex(bytes, "8ea2b7ca516745bfeafc49904b496089"), 1);
	aes_run(&job, 1, "8ea2b7ca516745bfeafc49904b496089");
	check("aes_256_back", is_hex(bytes, plain), 1);
}

static void check_cbc(void)
{
	static const char plain[] = "6bc1bee22e409f96e93d7e117393172a"
				    "ae2d8a571e03ac9c9eb76fac45af8e51";
	static const char cipher[] = "7649abac8119b246cee98e9b12e9197d"
				     "5086cb9b507219ee95db113a917678b2";
	uint8_t key[16];
	struct job job = {
		.mode = CBC, .key_len = 16, .iv = count_key, .iv_len = 16
	};

	job.key = hex(key, "2b7e151628aed2a6abf7158809cf4f3c");
	aes_run(&job, 0, plain);
	check("aes_cbc", is_hex(bytes, cipher), 1);
	aes_run(&job, 1, cipher);
	check("aes_cbc_back", is_hex(bytes, plain), 1);
}

static unsigned int tag_is(const char *digits)
{
	uint8_t tag[16];

	for (unsigned int i = 0; i < 16; i++)
		tag[i] = *reg(AES + OUT_TAG + 4 * (3 - i / 4)) >>
			 (24 - 8 * (i % 4));
	return is_hex(tag, digits);
}

/* What the engine says of a tag: 2 that it is right, 1 that it is not. */
static uint32_t check_tag(const char *digits)
{
	uint8_t tag[16];
	uint32_t result;

	hex(tag, digits);
	for (unsigned int i = 0; i < 4; i++)
		*reg(AES + IN_TAG + 4 * i) = word_at(tag + 4 * (3 - i));
	result = *reg(AES + TAG_CHECK);
	*reg(AES + TAG_CLEAR) = 0;
	return result;
}

static void check_gcm(void)
{
	static const char plain[] = "d9313225f88406e5a55909c5aff5269a"
				    "86a7a9531534f7da2e4c303d8a318a72"
				    "1c3c0c95956809532fcf0e2449a6b525"
				    "b16aedf5aa0de657ba637b39";
	static const char cipher[] = "42831ec2217774244b7221b784d0d49c"
				     "e3aa212f2c02a4e035c17e2329aca12e"
				     "21d514b25466931c7d8f6a5aac84aa05"
				     "1ba30b396a0aac973d58e091";
	static const char tag[] = "5bc94fbc3221a5db94fae95ae7121a47";
	uint8_t key[16], iv[12], aad[20];
	struct job job = {
		.mode = GCM, .key_len = 16, .iv_len = 12, .aad_len = 20
	};

	job.key = hex(key, "feffe9928665731c6d6a8f9467308308");
	job.iv = hex(iv, "cafebabefacedbaddecaf888");
	job.aad = hex(aad, "feedfacedeadbeeffeedfacedeadbeefabaddad2");
	aes_run(&job, 0, plain);
	check("aes_gcm", is_hex(bytes, cipher), 1);
	check("aes_gcm_tag_is_ready", *reg(AES + TAG_FLAG), 1);
	check("aes_gcm_tag", tag_is(tag), 1);
	aes_run(&job, 1, cipher);
	check("aes_gcm_back", is_hex(bytes, plain), 1);
	check("aes_gcm_tag_is_right", check_tag(tag), 2);
	check("aes_gcm_check_is_cleared", *reg(AES + TAG_CHECK), 0);
	check("aes_gcm_tag_is_wrong",
	      check_tag("5bc94fbc3221a5db94fae95ae7121a48"), 1);
}

/* Output waits until it is read; the DMAC reads it, too. */
static void check_flow(void)
{
	struct job job = { .mode = ECB, .key = count_key, .key_len = 16 };
	volatile uint32_t *to = uncached(word_buffer);

	aes_start(&job, 0, 96);
	for (unsigned int i = 0; i < 20; i++)
		*reg(AES + TEXT) = i;
	check("aes_output_holds_80_bytes", *reg(AES + IN_FLAG), 0);
	aes_output(16);
	check("aes_goes_on_when_it_is_read", *reg(AES + IN_FLAG), 1);

	device_on(DMA_GATE);
	*reg64(DMAC + 0x10) = 3;
	*reg(SYSCTL + 0x64) = 20;
	aes_start(&job, 0, 64);
	*reg(AES + DMA_SEL) = 1;
	*reg64(DMAC + 0x120) = 2ull << 32 | 1ull << 36;
	*reg64(DMAC + 0x100) = AES + OUT;
	*reg64(DMAC + 0x108) = (uint64_t)to;
	*reg64(DMAC + 0x110) = 15;
	*reg64(DMAC + 0x118) = 1 << 4 | 2 << 8 | 2 << 11 | 1 << 14;
	*reg64(DMAC + 0x18) = 0x101;
	for (unsigned int i = 0; i < 4; i++)
		aes_input(hex(bytes, "00112233445566778899aabbccddeeff"), 16);
	while (*reg64(DMAC + 0x18))
		;
	check("aes_dma_brings_the_first_block", to[0], 0xd8e0c469);
	check("aes_dma_brings_the_last_block", to[15], 0x5ac5b470);
}

void guest_main(void)
{
	check_sha();
	check_ecb();
	check_cbc();
	check_gcm();
	check_flow();
}
