// SPDX-License-Identifier: MIT
/*
 * date: show or set the time.
 */
#include "applets.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include <user/lib/util.h>

#define DATE_USAGE "date [-u] [-d @SECONDS | -s @SECONDS] [+FORMAT]"

int date_main(int argc, char **argv)
{
	const char *format = "%a %b %e %H:%M:%S %Z %Y";
	struct timespec when;
	bool utc = false, set = false;
	char text[256];
	long seconds;
	int option;

	clock_gettime(CLOCK_REALTIME, &when);
	while ((option = opt_next(argc, argv, "ud:s:")) != -1) {
		if (option == 'u') {
			utc = true;
			continue;
		}
		if (option == '?' || optarg[0] != '@' ||
		    !parse_number(optarg + 1, 0, 0x7fffffffffL, &seconds))
			return usage_error(DATE_USAGE);
		when = (struct timespec){ .tv_sec = seconds };
		set = option == 's';
	}
	if (set && clock_settime(CLOCK_REALTIME, &when)) {
		warn_errno("cannot set the time");
		return 1;
	}
	if (optind < argc) {
		if (argv[optind][0] != '+')
			return usage_error(DATE_USAGE);
		format = argv[optind] + 1;
	}
	if (!strftime(text, sizeof(text), format,
		      utc ? gmtime(&when.tv_sec) : localtime(&when.tv_sec)))
		text[0] = '\0';
	puts(text);
	return finish_output(0);
}
