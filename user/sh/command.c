// SPDX-License-Identifier: MIT
/*
 * Functions, and where in PATH commands were found.
 */
#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alias.h"
#include "memory.h"
#include "parse.h"
#include "sh.h"
#include "vars.h"

#define COMMAND_BUCKETS 32

struct function {
	struct function *next;
	char *name;
	struct node *body;
	struct parse_unit *unit; /* a reference: body lies in it */
};

struct command_path {
	struct command_path *next;
	char *path; /* the name is its last component */
	char *name;
};

static struct function *functions[COMMAND_BUCKETS];
static struct command_path *paths[COMMAND_BUCKETS];

static unsigned int command_hash(const char *name)
{
	unsigned int hash = 0;

	while (*name)
		hash = hash * 31 + (unsigned char)*name++;
	return hash % COMMAND_BUCKETS;
}

static struct function *function_lookup(const char *name)
{
	struct function *function = functions[command_hash(name)];

	while (function && strcmp(function->name, name))
		function = function->next;
	return function;
}

struct node *function_find(const char *name, struct parse_unit **unit)
{
	struct function *function = function_lookup(name);

	if (!function)
		return NULL;
	*unit = function->unit;
	return function->body;
}

void function_set(const char *name, struct node *body, struct parse_unit *unit)
{
	struct function *function = function_lookup(name);
	struct function **bucket = &functions[command_hash(name)];

	parse_unit_get(unit);
	if (function) {
		parse_unit_put(function->unit);
	} else {
		function = sh_malloc(sizeof(*function));
		function->name = sh_strdup(name);
		function->next = *bucket;
		*bucket = function;
	}
	function->body = body;
	function->unit = unit;
}

void function_unset(const char *name)
{
	struct function **link = &functions[command_hash(name)];
	struct function *function;

	while (*link && strcmp((*link)->name, name))
		link = &(*link)->next;
	function = *link;
	if (!function)
		return;
	*link = function->next;
	parse_unit_put(function->unit);
	free(function->name);
	free(function);
}

void functions_for_each(void (*visit)(const char *name, void *arg), void *arg)
{
	for (int i = 0; i < COMMAND_BUCKETS; i++)
		for (struct function *f = functions[i]; f; f = f->next)
			visit(f->name, arg);
}

void command_forget_paths(void)
{
	for (int i = 0; i < COMMAND_BUCKETS; i++) {
		while (paths[i]) {
			struct command_path *path = paths[i];

			paths[i] = path->next;
			free(path->path);
			free(path);
		}
	}
}

static const char *command_remember(const char *name, const char *path)
{
	struct command_path *entry = sh_malloc(sizeof(*entry));
	unsigned int bucket = command_hash(name);

	entry->path = sh_strdup(path);
	entry->name = strrchr(entry->path, '/') + 1;
	entry->next = paths[bucket];
	paths[bucket] = entry;
	return entry->path;
}

static bool command_is_file(const char *path)
{
	struct stat st;

	if (access(path, X_OK))
		return false;
	if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
		return true;
	errno = EACCES;
	return false;
}

static const char *command_search(const char *name)
{
	const char *dir = var_get("PATH");
	int error = ENOENT;

	while (dir) {
		size_t len = strcspn(dir, ":");
		struct strbuf path = { .arena = &sh_temp };

		if (len)
			strbuf_add(&path, dir, len);
		else
			strbuf_add_char(&path, '.');
		strbuf_add_char(&path, '/');
		strbuf_add_text(&path, name);
		if (command_is_file(strbuf_text(&path)))
			return command_remember(name, path.data);
		if (errno == EACCES)
			error = EACCES;
		dir = dir[len] ? dir + len + 1 : NULL;
	}
	errno = error;
	return NULL;
}

const char *command_find_path(const char *name)
{
	struct command_path *path;

	if (!*name) {
		errno = ENOENT;
		return NULL;
	}
	if (strchr(name, '/'))
		return name;
	for (path = paths[command_hash(name)]; path; path = path->next)
		if (strcmp(path->name, name) == 0)
			return path->path;
	return command_search(name);
}

static const char *command_kind(const char *name)
{
	const struct builtin *builtin = builtin_find(name);

	if (word_is_reserved(name))
		return "a shell keyword";
	if (function_lookup(name))
		return "a function";
	if (builtin)
		return builtin->special ? "a special shell builtin"
					: "a shell builtin";
	return NULL;
}

int command_describe(const char *name, bool verbose)
{
	const struct alias *alias = alias_find(name);
	const char *kind = command_kind(name);
	const char *path;

	if (alias) {
		if (verbose)
			printf("%s is an alias for %s\n", name, alias->value);
		else
			printf("alias %s='%s'\n", name, alias->value);
		return 0;
	}
	if (kind) {
		if (verbose)
			printf("%s is %s\n", name, kind);
		else
			puts(name);
		return 0;
	}
	path = command_find_path(name);
	if (path && command_is_file(path)) {
		if (verbose)
			printf("%s is %s\n", name, path);
		else
			puts(path);
		return 0;
	}
	if (verbose)
		sh_warn("%s: not found", name);
	return 127;
}

int builtin_type(int argc, char **argv)
{
	int status = 0;

	for (int i = 1; i < argc; i++)
		if (command_describe(argv[i], true))
			status = 1;
	return status;
}

int builtin_hash(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "-r") == 0) {
		command_forget_paths();
		return 0;
	}
	for (int i = 0; i < COMMAND_BUCKETS; i++)
		for (struct command_path *path = paths[i]; path;
		     path = path->next)
			puts(path->path);
	return 0;
}
