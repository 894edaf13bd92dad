// SPDX-License-Identifier: MIT
/*
 * date: show or set the time.
 */
#include "applets.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include <user/lib/clock_file.h>
#include <user/lib/util.h>

#define DATE_USAGE                                                             \
	"date [-u] [-d TIME | -s TIME] [+FORMAT]; "                            \
	"TIME: @SECONDS or \"YYYY-MM-DD [hh:mm[:ss]]\""

/* Seconds since 1970 of a time as people write it; false: it is none. */
static bool date_parse(const char *text, bool utc, time_t *seconds)
{
	static const char *const formats[] = { "%Y-%m-%d %H:%M:%S",
					       "%Y-%m-%d %H:%M", "%Y-%m-%d" };
	long number;

	if (text[0] == '@') {
		if (!parse_number(text + 1, 0, 0x7fffffffffL, &number))
			return false;
		*seconds = number;
		return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		struct tm fields = { .tm_isdst = -1 };
		const char *end = strptime(text, formats[i], &fields);

		if (!end || *end)
			continue;
		*seconds = utc ? timegm(&fields) : mktime(&fields);
		return *seconds >= 0;
	}
	return false;
}

static bool date_set(const struct timespec *when)
{
	if (clock_settime(CLOCK_REALTIME, when)) {
		warn_errno("cannot set the time");
		return false;
	}
	clock_file_save();
	return true;
}

int date_main(int argc, char **argv)
{
	const char *format = "%a %b %e %H:%M:%S %Z %Y";
	const char *given = NULL;
	struct timespec when;
	bool utc = false, set = false;
	char text[256];
	int option;

	clock_gettime(CLOCK_REALTIME, &when);
	while ((option = opt_next(argc, argv, "ud:s:")) != -1) {
		if (option == '?')
			return usage_error(DATE_USAGE);
		if (option == 'u') {
			utc = true;
			continue;
		}
		given = optarg;
		set = option == 's';
	}
	if (optind < argc && argv[optind][0] != '+')
		return usage_error(DATE_USAGE);
	if (given) {
		when = (struct timespec){ 0 };
		if (!date_parse(given, utc, &when.tv_sec))
			return usage_error(DATE_USAGE);
	}
	if (set && !date_set(&when))
		return 1;
	if (optind < argc)
		format = argv[optind] + 1;
	if (!strftime(text, sizeof(text), format,
		      utc ? gmtime(&when.tv_sec) : localtime(&when.tv_sec)))
		text[0] = '\0';
	puts(text);
	return finish_output(0);
}
