// SPDX-License-Identifier: MIT
/*
 * CRCs.  The hot one is crc32c: a file system computes it over every metadata
 * block that it writes.  It takes eight bytes a step from eight tables, which
 * are computed at start-up rather than stored, as they would be the largest
 * constants of the kernel.  The others go by half bytes, with 16 entries each.
 */
#include <lib/crc.h>

#define CRC32C_POLY 0x82f63b78u /* reflected */

static uint32_t crc32c_table[8][256]; /* constant after crc32c_init() */

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

static uint32_t crc32c_bytes(uint32_t crc, const uint8_t *p, size_t len)
{
	while (len--)
		crc = crc >> 8 ^ crc32c_table[0][(crc ^ *p++) & 0xff];
	return crc;
}

uint32_t crc32c(uint32_t crc, const void *data, size_t len)
{
	const uint8_t *p = data;
	size_t head = MIN(-(uintptr_t)p & 7, len);

	crc = crc32c_bytes(crc, p, head);
	p += head;
	len -= head;
	while (len >= 8) {
		uint64_t v = *(const uint64_t *)(const void *)p ^ crc;

		crc = crc32c_table[7][v & 0xff] ^
		      crc32c_table[6][v >> 8 & 0xff] ^
		      crc32c_table[5][v >> 16 & 0xff] ^
		      crc32c_table[4][v >> 24 & 0xff] ^
		      crc32c_table[3][v >> 32 & 0xff] ^
		      crc32c_table[2][v >> 40 & 0xff] ^
		      crc32c_table[1][v >> 48 & 0xff] ^
		      crc32c_table[0][v >> 56];
		p += 8;
		len -= 8;
	}
	return crc32c_bytes(crc, p, len);
}
