/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/* An alias; lives until alias_unset() and is never freed while it expands. */
struct alias {
	struct alias *next;
	char *name;
	char *value;
};

struct alias *alias_find(const char *name);

/* Whether the word after the alias is looked up as well. */
bool alias_ends_blank(const struct alias *alias);

/* Builtins alias and unalias. */
int builtin_alias(int argc, char **argv);
int builtin_unalias(int argc, char **argv);
