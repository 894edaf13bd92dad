// SPDX-License-Identifier: MIT
/*
 * CRCs.  The hot one is crc32c: a file system computes it over every metadata
 * block that it writes, and a journal does so again.  Harts that multiply
 * without carries take sixteen bytes a step; for others it is eight, from eight
 * tables, which are computed at start-up rather than stored, as they would be
 * the largest constants of the kernel.  The other CRCs go by half bytes, with 16
 * entries each.
 */
#include <lib/crc.h>

#include <lib/clmul.h>

#define CRC32C_POLY  0x82f63b78u /* P; reflected, as all that follow */
/*
 * For carry-less multiplication; bit 63 is that of x^0.  The product of two
 * such numbers, of bits 126 to 0, is that of their polynomials times x when it
 * is read as 128 bits: so the exponents are one less than one expects.
 */
#define CRC32C_X191  0x3743f7bd00000000u /* x^191 mod P */
#define CRC32C_X127  0x3171d43000000000u /* x^127 mod P */
#define CRC32C_RECIP 0xa434f61c6f5389f8u /* x^96 / P, without its x^64 */

static uint32_t crc32c_table[8][256]; /* constant after crc32c_init() */
static bool crc32c_by_clmul;          /* the same */

static const uint32_t crc32_nibbles[16] = {
	0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
	0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
	0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
};

static const uint16_t crc16_nibbles[16] = {
	0x0000, 0xcc01, 0xd801, 0x1400, 0xf001, 0x3c00, 0x2800, 0xe401,
	0xa001, 0x6c00, 0x7800, 0xb401, 0x5000, 0x9c01, 0x8801, 0x4400,
};

uint32_t crc32_le(uint32_t crc, const void *data, size_t len)
{
	const uint8_t *p = data;

	while (len--) {
		crc ^= *p++;
		crc = crc >> 4 ^ crc32_nibbles[crc & 15];
		crc = crc >> 4 ^ crc32_nibbles[crc & 15];
	}
	return crc;
}

uint16_t crc16(uint16_t crc, const void *data, size_t len)
{
	const uint8_t *p = data;

	while (len--) {
		crc ^= *p++;
		crc = (uint16_t)(crc >> 4) ^ crc16_nibbles[crc & 15];
		crc = (uint16_t)(crc >> 4) ^ crc16_nibbles[crc & 15];
	}
	return crc;
}

void crc32c_init(void)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t crc = i;

		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? CRC32C_POLY : 0);
		crc32c_table[0][i] = crc;
	}
	/* Table k: the CRC of the byte followed by k zero bytes. */
	for (int k = 1; k < 8; k++) {
		for (uint32_t i = 0; i < 256; i++) {
			uint32_t crc = crc32c_table[k - 1][i];

			crc32c_table[k][i] =
				crc >> 8 ^ crc32c_table[0][crc & 0xff];
		}
	}
}

void crc32c_use_clmul(void)
{
	crc32c_by_clmul = true;
}

static uint32_t crc32c_bytes(uint32_t crc, const uint8_t *p, size_t len)
{
	while (len--)
		crc = crc >> 8 ^ crc32c_table[0][(crc ^ *p++) & 0xff];
	return crc;
}

/* The entry of table i for the byte of v at shift, by its offset: no shift more. */
static inline uint32_t crc32c_entry(int i, uint64_t v, unsigned shift)
{
	uint64_t offset = (shift ? v >> (shift - 2) : v << 2) & 0x3fc;
	const char *table = (const char *)crc32c_table[i];

	return *(const uint32_t *)(const void *)(table + offset);
}

/*
 * Words of eight bytes.  Not inline: its many registers are not to be saved by
 * who need not come here.
 */
static uint32_t __attribute__((noinline))
crc32c_words(uint32_t crc, const uint64_t *p, size_t n)
{
	for (const uint64_t *end = p + n; p != end; p++) {
		uint64_t v = *p ^ crc;

		crc = crc32c_entry(7, v, 0) ^ crc32c_entry(6, v, 8) ^
		      crc32c_entry(5, v, 16) ^ crc32c_entry(4, v, 24) ^
		      crc32c_entry(3, v, 32) ^ crc32c_entry(2, v, 40) ^
		      crc32c_entry(1, v, 48) ^ crc32c_entry(0, v, 56);
	}
	return crc;
}

/*
 * x^32 v mod P by Barrett's reduction: the quotient q by the reciprocal, and
 * what of P q is below x^32.
 */
static inline uint64_t crc32c_reduce(uint64_t v)
{
	uint64_t q = v ^ clmul(v, CRC32C_RECIP) << 1;

	return clmulr(q, (uint64_t)CRC32C_POLY << 32) >> 32;
}

/* The same; first and second are the sixteen bytes that are not reduced yet. */
static uint32_t crc32c_words_clmul(uint32_t crc, const uint64_t *p, size_t n)
{
	const uint64_t *end = p + (n & ~1ul);
	uint64_t first, second;

	if (n >= 2) {
		first = p[0] ^ crc;
		second = p[1];
		for (p += 2; p != end; p += 2) {
			uint64_t a = first, b = second;

			first = clmul(a, CRC32C_X191) ^ clmul(b, CRC32C_X127) ^
				p[0];
			second = clmulh(a, CRC32C_X191) ^
				 clmulh(b, CRC32C_X127) ^ p[1];
		}
		crc = (uint32_t)crc32c_reduce(second ^ crc32c_reduce(first));
	}
	return n & 1 ? (uint32_t)crc32c_reduce(*p ^ crc) : crc;
}

uint32_t crc32c(uint32_t crc, const void *data, size_t len)
{
	const uint8_t *p = data;
	size_t head = MIN(-(uintptr_t)p & 7, len);
	const uint64_t *words;

	crc = crc32c_bytes(crc, p, head);
	len -= head;
	words = (const void *)(p + head);
	crc = crc32c_by_clmul ? crc32c_words_clmul(crc, words, len / 8)
			      : crc32c_words(crc, words, len / 8);
	return crc32c_bytes(crc, p + head + len / 8 * 8, len % 8);
}
