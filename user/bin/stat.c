// SPDX-License-Identifier: MIT
/*
 * stat: all that the kernel says about a file; -c FORMAT picks
 * (%n name, %s size, %a mode, %A mode in letters, %i inode, %h links, %u %g
 * owner, %U %G their names, %F type, %Y mtime, %b blocks).
 */
#include "applets.h"

#include <string.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include <user/lib/util.h>

static const char *stat_type(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return "directory";
	case S_IFLNK:
		return "symbolic link";
	case S_IFCHR:
		return "character special file";
	case S_IFBLK:
		return "block special file";
	case S_IFIFO:
		return "fifo";
	case S_IFSOCK:
		return "socket";
	default:
		return "regular file";
	}
}

static void stat_print_field(const char *path, const struct stat *st,
			     char field)
{
	char mode[11];

	switch (field) {
	case 'n':
		fputs(path, stdout);
		break;
	case 's':
		printf("%lld", (long long)st->st_size);
		break;
	case 'a':
		printf("%o", st->st_mode & 07777);
		break;
	case 'A':
		mode_format(st->st_mode, mode);
		fputs(mode, stdout);
		break;
	case 'i':
		printf("%llu", (unsigned long long)st->st_ino);
		break;
	case 'h':
		printf("%lu", (unsigned long)st->st_nlink);
		break;
	case 'u':
		printf("%u", st->st_uid);
		break;
	case 'g':
		printf("%u", st->st_gid);
		break;
	case 'U':
		fputs(user_name(st->st_uid), stdout);
		break;
	case 'G':
		fputs(group_name(st->st_gid), stdout);
		break;
	case 'F':
		fputs(stat_type(st->st_mode), stdout);
		break;
	case 'Y':
		printf("%lld", (long long)st->st_mtim.tv_sec);
		break;
	case 'b':
		printf("%lld", (long long)st->st_blocks);
		break;
	default:
		putchar(field);
	}
}

static void stat_print_format(const char *path, const struct stat *st,
			      const char *format)
{
	for (; *format; format++) {
		if (*format == '%' && format[1])
			stat_print_field(path, st, *++format);
		else
			putchar(*format);
	}
	putchar('\n');
}

static void stat_print_time(const char *name, const struct timespec *when)
{
	char text[32];

	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S",
		 localtime(&when->tv_sec));
	printf("%s: %s.%09ld\n", name, text, when->tv_nsec);
}

static void stat_print_all(const char *path, const struct stat *st)
{
	char mode[11];

	mode_format(st->st_mode, mode);
	printf("  File: %s\n", path);
	printf("  Size: %-12lld Blocks: %-8lld IO Block: %-6ld %s\n",
	       (long long)st->st_size, (long long)st->st_blocks,
	       (long)st->st_blksize, stat_type(st->st_mode));
	printf("Device: %u,%u  Inode: %llu  Links: %lu", major(st->st_dev),
	       minor(st->st_dev), (unsigned long long)st->st_ino,
	       (unsigned long)st->st_nlink);
	if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
		printf("  Device type: %u,%u", major(st->st_rdev),
		       minor(st->st_rdev));
	printf("\nAccess: (%04o/%s)  Uid: %u/%s  Gid: %u/%s\n",
	       st->st_mode & 07777, mode, st->st_uid, user_name(st->st_uid),
	       st->st_gid, group_name(st->st_gid));
	stat_print_time("Access", &st->st_atim);
	stat_print_time("Modify", &st->st_mtim);
	stat_print_time("Change", &st->st_ctim);
}

int stat_main(int argc, char **argv)
{
	const char *format = NULL;
	bool follow = false;
	int status = 0;
	int option;

	while ((option = opt_next(argc, argv, "c:L")) != -1) {
		if (option == '?')
			return usage_error("stat [-L] [-c FORMAT] FILE...");
		if (option == 'c')
			format = optarg;
		follow |= option == 'L';
	}
	if (optind == argc)
		return usage_error("stat [-L] [-c FORMAT] FILE...");
	for (; optind < argc; optind++) {
		struct stat st;

		if (follow ? stat(argv[optind], &st)
			   : lstat(argv[optind], &st)) {
			warn_errno("%s", argv[optind]);
			status = 1;
		} else if (format) {
			stat_print_format(argv[optind], &st, format);
		} else {
			stat_print_all(argv[optind], &st);
		}
	}
	return finish_output(status);
}
