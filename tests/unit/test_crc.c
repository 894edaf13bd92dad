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

TEST(crc16_matches_the_check_value)
{
	EXPECT_EQ(crc16(0, CHECK_INPUT), 0xbb3d);
}
