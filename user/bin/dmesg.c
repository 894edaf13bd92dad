// SPDX-License-Identifier: MIT
/*
 * dmesg: the kernel's messages.
 */
#include "applets.h"

#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

#include <user/lib/util.h>

/* Actions of syslog(2). */
#define SYSLOG_READ_ALL 3
#define SYSLOG_CLEAR    5
#define SYSLOG_LEVEL    8
#define SYSLOG_SIZE     10

/* Print without the "<6>" that each line begins with. */
static void dmesg_print(const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *next = memchr(text, '\n', (size_t)(end - text));

		next = next ? next + 1 : end;
		if (*text == '<') {
			const char *close =
				memchr(text, '>', (size_t)(next - text));

			if (close)
				text = close + 1;
		}
		fwrite(text, 1, (size_t)(next - text), stdout);
		text = next;
	}
}

int dmesg_main(int argc, char **argv)
{
	bool clear = false;
	int option, size, len;
	long level;
	char *text;

	while ((option = opt_next(argc, argv, "cn:")) != -1) {
		if (option == 'n' && parse_number(optarg, 1, 8, &level)) {
			if (klogctl(SYSLOG_LEVEL, NULL, (int)level) == 0)
				return 0;
			warn_errno("level %ld", level);
			return 1;
		}
		if (option != 'c')
			return usage_error("dmesg [-c] [-n LEVEL]");
		clear = true;
	}
	size = klogctl(SYSLOG_SIZE, NULL, 0);
	if (size <= 0)
		size = 65536;
	text = xmalloc((size_t)size);
	len = klogctl(SYSLOG_READ_ALL, text, size);
	if (len < 0) {
		warn_errno("kernel log");
		return 1;
	}
	dmesg_print(text, (size_t)len);
	free(text);
	if (clear)
		klogctl(SYSLOG_CLEAR, NULL, 0);
	return finish_output(0);
}
