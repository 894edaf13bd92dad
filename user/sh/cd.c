// SPDX-License-Identifier: MIT
/*
 * The working directory.  PWD is kept as the user walked it, through links
 * (cd -L); -P and a directory that has moved ask the kernel.
 */
#include "cd.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory.h"
#include "sh.h"
#include "vars.h"

#define CD_PATH_MAX 4096

/* base + "/" + path with "." and ".." resolved by name. */
static char *path_normalize(const char *base, const char *path)
{
	struct strbuf out = { .arena = &sh_temp };
	struct strbuf whole = { .arena = &sh_temp };
	const char *next;

	if (*path != '/') {
		strbuf_add_text(&whole, base);
		strbuf_add_char(&whole, '/');
	}
	strbuf_add_text(&whole, path);

	for (next = strbuf_text(&whole); *next;) {
		size_t len = strcspn(next, "/");

		if (len == 2 && next[0] == '.' && next[1] == '.') {
			while (out.len && out.data[--out.len] != '/')
				;
		} else if (len && !(len == 1 && next[0] == '.')) {
			strbuf_add_char(&out, '/');
			strbuf_add(&out, next, len);
		}
		next += len + (next[len] == '/');
	}
	if (!out.len)
		strbuf_add_char(&out, '/');
	return strbuf_text(&out);
}

/* Change to dir; PWD and OLDPWD follow.  Returns 0, or -1 and errno. */
static int change_dir(const char *dir, bool physical)
{
	const char *old = var_get("PWD");
	char kernel_path[CD_PATH_MAX];
	char *path = NULL;

	if (!physical && old && *old == '/') {
		path = path_normalize(old, dir);
		if (chdir(path))
			path = NULL;
	}
	if (!path) {
		if (chdir(dir))
			return -1;
		path = getcwd(kernel_path, sizeof(kernel_path));
	}
	if (old)
		var_set("OLDPWD", old);
	var_set("PWD", path ? path : dir);
	return 0;
}

/* A relative name is looked for below each entry of CDPATH first. */
static const char *cd_search(const char *dir)
{
	const char *entry = var_get("CDPATH");
	struct stat st;

	if (*dir == '/' || *dir == '.' || !entry)
		return dir;
	while (*entry) {
		size_t len = strcspn(entry, ":");
		struct strbuf path = { .arena = &sh_temp };

		if (len) {
			strbuf_add(&path, entry, len);
			strbuf_add_char(&path, '/');
			strbuf_add_text(&path, dir);
			if (stat(strbuf_text(&path), &st) == 0 &&
			    S_ISDIR(st.st_mode)) {
				puts(path.data);
				return path.data;
			}
		}
		entry += len + (entry[len] == ':');
	}
	return dir;
}

int builtin_cd(int argc, char **argv)
{
	bool physical = false, print = false;
	const char *dir;
	int i = 1;

	for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
		if (strcmp(argv[i], "--") == 0) {
			i++;
			break;
		}
		physical = argv[i][1] == 'P';
	}
	dir = i < argc ? argv[i] : var_get("HOME");
	if (dir && strcmp(dir, "-") == 0) {
		dir = var_get("OLDPWD");
		print = true;
	}
	if (!dir) {
		sh_warn("cd: %s is not set", print ? "OLDPWD" : "HOME");
		return 1;
	}
	dir = arena_strdup(&sh_temp, dir);
	if (change_dir(cd_search(dir), physical)) {
		sh_warn("cd: %s: %s", dir, strerror(errno));
		return 1;
	}
	if (print)
		puts(var_get("PWD"));
	return 0;
}

int builtin_pwd(int argc, char **argv)
{
	const char *path = var_get("PWD");
	char kernel_path[CD_PATH_MAX];

	if (!path || (argc > 1 && strcmp(argv[1], "-P") == 0))
		path = getcwd(kernel_path, sizeof(kernel_path));
	if (!path) {
		sh_warn("pwd: %s", strerror(errno));
		return 1;
	}
	puts(path);
	return 0;
}
