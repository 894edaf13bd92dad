// SPDX-License-Identifier: MIT
/*
 * Completion of commands and files.
 */
#include "complete.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "sh.h"
#include "vars.h"

struct completion {
	const char *prefix;
	size_t len;
	struct ptrlist *candidates;
};

static void complete_name(const char *name, void *arg)
{
	struct completion *completion = arg;

	if (strncmp(name, completion->prefix, completion->len) == 0)
		ptrlist_add(completion->candidates,
			    arena_strdup(&sh_temp, name));
}

/* The entries of a directory that begin with prefix, as shown + name. */
static void complete_dir(const char *dir, const char *shown, const char *prefix,
			 bool programs, struct ptrlist *candidates)
{
	size_t len = strlen(prefix);
	struct dirent *entry;
	DIR *stream = opendir(*dir ? dir : ".");

	while (stream && (entry = readdir(stream))) {
		struct strbuf path = { .arena = &sh_temp };
		struct strbuf text = { .arena = &sh_temp };
		struct stat st;

		if (strncmp(entry->d_name, prefix, len) ||
		    (entry->d_name[0] == '.' && prefix[0] != '.'))
			continue;
		strbuf_add_text(&path, *dir ? dir : ".");
		strbuf_add_char(&path, '/');
		strbuf_add_text(&path, entry->d_name);
		strbuf_add_text(&text, shown);
		strbuf_add_text(&text, entry->d_name);
		if (stat(strbuf_text(&path), &st))
			continue;
		if (programs && (!S_ISREG(st.st_mode) || !(st.st_mode & 0111)))
			continue;
		if (S_ISDIR(st.st_mode))
			strbuf_add_char(&text, '/');
		ptrlist_add(candidates, strbuf_text(&text));
	}
	if (stream)
		closedir(stream);
}

static void complete_command(const char *word, struct ptrlist *candidates)
{
	struct completion completion = { word, strlen(word), candidates };
	const char *dir = var_get("PATH");

	builtins_for_each(complete_name, &completion);
	functions_for_each(complete_name, &completion);
	while (dir && *dir) {
		size_t len = strcspn(dir, ":");

		complete_dir(arena_strndup(&sh_temp, dir, len), "", word, true,
			     candidates);
		dir += len + (dir[len] == ':');
	}
}

static void complete_file(const char *word, struct ptrlist *candidates)
{
	const char *slash = strrchr(word, '/');
	size_t len = slash ? (size_t)(slash + 1 - word) : 0;
	char *shown = arena_strndup(&sh_temp, word, len);
	const char *home = var_get("HOME");
	char *dir = shown;

	if (word[0] == '~' && word[1] == '/' && home) {
		struct strbuf path = { .arena = &sh_temp };

		strbuf_add_text(&path, home);
		strbuf_add_text(&path, shown + 1);
		dir = strbuf_text(&path);
	}
	complete_dir(dir, shown, word + len, false, candidates);
}

static int compare_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void candidates_sort(struct ptrlist *candidates)
{
	size_t kept = 0;

	if (!candidates->count)
		return;
	qsort(candidates->items, candidates->count, sizeof(*candidates->items),
	      compare_text);
	for (size_t i = 0; i < candidates->count; i++)
		if (!i ||
		    strcmp(candidates->items[i], candidates->items[kept - 1]))
			candidates->items[kept++] = candidates->items[i];
	candidates->count = kept;
}

/* Whether the word at start is the name of a command. */
static bool is_command_place(const char *line, size_t start)
{
	while (start && (line[start - 1] == ' ' || line[start - 1] == '\t'))
		start--;
	return !start || strchr(";|&(`", line[start - 1]);
}

void complete_line(const char *line, size_t len, size_t *start,
		   struct ptrlist *candidates)
{
	char *word;

	*start = len;
	while (*start && !strchr(" \t;|&<>()=\"'`", line[*start - 1]))
		(*start)--;
	word = arena_strndup(&sh_temp, line + *start, len - *start);
	if (is_command_place(line, *start) && !strchr(word, '/'))
		complete_command(word, candidates);
	else
		complete_file(word, candidates);
	candidates_sort(candidates);
}

size_t complete_common(const struct ptrlist *candidates)
{
	size_t len = strlen(candidates->items[0]);

	for (size_t i = 1; i < candidates->count; i++) {
		size_t same = 0;

		while (same < len &&
		       candidates->items[i][same] == candidates->items[0][same])
			same++;
		len = same;
	}
	return len;
}
