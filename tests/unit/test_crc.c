// SPDX-License-Identifier: MIT
/* Checks of the checksums against the published check values of "123456789". */
#include "unit.h"

#include <lib/crc.h>

#define CHECK_INPUT "123456789", 9

TEST(crc32_matches_the_check_value)
{
	EXPECT_EQ(~crc32_le(~0u, CHECK_INPUT) & 0xffffffffu, 0xcbf43926);
}

TEST(crc32c_matches_the_check_value)
{
	crc32c_init();
	EXPECT_EQ(~crc32c(~0u, CHECK_INPUT) & 0xffffffffu, 0xe3069283);
}

TEST(crc32c_can_be_continued)
{
	crc32c_init();
	EXPECT_EQ(crc32c(crc32c(~0u, "1234", 4), "56789", 5),
		  crc32c(~0u, CHECK_INPUT));
}

/* Bit by bit, as the definition has it. */
static uint32_t crc32c_slowly(uint32_t crc, const uint8_t *data, size_t len)
{
	while (len--) {
		crc ^= *data++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return crc;
}

/* Of all lengths and alignments: how many are wrong. */
static size_t crc32c_compare(uint32_t seed)
{
	static uint8_t data[128] __attribute__((aligned(8)));
	size_t wrong = 0;

	for (size_t i = 0; i < sizeof(data); i++) {
		seed = seed * 1664525 + 1013904223;
		data[i] = (uint8_t)(seed >> 24);
	}
	for (size_t start = 0; start < 16; start++)
		for (size_t len = 0; start + len <= sizeof(data); len++)
			wrong += crc32c(seed, data + start, len) !=
				 crc32c_slowly(seed, data + start, len);
	return wrong;
}

TEST(crc32c_is_what_its_definition_says)
{
	crc32c_init();
	EXPECT_EQ(crc32c_compare(1), 0);
}

/* The last of crc32c: there is no way back. */
TEST(crc32c_by_multiplication_is_the_same)
{
	crc32c_init();
	crc32c_use_clmul();
	for (uint32_t seed = 0; seed < 16; seed++)
		EXPECT_EQ(crc32c_compare(seed), 0);
	EXPECT_EQ(~crc32c(~0u, CHECK_INPUT) & 0xffffffffu, 0xe3069283);
}

TEST(crc16_matches_the_check_value)
{
	EXPECT_EQ(crc16(0, CHECK_INPUT), 0xbb3d);
}
