// SPDX-License-Identifier: MIT
/*
 * Aliases: a short list, looked at for the first word of each command.
 */
#include "alias.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "sh.h"

static struct alias *aliases;

struct alias *alias_find(const char *name)
{
	struct alias *alias = aliases;

	while (alias && strcmp(alias->name, name))
		alias = alias->next;
	return alias;
}

bool alias_ends_blank(const struct alias *alias)
{
	size_t len = strlen(alias->value);

	return len && alias->value[len - 1] == ' ';
}

static void alias_set(const char *name, size_t name_len, const char *value)
{
	char *copy = sh_malloc(name_len + 1);
	struct alias *alias;

	memcpy(copy, name, name_len);
	copy[name_len] = '\0';
	alias = alias_find(copy);
	if (alias) {
		free(copy);
		free(alias->value);
	} else {
		alias = sh_malloc(sizeof(*alias));
		alias->name = copy;
		alias->next = aliases;
		aliases = alias;
	}
	alias->value = sh_strdup(value);
}

static void alias_print(const struct alias *alias)
{
	printf("alias %s='%s'\n", alias->name, alias->value);
}

int builtin_alias(int argc, char **argv)
{
	int status = 0;

	if (argc == 1)
		for (struct alias *alias = aliases; alias; alias = alias->next)
			alias_print(alias);
	for (int i = 1; i < argc; i++) {
		const char *equals = strchr(argv[i], '=');
		struct alias *alias;

		if (equals && equals != argv[i]) {
			alias_set(argv[i], (size_t)(equals - argv[i]),
				  equals + 1);
			continue;
		}
		alias = alias_find(argv[i]);
		if (alias) {
			alias_print(alias);
		} else {
			sh_warn("alias: %s: not found", argv[i]);
			status = 1;
		}
	}
	return status;
}

static void alias_free(struct alias **link)
{
	struct alias *alias = *link;

	*link = alias->next;
	free(alias->name);
	free(alias->value);
	free(alias);
}

int builtin_unalias(int argc, char **argv)
{
	int status = 0;

	if (argc > 1 && strcmp(argv[1], "-a") == 0) {
		while (aliases)
			alias_free(&aliases);
		return 0;
	}
	for (int i = 1; i < argc; i++) {
		struct alias **link = &aliases;

		while (*link && strcmp((*link)->name, argv[i]))
			link = &(*link)->next;
		if (*link) {
			alias_free(link);
		} else {
			sh_warn("unalias: %s: not found", argv[i]);
			status = 1;
		}
	}
	return status;
}
