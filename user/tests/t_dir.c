// SPDX-License-Identifier: MIT
/*
 * Names: directories, links, renaming, paths.  Where, file.h says.
 */
#include "check.h"
#include "file.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static void rename_replaces(void)
{
	int fd;

	file_enter_dir();
	close(file_make("a", "a"));
	fd = file_make("b", "b");
	EXPECT_OK(rename("a", "b"));
	EXPECT(!file_exists("a"));
	EXPECT_STR(file_contents("b"), "a");
	EXPECT_EQ(lseek(fd, 0, SEEK_END), 1); /* the old b lives while open */
	EXPECT_OK(rename("b", "b"));
	EXPECT_ERRNO(rename("none", "x"), ENOENT);
	EXPECT_OK(link("b", "c"));
	EXPECT_OK(rename("b", "c")); /* the same file: nothing happens */
	EXPECT(file_exists("b"));
}

static void rename_directories(void)
{
	file_enter_dir();
	EXPECT_OK(mkdir("d", 0755));
	EXPECT_OK(mkdir("d/sub", 0755));
	EXPECT_OK(mkdir("e", 0755));
	close(file_make("f", ""));
	EXPECT_ERRNO(rename("d", "d/sub/x"), EINVAL);
	EXPECT_ERRNO(rename("d", "f"), ENOTDIR);
	EXPECT_ERRNO(rename("f", "d"), EISDIR);
	EXPECT_ERRNO(rename("e", "d"), ENOTEMPTY);
	EXPECT_OK(rename("d", "e")); /* an empty target goes away */
	EXPECT(file_exists("e/sub"));
	EXPECT_EQ(file_links("e"), 3);
	EXPECT_OK(mkdir("g", 0755));
	EXPECT_OK(rename("e/sub", "g/sub"));
	EXPECT_EQ(file_links("e"), 2);
	EXPECT_EQ(file_links("g"), 3);
	EXPECT_OK(chdir("g/sub"));
	EXPECT(file_exists("../../e"));
}

static void rename_flags(void)
{
	file_enter_dir();
	close(file_make("a", "a"));
	close(file_make("b", "b"));
	if (syscall(SYS_renameat2, AT_FDCWD, "a", AT_FDCWD, "b", 1) == 0 ||
	    errno == EINVAL)
		check_skip("no RENAME_NOREPLACE here");
	EXPECT_EQ(errno, EEXIST);
	EXPECT_OK(syscall(SYS_renameat2, AT_FDCWD, "a", AT_FDCWD, "c", 1));
	EXPECT(file_exists("c"));
}

static void hard_links(void)
{
	struct stat a, b;

	file_enter_dir();
	close(file_make("a", "text"));
	EXPECT_EQ(file_links("a"), 1);
	EXPECT_OK(link("a", "b"));
	EXPECT_OK(stat("a", &a));
	EXPECT_OK(stat("b", &b));
	EXPECT_EQ(a.st_ino, b.st_ino);
	EXPECT_EQ(a.st_nlink, 2);
	EXPECT_ERRNO(link("a", "b"), EEXIST);
	EXPECT_ERRNO(link(".", "d"), EPERM);
	EXPECT_OK(unlink("a"));
	EXPECT_EQ(file_links("b"), 1);
	EXPECT_STR(file_contents("b"), "text");
}

static void symbolic_links(void)
{
	char target[32];
	struct stat st;

	file_enter_dir();
	close(file_make("f", "text"));
	EXPECT_OK(symlink("f", "l"));
	EXPECT_STR(file_contents("l"), "text");
	EXPECT_EQ(readlink("l", target, sizeof(target)), 1);
	/* The C library never asks for nothing. */
	EXPECT_ERRNO(syscall(SYS_readlinkat, AT_FDCWD, "l", target, 0), EINVAL);
	EXPECT_ERRNO(readlink("f", target, sizeof(target)), EINVAL);
	EXPECT_OK(lstat("l", &st));
	EXPECT(S_ISLNK(st.st_mode));
	EXPECT_EQ(st.st_size, 1);
	EXPECT_OK(symlink("nowhere", "dangling"));
	EXPECT_ERRNO(stat("dangling", &st), ENOENT);
	EXPECT_OK(close(open("dangling", O_CREAT | O_WRONLY, 0644)));
	EXPECT(file_exists("nowhere"));
	EXPECT_OK(mkdir("d", 0755));
	EXPECT_OK(symlink("d", "dl"));
	close(file_make("dl/inside", ""));
	EXPECT(file_exists("d/inside"));
	EXPECT_ERRNO(rmdir("dl"), ENOTDIR);
}

static void link_loops_are_eloop(void)
{
	struct stat st;

	file_enter_dir();
	EXPECT_OK(symlink("b", "a"));
	EXPECT_OK(symlink("a", "b"));
	EXPECT_OK(symlink("self/x", "self"));
	EXPECT_ERRNO(stat("a", &st), ELOOP);
	EXPECT_ERRNO(open("self", O_RDONLY), ELOOP);
}

static void long_link_targets(void)
{
	char target[1001], back[1001] = "";

	file_enter_dir();
	memset(target, 'x', 1000);
	target[1000] = '\0';
	EXPECT_OK(symlink(target, "l"));
	EXPECT_EQ(readlink("l", back, 1000), 1000);
	EXPECT_STR(back, target);
}

static void names_have_limits(void)
{
	char name[PATH_MAX + 8];

	file_enter_dir();
	memset(name, 'n', sizeof(name));
	name[255] = '\0';
	EXPECT_OK(close(open(name, O_CREAT | O_WRONLY, 0644)));
	EXPECT(file_exists(name));
	name[255] = 'n';
	name[256] = '\0';
	EXPECT_ERRNO(open(name, O_CREAT | O_WRONLY, 0644), ENAMETOOLONG);
	name[256] = 'n';
	name[sizeof(name) - 1] = '\0';
	EXPECT_ERRNO(open(name, O_RDONLY), ENAMETOOLONG);
	EXPECT_ERRNO(open("", O_RDONLY), ENOENT);
}

static void directories(void)
{
	file_enter_dir();
	EXPECT_OK(mkdir("d", 0755));
	EXPECT_ERRNO(mkdir("d", 0755), EEXIST);
	EXPECT_ERRNO(mkdir("none/d", 0755), ENOENT);
	EXPECT_EQ(file_links("d"), 2);
	EXPECT_OK(mkdir("d/e", 0755));
	EXPECT_EQ(file_links("d"), 3);
	EXPECT_ERRNO(rmdir("d"), ENOTEMPTY);
	EXPECT_ERRNO(unlink("d/e"), EISDIR);
	EXPECT_OK(rmdir("d/e"));
	EXPECT_EQ(file_links("d"), 2);
	EXPECT_ERRNO(rmdir("d/."), EINVAL);
	EXPECT_OK(rmdir("d"));
	EXPECT_ERRNO(rmdir("d"), ENOENT);
}

static void dots_in_paths(void)
{
	char path[PATH_MAX];

	file_enter_dir();
	EXPECT_OK(mkdir("d", 0755));
	close(file_make("d/../f", "x"));
	EXPECT_STR(file_contents("./d/.././f"), "x");
	EXPECT_STR(file_contents("d//..//f"), "x");
	EXPECT_OK(chdir("d"));
	EXPECT(getcwd(path, sizeof(path)));
	EXPECT_STR(strrchr(path, '/'), "/d");
	EXPECT_ERRNO(syscall(SYS_getcwd, path, 2), ERANGE);
	EXPECT_OK(chdir("/.."));
	EXPECT(getcwd(path, sizeof(path)));
	EXPECT_STR(path, "/");
	EXPECT_ERRNO(open("/etc/passwd/", O_RDONLY), ENOTDIR);
}

static void readdir_lists_all(void)
{
	char seen[300] = "";
	struct dirent *entry;
	int dots = 0, count = 0;
	DIR *dir;

	file_enter_dir();
	for (int i = 0; i < 300; i++) {
		char name[32];

		snprintf(name, sizeof(name), "entry-%d", i);
		close(file_make(name, ""));
	}
	dir = opendir(".");
	EXPECT(dir);
	while ((entry = readdir(dir))) {
		int number;

		if (entry->d_name[0] == '.') {
			dots++;
			continue;
		}
		EXPECT_EQ(sscanf(entry->d_name, "entry-%d", &number), 1);
		EXPECT(!seen[number]++);
		EXPECT(entry->d_type == DT_REG || entry->d_type == DT_UNKNOWN);
		count++;
	}
	EXPECT_EQ(dots, 2);
	EXPECT_EQ(count, 300);
	rewinddir(dir);
	EXPECT(readdir(dir));
	closedir(dir);
}

static void readdir_survives_removal(void)
{
	struct dirent *entry;
	int removed = 0;
	DIR *dir;

	file_enter_dir();
	for (int i = 0; i < 100; i++) {
		char name[32];

		snprintf(name, sizeof(name), "e%d", i);
		close(file_make(name, ""));
	}
	dir = opendir(".");
	while ((entry = readdir(dir)))
		if (entry->d_name[0] == 'e' && unlink(entry->d_name) == 0)
			removed++;
	closedir(dir);
	EXPECT_EQ(removed, 100);
}

static void getdents_needs_room(void)
{
	char buffer[8];
	int fd;

	file_enter_dir();
	fd = open(".", O_RDONLY | O_DIRECTORY);
	EXPECT_ERRNO(syscall(SYS_getdents64, fd, buffer, sizeof(buffer)),
		     EINVAL);
	close(fd);
	fd = file_make("f", "");
	EXPECT_ERRNO(syscall(SYS_getdents64, fd, buffer, sizeof(buffer)),
		     ENOTDIR);
}

static void unlinked_files_live_while_open(void)
{
	char text[8] = "";
	struct stat st;
	int fd;

	file_enter_dir();
	fd = file_make("f", "alive");
	EXPECT_OK(unlink("f"));
	EXPECT(!file_exists("f"));
	EXPECT_EQ(pread(fd, text, 5, 0), 5);
	EXPECT_STR(text, "alive");
	EXPECT_EQ(pwrite(fd, "A", 1, 0), 1);
	EXPECT_OK(fstat(fd, &st));
	EXPECT_EQ(st.st_nlink, 0);
}

static void removed_working_directory(void)
{
	char path[64];

	file_enter_dir();
	EXPECT_OK(mkdir("d", 0755));
	EXPECT_OK(chdir("d"));
	EXPECT_OK(rmdir("../d"));
	EXPECT_ERRNO(open("f", O_CREAT | O_WRONLY, 0644), ENOENT);
	EXPECT_ERRNO(syscall(SYS_getcwd, path, sizeof(path)), ENOENT);
}

static void openat_is_relative(void)
{
	int dir, fd;

	file_enter_dir();
	EXPECT_OK(mkdir("d", 0755));
	dir = open("d", O_RDONLY | O_DIRECTORY);
	fd = openat(dir, "f", O_CREAT | O_WRONLY, 0644);
	EXPECT_OK(fd);
	EXPECT(file_exists("d/f"));
	EXPECT_OK(mkdirat(dir, "e", 0755));
	EXPECT_OK(renameat(dir, "f", AT_FDCWD, "moved"));
	EXPECT(file_exists("moved"));
	EXPECT_OK(unlinkat(dir, "e", AT_REMOVEDIR));
	EXPECT_ERRNO(openat(fd, "x", O_RDONLY), ENOTDIR);
	EXPECT_ERRNO(openat(99, "x", O_RDONLY), EBADF);
	EXPECT_OK(fchdir(dir));
	EXPECT(file_exists("../moved"));
}

static const struct check_test tests[] = {
	{ "rename_replaces", rename_replaces, 0 },
	{ "rename_directories", rename_directories, 0 },
	{ "rename_flags", rename_flags, 0 },
	{ "hard_links", hard_links, 0 },
	{ "symbolic_links", symbolic_links, 0 },
	{ "link_loops_are_eloop", link_loops_are_eloop, 0 },
	{ "long_link_targets", long_link_targets, 0 },
	{ "names_have_limits", names_have_limits, 0 },
	{ "directories", directories, 0 },
	{ "dots_in_paths", dots_in_paths, 0 },
	{ "readdir_lists_all", readdir_lists_all, 0 },
	{ "readdir_survives_removal", readdir_survives_removal, 0 },
	{ "getdents_needs_room", getdents_needs_room, 0 },
	{ "unlinked_files_live_while_open", unlinked_files_live_while_open, 0 },
	{ "removed_working_directory", removed_working_directory, 0 },
	{ "openat_is_relative", openat_is_relative, 0 },
};

CHECK_MAIN(tests)
