// SPDX-License-Identifier: MIT
/*
 * History: a ring of lines, kept in a file between sessions.
 */
#include "history.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "vars.h"

#define HISTORY_SIZE 200

static char *lines[HISTORY_SIZE];
static unsigned int nr_added;  /* in all; the newest is at nr_added - 1 */
static unsigned int nr_loaded; /* of these, from the file */

const char *history_get(int age)
{
	unsigned int n = (unsigned int)age;

	if (age < 0 || n >= nr_added || n >= HISTORY_SIZE)
		return NULL;
	return lines[(nr_added - 1 - n) % HISTORY_SIZE];
}

void history_add(const char *line)
{
	const char *newest = history_get(0);
	char **slot;
	size_t len = strlen(line);

	if (!len || *line == ' ' || (newest && strcmp(newest, line) == 0))
		return;
	slot = &lines[nr_added % HISTORY_SIZE];
	free(*slot);
	*slot = sh_strdup(line);
	nr_added++;
}

static FILE *history_open(const char *mode)
{
	struct strbuf path = { .arena = &sh_temp };
	const char *home = var_get("HOME");

	if (!home)
		return NULL;
	strbuf_add_text(&path, home);
	strbuf_add_text(&path, "/.sh_history");
	return fopen(strbuf_text(&path), mode);
}

void history_load(void)
{
	FILE *file = history_open("re");
	char *line = NULL;
	size_t room = 0;

	if (!file)
		return;
	while (getline(&line, &room, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		history_add(line);
	}
	free(line);
	fclose(file);
	nr_loaded = nr_added;
}

void history_save(void)
{
	unsigned int first =
		nr_added > HISTORY_SIZE ? nr_added - HISTORY_SIZE : 0;
	FILE *file;

	if (nr_added == nr_loaded)
		return;
	file = history_open("we");
	if (!file)
		return;
	for (unsigned int n = first; n < nr_added; n++)
		fprintf(file, "%s\n", lines[n % HISTORY_SIZE]);
	fclose(file);
	nr_loaded = nr_added;
}

int builtin_history(int argc, char **argv)
{
	unsigned int first =
		nr_added > HISTORY_SIZE ? nr_added - HISTORY_SIZE : 0;

	(void)argc;
	(void)argv;
	for (unsigned int n = first; n < nr_added; n++)
		printf("%5u  %s\n", n + 1, lines[n % HISTORY_SIZE]);
	return 0;
}
