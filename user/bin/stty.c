// SPDX-License-Identifier: MIT
/*
 * stty: show and change the terminal: sane, raw, cooked, size, rows N,
 * cols N, and the flags of the table, with "-" before to clear them.
 */
#include "applets.h"

#include <limits.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <user/lib/util.h>

static const struct stty_flag {
	const char *name;
	tcflag_t input, output, local;
} stty_flags[] = {
	{ "icrnl", ICRNL, 0, 0 },   { "ixon", IXON, 0, 0 },
	{ "opost", 0, OPOST, 0 },   { "onlcr", 0, ONLCR, 0 },
	{ "isig", 0, 0, ISIG },     { "icanon", 0, 0, ICANON },
	{ "echo", 0, 0, ECHO },     { "echoe", 0, 0, ECHOE },
	{ "echok", 0, 0, ECHOK },   { "iexten", 0, 0, IEXTEN },
	{ "tostop", 0, 0, TOSTOP }, { "noflsh", 0, 0, NOFLSH },
};

static bool stty_is_set(const struct termios *modes,
			const struct stty_flag *flag)
{
	return (modes->c_iflag & flag->input) ||
	       (modes->c_oflag & flag->output) ||
	       (modes->c_lflag & flag->local);
}

static void stty_show(const struct termios *modes)
{
	struct winsize size = { 0 };

	ioctl(STDIN_FILENO, TIOCGWINSZ, &size);
	printf("rows %u; columns %u;\n", size.ws_row, size.ws_col);
	for (size_t i = 0; i < ARRAY_SIZE(stty_flags); i++)
		printf("%s%s%c", stty_is_set(modes, &stty_flags[i]) ? "" : "-",
		       stty_flags[i].name,
		       i + 1 < ARRAY_SIZE(stty_flags) ? ' ' : '\n');
}

static void stty_change(struct termios *modes, const struct stty_flag *flag,
			bool on)
{
	modes->c_iflag &= ~flag->input;
	modes->c_oflag &= ~flag->output;
	modes->c_lflag &= ~flag->local;
	if (!on)
		return;
	modes->c_iflag |= flag->input;
	modes->c_oflag |= flag->output;
	modes->c_lflag |= flag->local;
}

static bool stty_word(struct termios *modes, const char *word)
{
	bool on = *word != '-';

	if (strcmp(word, "sane") == 0 || strcmp(word, "cooked") == 0 ||
	    strcmp(word, "-raw") == 0) {
		modes->c_iflag |= ICRNL | IXON;
		modes->c_oflag |= OPOST | ONLCR;
		modes->c_lflag |= ISIG | ICANON | ECHO | ECHOE | ECHOK | IEXTEN;
		return true;
	}
	if (strcmp(word, "raw") == 0) {
		cfmakeraw(modes);
		return true;
	}
	word += !on;
	for (size_t i = 0; i < ARRAY_SIZE(stty_flags); i++) {
		if (strcmp(word, stty_flags[i].name) == 0) {
			stty_change(modes, &stty_flags[i], on);
			return true;
		}
	}
	return false;
}

/* "rows N" and "cols N". */
static int stty_resize(const char *what, const char *text)
{
	struct winsize size = { 0 };
	long number;

	if (!text || !parse_number(text, 1, USHRT_MAX, &number))
		return usage_error("stty rows|cols NUMBER");
	ioctl(STDIN_FILENO, TIOCGWINSZ, &size);
	if (*what == 'r')
		size.ws_row = (unsigned short)number;
	else
		size.ws_col = (unsigned short)number;
	if (ioctl(STDIN_FILENO, TIOCSWINSZ, &size) == 0)
		return 0;
	warn_errno("window size");
	return 1;
}

int stty_main(int argc, char **argv)
{
	struct termios modes;
	struct winsize size;

	if (tcgetattr(STDIN_FILENO, &modes)) {
		warn_errno("standard input");
		return 1;
	}
	if (argc == 1 || strcmp(argv[1], "-a") == 0)
		stty_show(&modes);
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-a") == 0)
			continue;
		if (strcmp(argv[i], "size") == 0) {
			if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0)
				printf("%u %u\n", size.ws_row, size.ws_col);
		} else if (strcmp(argv[i], "rows") == 0 ||
			   strcmp(argv[i], "cols") == 0) {
			if (stty_resize(argv[i], argv[i + 1]))
				return 1;
			i++;
		} else if (!stty_word(&modes, argv[i])) {
			warn_msg("%s: no such setting", argv[i]);
			return 2;
		}
	}
	if (tcsetattr(STDIN_FILENO, TCSADRAIN, &modes)) {
		warn_errno("standard input");
		return 1;
	}
	return finish_output(0);
}
