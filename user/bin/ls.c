// SPDX-License-Identifier: MIT
/*
 * ls: list directories.  Names are read whole, sorted, then printed in
 * columns on a terminal and one a line elsewhere.
 */
#include "applets.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include <user/lib/util.h>

struct ls_entry {
	char *name;
	char *path;
	struct stat stat;
	bool has_stat;
};

struct ls_list {
	struct ls_entry *entries;
	size_t count;
	size_t room;
};

static struct {
	bool all, almost_all, long_form, human, recursive, dirs_as_files;
	bool inode, by_time, by_size, reverse, one_column, classify, numeric;
	bool unsorted, follow;
	bool printed; /* a blank line is due before the next directory */
	int width;
	int status;
} ls;

static bool ls_needs_stat(void)
{
	return ls.long_form || ls.inode || ls.by_time || ls.by_size ||
	       ls.classify || ls.recursive;
}

static int ls_order(const struct ls_entry *a, const struct ls_entry *b)
{
	if (ls.by_time) {
		const struct timespec *ta = &a->stat.st_mtim;
		const struct timespec *tb = &b->stat.st_mtim;

		if (ta->tv_sec != tb->tv_sec)
			return ta->tv_sec < tb->tv_sec ? 1 : -1;
		if (ta->tv_nsec != tb->tv_nsec)
			return ta->tv_nsec < tb->tv_nsec ? 1 : -1;
	}
	if (ls.by_size && a->stat.st_size != b->stat.st_size)
		return a->stat.st_size < b->stat.st_size ? 1 : -1;
	return strcmp(a->name, b->name);
}

static int ls_compare(const void *a, const void *b)
{
	int order = ls_order(a, b);

	return ls.reverse ? -order : order;
}

static bool ls_add(struct ls_list *list, const char *dir, const char *name)
{
	struct ls_entry *entry;

	if (list->count == list->room) {
		list->room = list->room ? list->room * 2 : 32;
		list->entries = xrealloc(list->entries,
					 list->room * sizeof(*list->entries));
	}
	entry = &list->entries[list->count];
	entry->name = xstrdup(name);
	entry->path = dir ? path_join(dir, name) : xstrdup(name);
	entry->has_stat = false;

	if (!dir || ls_needs_stat()) {
		int ret = ls.follow ? stat(entry->path, &entry->stat)
				    : lstat(entry->path, &entry->stat);

		if (ret && ls.follow)
			ret = lstat(entry->path, &entry->stat);
		if (ret) {
			warn_errno("%s", entry->path);
			ls.status = 1;
			free(entry->name);
			free(entry->path);
			return false;
		}
		entry->has_stat = true;
	}
	list->count++;
	return true;
}

static void ls_free(struct ls_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->entries[i].name);
		free(list->entries[i].path);
	}
	free(list->entries);
}

static char ls_mark(const struct ls_entry *entry)
{
	if (!ls.classify || !entry->has_stat)
		return 0;
	if (S_ISDIR(entry->stat.st_mode))
		return '/';
	if (S_ISLNK(entry->stat.st_mode))
		return ls.long_form ? 0 : '@';
	if (S_ISFIFO(entry->stat.st_mode))
		return '|';
	if (S_ISREG(entry->stat.st_mode) && (entry->stat.st_mode & 0111))
		return '*';
	return 0;
}

static void ls_format_size(const struct stat *st, char text[24])
{
	if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
		snprintf(text, 24, "%u, %3u", major(st->st_rdev),
			 minor(st->st_rdev));
	else if (ls.human)
		size_format_human((uint64_t)st->st_size, text);
	else
		snprintf(text, 24, "%lld", (long long)st->st_size);
}

static void ls_format_time(time_t when, char text[20])
{
	time_t now = time(NULL);
	bool recent = when <= now && now - when < 182 * 86400L;
	struct tm *tm = localtime(&when);

	if (!tm ||
	    !strftime(text, 20, recent ? "%b %e %H:%M" : "%b %e  %Y", tm))
		strcpy(text, "?");
}

/* Column widths of a long listing, found before the first line is printed. */
struct ls_widths {
	int links, user, group, size;
};

static void width_raise(int *width, int needed)
{
	if (*width < needed)
		*width = needed;
}

static const char *ls_owner(const struct stat *st)
{
	static char number[12];

	if (!ls.numeric)
		return user_name(st->st_uid);
	snprintf(number, sizeof(number), "%u", st->st_uid);
	return number;
}

static const char *ls_group(const struct stat *st)
{
	static char number[12];

	if (!ls.numeric)
		return group_name(st->st_gid);
	snprintf(number, sizeof(number), "%u", st->st_gid);
	return number;
}

static void ls_measure(const struct ls_list *list, struct ls_widths *widths)
{
	char text[24];

	*widths = (struct ls_widths){ 0 };
	for (size_t i = 0; i < list->count; i++) {
		const struct stat *st = &list->entries[i].stat;

		ls_format_size(st, text);
		width_raise(&widths->size, (int)strlen(text));
		width_raise(
			&widths->links,
			snprintf(NULL, 0, "%lu", (unsigned long)st->st_nlink));
		width_raise(&widths->user, (int)strlen(ls_owner(st)));
		width_raise(&widths->group, (int)strlen(ls_group(st)));
	}
}

static void ls_print_target(const struct ls_entry *entry)
{
	char target[4096];
	ssize_t len = readlink(entry->path, target, sizeof(target));

	if (len >= 0)
		printf(" -> %.*s", (int)len, target);
}

static void ls_print_long(const struct ls_list *list)
{
	struct ls_widths widths;

	ls_measure(list, &widths);
	for (size_t i = 0; i < list->count; i++) {
		const struct ls_entry *entry = &list->entries[i];
		const struct stat *st = &entry->stat;
		char mode[11], size[24], when[20];
		char mark = ls_mark(entry);

		mode_format(st->st_mode, mode);
		ls_format_size(st, size);
		ls_format_time(st->st_mtime, when);
		if (ls.inode)
			printf("%7lu ", (unsigned long)st->st_ino);
		printf("%s %*lu %-*s %-*s %*s %s %s", mode, widths.links,
		       (unsigned long)st->st_nlink, widths.user, ls_owner(st),
		       widths.group, ls_group(st), widths.size, size, when,
		       entry->name);
		if (mark)
			putchar(mark);
		if (S_ISLNK(st->st_mode))
			ls_print_target(entry);
		putchar('\n');
	}
}

static int ls_print_name(const struct ls_entry *entry)
{
	char mark = ls_mark(entry);
	int len = 0;

	if (ls.inode)
		len += printf("%7lu ", (unsigned long)entry->stat.st_ino);
	len += printf("%s", entry->name);
	if (mark)
		len += printf("%c", mark);
	return len;
}

static void ls_print_columns(const struct ls_list *list)
{
	size_t cell = 0, rows, columns;

	for (size_t i = 0; i < list->count; i++) {
		size_t len = strlen(list->entries[i].name);

		if (len > cell)
			cell = len;
	}
	cell += 2 + (ls.inode ? 8 : 0) + (ls.classify ? 1 : 0);
	columns = (size_t)ls.width / cell;
	if (ls.one_column || !columns)
		columns = 1;
	rows = (list->count + columns - 1) / columns;

	for (size_t row = 0; row < rows; row++) {
		for (size_t i = row; i < list->count; i += rows) {
			int len = ls_print_name(&list->entries[i]);

			if (i + rows < list->count)
				printf("%*s", (int)cell - len, "");
		}
		putchar('\n');
	}
}

static void ls_print(struct ls_list *list)
{
	if (!ls.unsorted)
		qsort(list->entries, list->count, sizeof(*list->entries),
		      ls_compare);
	if (ls.long_form)
		ls_print_long(list);
	else
		ls_print_columns(list);
}

static bool ls_wants(const char *name)
{
	if (name[0] != '.' || ls.all)
		return true;
	return ls.almost_all && strcmp(name, ".") && strcmp(name, "..");
}

static bool ls_read_dir(const char *path, struct ls_list *list, blkcnt_t *total)
{
	struct dirent *entry;
	DIR *stream;

	stream = opendir(path);
	if (!stream) {
		warn_errno("%s", path);
		ls.status = 1;
		return false;
	}
	while (errno = 0, (entry = readdir(stream))) {
		if (!ls_wants(entry->d_name) ||
		    !ls_add(list, path, entry->d_name))
			continue;
		if (list->entries[list->count - 1].has_stat)
			*total += list->entries[list->count - 1].stat.st_blocks;
	}
	if (errno) {
		warn_errno("%s", path);
		ls.status = 1;
	}
	closedir(stream);
	return true;
}

static void ls_dir(const char *path, bool with_title)
{
	struct ls_list list = { 0 };
	blkcnt_t total = 0;

	if (!ls_read_dir(path, &list, &total))
		return;
	if (with_title)
		printf("%s%s:\n", ls.printed ? "\n" : "", path);
	ls.printed = true;
	if (ls.long_form)
		printf("total %lld\n", (long long)total / 2);
	ls_print(&list);

	for (size_t i = 0; ls.recursive && i < list.count; i++) {
		const struct ls_entry *entry = &list.entries[i];

		if (S_ISDIR(entry->stat.st_mode) && strcmp(entry->name, ".") &&
		    strcmp(entry->name, ".."))
			ls_dir(entry->path, true);
	}
	ls_free(&list);
}

static bool ls_is_dir(const struct ls_entry *entry)
{
	struct stat st;

	if (ls.dirs_as_files)
		return false;
	if (S_ISDIR(entry->stat.st_mode))
		return true;
	/* A link named as an operand is followed, but not in a long listing. */
	return S_ISLNK(entry->stat.st_mode) && !ls.long_form &&
	       stat(entry->path, &st) == 0 && S_ISDIR(st.st_mode);
}

static void ls_operands(int count, char **paths)
{
	struct ls_list files = { 0 }, dirs = { 0 };

	for (int i = 0; i < count; i++) {
		if (!ls_add(&files, NULL, paths[i]))
			continue;
		if (ls_is_dir(&files.entries[files.count - 1])) {
			files.count--;
			ls_add(&dirs, NULL, paths[i]);
		}
	}
	if (files.count) {
		ls_print(&files);
		ls.printed = true;
	}
	if (dirs.count)
		qsort(dirs.entries, dirs.count, sizeof(*dirs.entries),
		      ls_compare);
	for (size_t i = 0; i < dirs.count; i++)
		ls_dir(dirs.entries[i].path, count > 1 || ls.recursive);
	ls_free(&files);
	ls_free(&dirs);
}

static void ls_find_width(void)
{
	struct winsize size;

	ls.width = 80;
	if (!isatty(STDOUT_FILENO))
		ls.one_column = true;
	else if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
		ls.width = size.ws_col;
}

static bool ls_option(int option)
{
	switch (option) {
	case 'a':
		return ls.all = true;
	case 'A':
		return ls.almost_all = true;
	case 'l':
		return ls.long_form = true;
	case 'h':
		return ls.human = true;
	case 'R':
		return ls.recursive = true;
	case 'd':
		return ls.dirs_as_files = true;
	case 'i':
		return ls.inode = true;
	case 't':
		return ls.by_time = true;
	case 'S':
		return ls.by_size = true;
	case 'r':
		return ls.reverse = true;
	case '1':
		return ls.one_column = true;
	case 'C':
		ls.one_column = false;
		return true;
	case 'F':
		return ls.classify = true;
	case 'n':
		return ls.numeric = ls.long_form = true;
	case 'U':
	case 'f':
		return ls.unsorted = true;
	case 'L':
		return ls.follow = true;
	default:
		return false;
	}
}

int ls_main(int argc, char **argv)
{
	static char *here[] = { (char *)"." };
	int option;

	ls_find_width();
	while ((option = opt_next(argc, argv, "aAlhRditSr1CFnUfL")) != -1)
		if (!ls_option(option))
			return usage_error("ls [-aACdFfhilLnRrStU1] [FILE]...");

	if (optind == argc)
		ls_operands(1, here);
	else
		ls_operands(argc - optind, argv + optind);
	return finish_output(ls.status);
}
