// SPDX-License-Identifier: MIT
/*
 * uniq: one of each run of equal lines.
 */
#include "applets.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <user/lib/lines.h>
#include <user/lib/util.h>

static struct {
	bool count, repeated, single;
	char *line; /* of the run under way */
	unsigned long times;
} uniq;

static void uniq_end_run(void)
{
	if (!uniq.line || (uniq.repeated && uniq.times == 1) ||
	    (uniq.single && uniq.times > 1))
		return;
	if (uniq.count)
		printf("%7lu ", uniq.times);
	puts(uniq.line);
}

static void uniq_add(char *line, size_t len, void *arg)
{
	(void)len;
	(void)arg;
	if (uniq.line && strcmp(uniq.line, line) == 0) {
		uniq.times++;
		return;
	}
	uniq_end_run();
	free(uniq.line);
	uniq.line = xstrdup(line);
	uniq.times = 1;
}

int uniq_main(int argc, char **argv)
{
	int option, status;

	while ((option = opt_next(argc, argv, "cdu")) != -1) {
		if (option == '?')
			return usage_error("uniq [-cdu] [FILE]");
		uniq.count |= option == 'c';
		uniq.repeated |= option == 'd';
		uniq.single |= option == 'u';
	}
	status = for_each_line(argc - optind, argv + optind, uniq_add, NULL);
	uniq_end_run();
	free(uniq.line);
	return finish_output(status);
}
