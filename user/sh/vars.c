// SPDX-License-Identifier: MIT
/*
 * Variables: a hash table, and a stack of values that come back.
 */
#include "vars.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "memory.h"
#include "parse.h"
#include "sh.h"

#define VARS_BUCKETS 64

struct saved_var {
	struct saved_var *older;
	char *name;
	char *text; /* NULL: there was no such variable */
	bool is_set, exported, readonly;
};

static struct var *buckets[VARS_BUCKETS];
static struct saved_var *saved_vars;

unsigned int vars_path_generation = 1;

static struct var **var_bucket(const char *name, size_t len)
{
	unsigned int hash = 0;

	for (size_t i = 0; i < len; i++)
		hash = hash * 31 + (unsigned char)name[i];
	return &buckets[hash % VARS_BUCKETS];
}

struct var *var_find(const char *name, size_t name_len)
{
	struct var *var = *var_bucket(name, name_len);

	while (var &&
	       (var->name_len != name_len || memcmp(var->text, name, name_len)))
		var = var->next;
	return var;
}

const char *var_get(const char *name)
{
	size_t len = strlen(name);
	const struct var *var = var_find(name, len);

	return var && var->is_set ? var->text + len + 1 : NULL;
}

static char *var_text(const char *name, size_t name_len, const char *value)
{
	size_t value_size = strlen(value) + 1;
	char *text = sh_malloc(name_len + 1 + value_size);

	memcpy(text, name, name_len);
	text[name_len] = '=';
	memcpy(text + name_len + 1, value, value_size);
	return text;
}

/* Find or make; a new one is not set yet. */
static struct var *var_need(const char *name, size_t name_len)
{
	struct var *var = var_find(name, name_len);
	struct var **bucket;

	if (var)
		return var;
	var = sh_malloc(sizeof(*var));
	*var = (struct var){ .name_len = name_len };
	var->text = var_text(name, name_len, "");
	bucket = var_bucket(name, name_len);
	var->next = *bucket;
	*bucket = var;
	return var;
}

/* What else the shell must know of a change. */
static void var_changed(const char *name, size_t len)
{
	if (len == 4 && memcmp(name, "PATH", 4) == 0) {
		vars_path_generation++;
		command_forget_paths();
	}
}

static void var_check_writable(const struct var *var)
{
	if (var->readonly)
		sh_error("%.*s: is read only", (int)var->name_len, var->text);
}

static void var_store(const char *name, size_t len, const char *value)
{
	struct var *var = var_need(name, len);
	char *text;

	var_check_writable(var);
	text = var_text(name, len, value);
	free(var->text);
	var->text = text;
	var->is_set = true;
	if (sh.options.all_export)
		var->exported = true;
	var_changed(name, len);
}

void var_set(const char *name, const char *value)
{
	var_store(name, strlen(name), value);
}

void var_set_number(const char *name, long value)
{
	char text[24];

	snprintf(text, sizeof(text), "%ld", value);
	var_set(name, text);
}

void var_assign(const char *text, size_t name_len)
{
	var_store(text, name_len, text + name_len + 1);
}

static void var_remove(const char *name, size_t len)
{
	struct var **link = var_bucket(name, len);
	struct var *var = var_find(name, len);

	if (!var)
		return;
	while (*link != var)
		link = &(*link)->next;
	*link = var->next;
	free(var->text);
	free(var);
	var_changed(name, len);
}

void var_unset(const char *name)
{
	const struct var *var = var_find(name, strlen(name));

	if (var)
		var_check_writable(var);
	var_remove(name, strlen(name));
}

void var_export(const char *name, size_t name_len)
{
	var_need(name, name_len)->exported = true;
}

void var_make_readonly(const char *name, size_t name_len)
{
	var_need(name, name_len)->readonly = true;
}

void vars_for_each(void (*visit)(const struct var *var, void *arg), void *arg)
{
	for (int i = 0; i < VARS_BUCKETS; i++)
		for (struct var *var = buckets[i]; var; var = var->next)
			visit(var, arg);
}

/* Whether one of the first count entries sets the same variable. */
static bool env_has_name(char *const *entries, size_t count,
			 const struct var *var)
{
	for (size_t i = 0; i < count; i++)
		if (strncmp(entries[i], var->text, var->name_len + 1) == 0)
			return true;
	return false;
}

char **vars_environment(char *const *extra)
{
	struct ptrlist list = { .arena = &sh_temp };
	size_t nr_extra = 0;

	for (; extra && extra[nr_extra]; nr_extra++)
		ptrlist_add(&list, extra[nr_extra]);
	for (int i = 0; i < VARS_BUCKETS; i++) {
		for (struct var *var = buckets[i]; var; var = var->next)
			if (var->exported && var->is_set &&
			    !env_has_name(list.items, nr_extra, var))
				ptrlist_add(&list, var->text);
	}
	if (!list.count)
		return arena_zalloc(&sh_temp, sizeof(char *));
	return list.items;
}

struct saved_var *vars_mark(void)
{
	return saved_vars;
}

void var_save(const char *name, size_t name_len)
{
	struct saved_var *saved = sh_malloc(sizeof(*saved));
	const struct var *var = var_find(name, name_len);

	*saved = (struct saved_var){ .older = saved_vars };
	saved->name = sh_malloc(name_len + 1);
	memcpy(saved->name, name, name_len);
	saved->name[name_len] = '\0';
	if (var) {
		saved->text = sh_strdup(var->text);
		saved->is_set = var->is_set;
		saved->exported = var->exported;
		saved->readonly = var->readonly;
	}
	saved_vars = saved;
}

void vars_restore(struct saved_var *mark)
{
	while (saved_vars != mark) {
		struct saved_var *saved = saved_vars;
		size_t len = strlen(saved->name);
		struct var *var;

		if (saved->text) {
			var = var_need(saved->name, len);
			free(var->text);
			var->text = saved->text;
			var->is_set = saved->is_set;
			var->exported = saved->exported;
			var->readonly = saved->readonly;
			var_changed(saved->name, len);
		} else {
			var_remove(saved->name, len);
		}
		saved_vars = saved->older;
		free(saved->name);
		free(saved);
	}
}

static void vars_init_pwd(void)
{
	const char *old = var_get("PWD");
	char path[4096];

	/* An inherited PWD may name a place that the directory left. */
	if (getcwd(path, sizeof(path)) && (!old || strcmp(old, path)))
		var_set("PWD", path);
	var_export("PWD", 3);
}

void vars_init(char **environment)
{
	for (; *environment; environment++) {
		const char *equals = strchr(*environment, '=');
		size_t len;

		if (!equals)
			continue;
		len = (size_t)(equals - *environment);
		if (!name_is_valid(*environment, len))
			continue;
		var_assign(*environment, len);
		var_export(*environment, len);
	}
	var_set("IFS", " \t\n");
	var_set("OPTIND", "1");
	var_set_number("PPID", getppid());
	if (!var_get("PATH"))
		var_set("PATH", "/bin:/sbin:/usr/bin:/usr/sbin");
	if (!var_get("PS4"))
		var_set("PS4", "+ ");
	vars_init_pwd();
}

void print_quoted(const char *text)
{
	putchar('\'');
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*text);
	}
	putchar('\'');
}

static void var_print(const struct var *var, const char *prefix)
{
	fputs(prefix, stdout);
	printf("%.*s", (int)var->name_len, var->text);
	if (var->is_set) {
		putchar('=');
		print_quoted(var->text + var->name_len + 1);
	}
	putchar('\n');
}

static void var_add_to_list(const struct var *var, void *arg)
{
	ptrlist_add(arg, (char *)var);
}

static int var_compare(const void *a, const void *b)
{
	const struct var *x = *(struct var *const *)a;
	const struct var *y = *(struct var *const *)b;

	return strcmp(x->text, y->text);
}

/* All variables, sorted, NULL-terminated. */
static struct var **vars_sorted(void)
{
	struct ptrlist list = { .arena = &sh_temp };

	vars_for_each(var_add_to_list, &list);
	qsort(list.items, list.count, sizeof(*list.items), var_compare);
	return (struct var **)list.items;
}

void vars_print(void)
{
	for (struct var **var = vars_sorted(); *var; var++)
		if ((*var)->is_set)
			var_print(*var, "");
}

/* "export NAME[=value]..." and the same for readonly. */
static int vars_declare(char **operands,
			void (*mark)(const char *name, size_t len))
{
	int status = 0;

	for (; *operands; operands++) {
		size_t len = strcspn(*operands, "=");

		if (!name_is_valid(*operands, len)) {
			sh_warn("%s: bad variable name", *operands);
			status = 1;
			continue;
		}
		if ((*operands)[len])
			var_assign(*operands, len);
		mark(*operands, len);
	}
	return status;
}

int builtin_export(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "-p"))
		return vars_declare(argv + 1, var_export);
	for (struct var **var = vars_sorted(); *var; var++)
		if ((*var)->exported)
			var_print(*var, "export ");
	return 0;
}

int builtin_readonly(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "-p"))
		return vars_declare(argv + 1, var_make_readonly);
	for (struct var **var = vars_sorted(); *var; var++)
		if ((*var)->readonly)
			var_print(*var, "readonly ");
	return 0;
}

int builtin_unset(int argc, char **argv)
{
	bool functions = false;
	int i = 1;

	for (; i < argc && argv[i][0] == '-'; i++)
		functions = strcmp(argv[i], "-f") == 0;
	for (; i < argc; i++) {
		if (functions)
			function_unset(argv[i]);
		else
			var_unset(argv[i]);
	}
	return 0;
}

int builtin_local(int argc, char **argv)
{
	(void)argc;
	if (!sh.function_depth) {
		sh_warn("local: only within a function");
		return 1;
	}
	for (argv++; *argv; argv++) {
		size_t len = strcspn(*argv, "=");

		if (!name_is_valid(*argv, len)) {
			sh_warn("%s: bad variable name", *argv);
			return 1;
		}
		var_save(*argv, len);
		if ((*argv)[len])
			var_assign(*argv, len);
	}
	return 0;
}
