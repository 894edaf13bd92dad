// SPDX-License-Identifier: MIT
/* The kernel command line: kernel/core/param.c. */
#include "unit.h"

#include <stdarg.h>

#include <core/param.h>
#include <core/printk.h>

static unsigned warnings;

void klog(enum log_level level, const char *fmt, ...)
{
	(void)level;
	(void)fmt;
	warnings++;
}

TEST(param_finds_values)
{
	char value[16];

	param_init("root=/dev/vda quiet  panic=halt");
	EXPECT(param_get("root", value, sizeof(value)));
	EXPECT(strcmp(value, "/dev/vda") == 0);
	EXPECT(param_get("panic", value, sizeof(value)));
	EXPECT(strcmp(value, "halt") == 0);
}

TEST(param_does_not_confuse_beginnings_of_names)
{
	char value[16];

	param_init("rootfs=ext4 xroot=1");
	EXPECT(!param_is_set("root"));
	EXPECT(!param_get("root", value, sizeof(value)));
	EXPECT(param_is_set("rootfs"));
}

TEST(param_takes_the_last_of_several)
{
	param_init("maxcpus=1 maxcpus=0x10");
	EXPECT_EQ(param_get_u64("maxcpus", 3), 16);
}

TEST(param_get_refuses_what_does_not_fit)
{
	char value[4];

	param_init("a=123 b=1234 c= d");
	EXPECT(param_get("a", value, sizeof(value)));
	EXPECT(!param_get("b", value, sizeof(value)));
	EXPECT(param_get("c", value, sizeof(value)));
	EXPECT_EQ(value[0], 0);
	EXPECT(!param_get("d", value, sizeof(value)));
	EXPECT(param_is_set("d"));
}

TEST(param_init_cuts_long_lines_and_says_so)
{
	static char text[4096];

	memset(text, 'x', sizeof(text) - 1);
	warnings = 0;
	param_init(text);
	EXPECT_EQ(warnings, 1);
	EXPECT_EQ(strlen(param_cmdline()), 1023);
}

TEST(parse_u64_takes_whole_numbers_only)
{
	uint64_t value = 0;

	EXPECT(parse_u64("18446744073709551615", &value));
	EXPECT(value == UINT64_MAX);
	EXPECT(!parse_u64("18446744073709551616", &value));
	EXPECT(parse_u64("0xfF", &value));
	EXPECT_EQ(value, 255);
	EXPECT(!parse_u64("", &value));
	EXPECT(!parse_u64("0x", &value));
	EXPECT(!parse_u64("12a", &value));
	EXPECT(!parse_u64("-1", &value));
	EXPECT(!parse_u64(" 1", &value));
}
