// SPDX-License-Identifier: MIT
/*
 * echo: print the arguments.  -n leaves out the newline, -e interprets
 * escapes.  Also the shell's builtin, so it must return, never exit.
 */
#include "applets.h"

#include <string.h>

#include <user/lib/escape.h>
#include <user/lib/util.h>

static bool echo_option(const char *word, bool *newline, bool *escapes)
{
	if (word[0] != '-' || !word[1] || word[1 + strspn(word + 1, "neE")])
		return false;
	for (word++; *word; word++) {
		if (*word == 'n')
			*newline = false;
		else
			*escapes = *word == 'e';
	}
	return true;
}

int echo_main(int argc, char **argv)
{
	bool newline = true, escapes = false;
	int i = 1;

	while (i < argc && echo_option(argv[i], &newline, &escapes))
		i++;

	for (; i < argc; i++) {
		if (!escapes)
			fputs(argv[i], stdout);
		else if (!escape_print(argv[i], ESCAPE_ECHO))
			return finish_output(0); /* \c ends all output */
		if (i + 1 < argc)
			putchar(' ');
	}
	if (newline)
		putchar('\n');
	return finish_output(0);
}
