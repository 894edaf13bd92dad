// SPDX-License-Identifier: MIT
/*
 * find: walk trees.  Tests are joined by "and": -name -iname -type -size
 * -maxdepth -mindepth -empty; actions -print -print0 -delete -exec ... \;.
 */
#include "applets.h"

#include <dirent.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <user/lib/util.h>

#define FIND_USAGE                                                             \
	"find [PATH]... [-name PATTERN] [-type bcdflps] [-size [+-]N[ck]] [-maxdepth N] [-exec COMMAND {} \\;]"

static struct {
	const char *name, *iname, *size;
	char type;
	long max_depth, min_depth;
	bool empty, print0, delete;
	char **exec; /* up to ";" */
	int depth;
} find = { .max_depth = LONG_MAX };

static bool find_is_empty(const char *path, const struct stat *st)
{
	struct dirent *entry;
	int count = 0;
	DIR *dir;

	if (!S_ISDIR(st->st_mode))
		return st->st_size == 0;
	dir = opendir(path);
	while (dir && count < 3 && (entry = readdir(dir)))
		count++;
	if (dir)
		closedir(dir);
	return count < 3;
}

static bool find_size_fits(off_t size)
{
	const char *text = find.size + (*find.size == '+' || *find.size == '-');
	char *end;
	long long want = strtoll(text, &end, 10);
	long long unit = *end == 'c'   ? 1
			 : *end == 'k' ? 1024
			 : *end == 'M' ? 1048576
				       : 512;
	long long have = (size + unit - 1) / unit;

	if (*find.size == '+')
		return have > want;
	return *find.size == '-' ? have < want : have == want;
}

static bool find_type_fits(mode_t mode)
{
	static const char letters[] = "fdlbcps";
	static const mode_t types[] = { S_IFREG, S_IFDIR, S_IFLNK, S_IFBLK,
					S_IFCHR, S_IFIFO, S_IFSOCK };
	const char *letter = strchr(letters, find.type);

	return letter && (mode & S_IFMT) == types[letter - letters];
}

static bool find_matches(const char *path, const struct stat *st)
{
	const char *name = path_base(path);

	return find.depth >= find.min_depth &&
	       (!find.name || fnmatch(find.name, name, 0) == 0) &&
	       (!find.iname || fnmatch(find.iname, name, FNM_CASEFOLD) == 0) &&
	       (!find.type || find_type_fits(st->st_mode)) &&
	       (!find.size || find_size_fits(st->st_size)) &&
	       (!find.empty || find_is_empty(path, st));
}

/* Run the -exec command with {} replaced; its success is the result. */
static bool find_exec(const char *path)
{
	size_t count = 0;
	char **args;
	int status;
	pid_t pid;

	while (find.exec[count])
		count++;
	args = xmalloc((count + 1) * sizeof(*args));
	for (size_t i = 0; i <= count; i++)
		args[i] = find.exec[i] && strcmp(find.exec[i], "{}") == 0
				  ? (char *)path
				  : find.exec[i];
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		execvp(args[0], args);
		warn_errno("%s", args[0]);
		_exit(127);
	}
	free(args);
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static int find_act(const char *path, const struct stat *st)
{
	if (find.exec)
		return find_exec(path) ? 0 : 1;
	if (find.delete) {
		if ((S_ISDIR(st->st_mode) ? rmdir(path) : unlink(path)) == 0)
			return 0;
		warn_errno("%s", path);
		return 1;
	}
	fputs(path, stdout);
	putchar(find.print0 ? '\0' : '\n');
	return 0;
}

static int find_visit(const char *path, const char *name, void *arg)
{
	int status = 0;
	struct stat st;
	bool matches;

	(void)name;
	if (lstat(path, &st)) {
		warn_errno("%s", path);
		return 1;
	}
	/* What is deleted goes after its contents. */
	matches = !find.delete &&find_matches(path, &st);
	if (matches)
		find_act(path, &st);
	if (S_ISDIR(st.st_mode) && find.depth < find.max_depth) {
		find.depth++;
		status = dir_for_each(path, find_visit, arg);
		find.depth--;
	}
	if (find.delete &&find_matches(path, &st))
		status |= find_act(path, &st);
	return status;
}

/* One test or action with its argument; the index after it, -1 if unknown. */
static int find_parse(char **argv, int i)
{
	const char *word = argv[i++];
	const char *value = argv[i];

	if (strcmp(word, "-print") == 0)
		return i;
	if (strcmp(word, "-print0") == 0)
		return find.print0 = true, i;
	if (strcmp(word, "-delete") == 0)
		return find.delete = true, i;
	if (strcmp(word, "-empty") == 0)
		return find.empty = true, i;
	if (!value)
		return -1;
	if (strcmp(word, "-exec") == 0) {
		find.exec = argv + i;
		while (argv[i] && strcmp(argv[i], ";"))
			i++;
		if (!argv[i] || argv + i == find.exec)
			return -1;
		argv[i] = NULL;
		return i + 1;
	}
	i++;
	if (strcmp(word, "-name") == 0)
		return find.name = value, i;
	if (strcmp(word, "-iname") == 0)
		return find.iname = value, i;
	if (strcmp(word, "-size") == 0)
		return find.size = value, i;
	if (strcmp(word, "-type") == 0)
		return find.type = value[0], i;
	if (strcmp(word, "-maxdepth") == 0)
		return parse_number(value, 0, LONG_MAX, &find.max_depth) ? i
									 : -1;
	if (strcmp(word, "-mindepth") == 0)
		return parse_number(value, 0, LONG_MAX, &find.min_depth) ? i
									 : -1;
	return -1;
}

int find_main(int argc, char **argv)
{
	int status = 0;
	int paths = 1;
	int i;

	while (paths < argc && argv[paths][0] != '-')
		paths++;
	for (i = paths; i > 0 && i < argc;)
		i = find_parse(argv, i);
	if (i < 0)
		return usage_error(FIND_USAGE);
	if (paths == 1)
		status = find_visit(".", NULL, NULL);
	for (i = 1; i < paths; i++)
		status |= find_visit(argv[i], NULL, NULL);
	return finish_output(status);
}
