// SPDX-License-Identifier: MIT
/*
 * sleep: wait.  Times may have fractions and the units s, m, h and d, and
 * several add up.
 */
#include "applets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <user/lib/util.h>

#define NS_PER_S 1000000000LL

/* "1.5m" in nanoseconds, or -1; by integers, to leave the FPU alone. */
static long long sleep_parse(const char *text)
{
	static const char units[] = "smhd";
	static const long long scale[] = { 1, 60, 3600, 86400 };
	long long seconds = 0, ns = 0, digit = NS_PER_S / 10;
	bool any = false;
	const char *unit;

	for (; *text >= '0' && *text <= '9'; text++, any = true) {
		if (seconds > 1000000000LL)
			return -1;
		seconds = seconds * 10 + *text - '0';
	}
	if (*text == '.')
		for (text++; *text >= '0' && *text <= '9'; text++, any = true) {
			ns += digit * (*text - '0');
			digit /= 10;
		}
	if (!any)
		return -1;
	unit = *text ? strchr(units, *text) : units;
	if (!unit || (*text && text[1]))
		return -1;
	if (seconds > (long long)1e9 / scale[unit - units])
		seconds = (long long)1e9 / scale[unit - units];
	return (seconds * NS_PER_S + ns) * scale[unit - units];
}

int sleep_main(int argc, char **argv)
{
	long long total = 0;
	struct timespec time;

	if (argc < 2)
		return usage_error("sleep TIME[smhd]...");
	for (int i = 1; i < argc; i++) {
		long long ns = sleep_parse(argv[i]);

		if (ns < 0) {
			warn_msg("%s: not a time", argv[i]);
			return 2;
		}
		total += ns;
	}
	time.tv_sec = (time_t)(total / NS_PER_S);
	time.tv_nsec = (long)(total % NS_PER_S);
	while (nanosleep(&time, &time) && errno == EINTR)
		;
	return 0;
}
