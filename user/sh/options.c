// SPDX-License-Identifier: MIT
/*
 * The shell's options (set), and getopts for those of scripts.
 */
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builtins.h"
#include "exec.h"
#include "memory.h"
#include "sh.h"
#include "vars.h"

static const struct option_name {
	const char *name;
	char letter; /* 0: has none */
	bool *value;
} option_names[] = {
	{ "allexport", 'a', &sh.options.all_export },
	{ "errexit", 'e', &sh.options.errexit },
	{ "monitor", 'm', &sh.options.job_control },
	{ "noclobber", 'C', &sh.options.no_clobber },
	{ "noexec", 'n', &sh.options.no_exec },
	{ "noglob", 'f', &sh.options.no_glob },
	{ "nounset", 'u', &sh.options.no_unset },
	{ "pipefail", 0, &sh.options.pipefail },
	{ "verbose", 'v', &sh.options.verbose },
	{ "xtrace", 'x', &sh.options.trace },
};

bool options_set_letter(char letter, bool on)
{
	for (size_t i = 0; i < SH_ARRAY_SIZE(option_names); i++) {
		if (letter && option_names[i].letter == letter) {
			*option_names[i].value = on;
			return true;
		}
	}
	return false;
}

bool options_set_name(const char *name, bool on)
{
	for (size_t i = 0; i < SH_ARRAY_SIZE(option_names); i++) {
		if (strcmp(option_names[i].name, name) == 0) {
			*option_names[i].value = on;
			return true;
		}
	}
	return false;
}

static void options_print(bool as_commands)
{
	for (size_t i = 0; i < SH_ARRAY_SIZE(option_names); i++) {
		bool on = *option_names[i].value;

		if (as_commands)
			printf("set %co %s\n", on ? '-' : '+',
			       option_names[i].name);
		else
			printf("%-12s %s\n", option_names[i].name,
			       on ? "on" : "off");
	}
}

/* One word of "set -eu -o name"; *i may step to the name. */
static bool set_word(int argc, char **argv, int *i)
{
	bool on = argv[*i][0] == '-';

	for (const char *letter = argv[*i] + 1; *letter; letter++) {
		if (*letter != 'o') {
			if (!options_set_letter(*letter, on)) {
				sh_warn("set: %c%c: no such option",
					on ? '-' : '+', *letter);
				return false;
			}
			continue;
		}
		if (*i + 1 >= argc) {
			options_print(!on);
		} else if (!options_set_name(argv[++*i], on)) {
			sh_warn("set: %s: no such option", argv[*i]);
			return false;
		}
	}
	return true;
}

int builtin_set(int argc, char **argv)
{
	bool replace = false;
	int i = 1;

	if (argc == 1) {
		vars_print();
		return 0;
	}
	for (; i < argc && (argv[i][0] == '-' || argv[i][0] == '+'); i++) {
		if (strcmp(argv[i], "--") == 0) {
			replace = true;
			i++;
			break;
		}
		if (!argv[i][1])
			break;
		if (!set_word(argc, argv, &i))
			return 2;
	}
	if (replace || i < argc)
		params_set(argv + i, argc - i);
	return 0;
}

/* Where getopts is: the place within a cluster of letters like -abc. */
static int getopts_index = 1;
static int getopts_offset = 1;

static int getopts_finish(const char *name)
{
	getopts_offset = 1;
	var_set_number("OPTIND", getopts_index);
	var_set(name, "?");
	return 1;
}

/* An option that is not in spec, or that lacks its argument. */
static void getopts_fail(const char *name, const char *spec, char letter,
			 bool missing)
{
	char text[2] = { letter, '\0' };

	if (*spec == ':') {
		var_set(name, missing ? ":" : "?");
		var_set("OPTARG", text);
		return;
	}
	sh_warn(missing ? "-%c: argument missing" : "-%c: no such option",
		letter);
	var_set(name, "?");
	var_unset("OPTARG");
}

int builtin_getopts(int argc, char **argv)
{
	char **words = argc > 3 ? argv + 3 : sh.params;
	int count = argc > 3 ? argc - 3 : sh.nr_params;
	const char *optind_text = var_get("OPTIND");
	const char *name, *word, *found;
	char letter[2] = "";

	if (argc < 3) {
		sh_warn("usage: getopts OPTIONS NAME [ARGUMENT]...");
		return 2;
	}
	name = argv[2];
	if (optind_text && atoi(optind_text) != getopts_index) {
		getopts_index = atoi(optind_text);
		getopts_offset = 1;
	}
	if (getopts_index < 1)
		getopts_index = 1;
	if (getopts_index > count)
		return getopts_finish(name);
	word = words[getopts_index - 1];
	if (getopts_offset == 1 && (word[0] != '-' || !word[1]))
		return getopts_finish(name);
	if (strcmp(word, "--") == 0) {
		getopts_index++;
		return getopts_finish(name);
	}
	if ((size_t)getopts_offset >= strlen(word))
		getopts_offset = 1;

	letter[0] = word[getopts_offset++];
	found = letter[0] == ':' ? NULL : strchr(argv[1], letter[0]);
	if (!word[getopts_offset] || (found && found[1] == ':')) {
		getopts_index++;
		if (!found) {
			getopts_offset = 1;
		} else if (found[1] != ':') {
			getopts_offset = 1;
		} else if (word[getopts_offset]) {
			var_set("OPTARG", word + getopts_offset);
			getopts_offset = 1;
		} else if (getopts_index <= count) {
			var_set("OPTARG", words[getopts_index++ - 1]);
			getopts_offset = 1;
		} else {
			getopts_offset = 1;
			var_set_number("OPTIND", getopts_index);
			getopts_fail(name, argv[1], letter[0], true);
			return 0;
		}
	}
	var_set_number("OPTIND", getopts_index);
	if (found)
		var_set(name, letter);
	else
		getopts_fail(name, argv[1], letter[0], false);
	return 0;
}
