// SPDX-License-Identifier: MIT
/*
 * uname: what system this is.
 */
#include "applets.h"

#include <string.h>
#include <sys/utsname.h>

#include <user/lib/util.h>

int uname_main(int argc, char **argv)
{
	static const char letters[] = "snrvm";
	struct utsname names;
	const char *fields[] = { names.sysname, names.nodename, names.release,
				 names.version, names.machine };
	bool wanted[ARRAY_SIZE(fields)] = { false };
	bool any = false;
	int option;

	while ((option = opt_next(argc, argv, "asnrvmpo")) != -1) {
		const char *letter = strchr(letters, option);

		if (option == '?')
			return usage_error("uname [-amnrsv]");
		any = true;
		if (letter)
			wanted[letter - letters] = true;
		for (size_t i = 0; option == 'a' && i < ARRAY_SIZE(fields); i++)
			wanted[i] = true;
	}
	if (!any)
		wanted[0] = true;
	if (uname(&names)) {
		warn_errno("uname");
		return 1;
	}
	any = false;
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (wanted[i])
			printf("%s%s", any ? " " : "", fields[i]);
		any |= wanted[i];
	}
	putchar('\n');
	return finish_output(0);
}
