// SPDX-License-Identifier: MIT
/*
 * Files and directories.  Runs in /tmp, or below the directory that TMPDIR
 * names, so that each kind of file system can be tested.
 */
#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

static void enter(void)
{
	const char *base = getenv("TMPDIR");
	char path[256];

	if (!base) {
		check_enter_tmpdir();
		return;
	}
	snprintf(path, sizeof(path), "%s/fileXXXXXX", base);
	EXPECT(mkdtemp(path));
	EXPECT_OK(chdir(path));
}

static int make(const char *name, const char *text)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);

	if (fd < 0)
		check_fail("expected file %s, got %s", name, strerror(errno));
	EXPECT_EQ(write(fd, text, strlen(text)), strlen(text));
	return fd;
}

static const char *contents(const char *name)
{
	static char text[256];
	int fd = open(name, O_RDONLY);
	ssize_t len;

	if (fd < 0)
		check_fail("expected file %s, got %s", name, strerror(errno));
	len = read(fd, text, sizeof(text) - 1);
	EXPECT_OK(len);
	text[len] = '\0';
	close(fd);
	return text;
}

static bool exists(const char *name)
{
	struct stat st;

	return lstat(name, &st) == 0;
}

static nlink_t links(const char *name)
{
	struct stat st;

	EXPECT_OK(lstat(name, &st));
	return st.st_nlink;
}

static void open_flags(void)
{
	enter();
	EXPECT_ERRNO(open("f", O_RDONLY), ENOENT);
	EXPECT_OK(close(open("f", O_WRONLY | O_CREAT | O_EXCL, 0600)));
	EXPECT_ERRNO(open("f", O_WRONLY | O_CREAT | O_EXCL, 0600), EEXIST);
	EXPECT_OK(close(make("f", "text")));
	EXPECT_OK(close(open("f", O_WRONLY | O_TRUNC)));
	EXPECT_STR(contents("f"), "");
	EXPECT_ERRNO(open("f", O_RDONLY | O_DIRECTORY), ENOTDIR);
	EXPECT_ERRNO(open(".", O_WRONLY), EISDIR);
	EXPECT_ERRNO(open("f/x", O_RDONLY), ENOTDIR);
	EXPECT_OK(symlink("f", "l"));
	EXPECT_ERRNO(open("l", O_RDONLY | O_NOFOLLOW), ELOOP);
	EXPECT_OK(close(open("l", O_RDONLY)));
}

static void access_modes_are_kept(void)
{
	char byte;
	int fd;

	enter();
	close(make("f", "x"));
	fd = open("f", O_RDONLY);
	EXPECT_ERRNO(write(fd, "y", 1), EBADF);
	fd = open("f", O_WRONLY);
	EXPECT_ERRNO(read(fd, &byte, 1), EBADF);
	EXPECT_EQ(fcntl(fd, F_GETFL) & O_ACCMODE, O_WRONLY);
	EXPECT_ERRNO(read(99, &byte, 1), EBADF);
	EXPECT_ERRNO(close(99), EBADF);
}

static void seek_and_holes(void)
{
	char text[16];
	struct stat st;
	int fd;

	enter();
	fd = make("f", "abc");
	EXPECT_EQ(lseek(fd, 0, SEEK_END), 3);
	EXPECT_EQ(lseek(fd, 100000, SEEK_SET), 100000);
	EXPECT_EQ(write(fd, "z", 1), 1);
	EXPECT_OK(fstat(fd, &st));
	EXPECT_EQ(st.st_size, 100001);
	EXPECT_EQ(pread(fd, text, 4, 50000), 4);
	EXPECT(memcmp(text, "\0\0\0\0", 4) == 0);
	EXPECT_EQ(lseek(fd, -1, SEEK_CUR), 100000);
	EXPECT_EQ(read(fd, text, sizeof(text)), 1);
	EXPECT_EQ(text[0], 'z');
	EXPECT_EQ(read(fd, text, sizeof(text)), 0);
	EXPECT_ERRNO(lseek(fd, -5, SEEK_SET), EINVAL);
	EXPECT_ERRNO(lseek(fd, 0, 99), EINVAL);
}

static void pread_leaves_the_offset(void)
{
	char text[4];
	int fd;

	enter();
	fd = make("f", "0123456789");
	EXPECT_EQ(lseek(fd, 2, SEEK_SET), 2);
	EXPECT_EQ(pread(fd, text, 3, 5), 3);
	EXPECT(memcmp(text, "567", 3) == 0);
	EXPECT_EQ(pwrite(fd, "xx", 2, 8), 2);
	EXPECT_EQ(lseek(fd, 0, SEEK_CUR), 2);
	EXPECT_STR(contents("f"), "01234567xx");
	EXPECT_ERRNO(pread(fd, text, 3, -1), EINVAL);
}

static void vectors(void)
{
	char a[3] = "", b[8] = "";
	struct iovec out[] = { { (char *)"abc", 3 },
			       { NULL, 0 },
			       { (char *)"defg", 4 } };
	struct iovec in[] = { { a, 2 }, { b, 7 } };
	int fd;

	enter();
	fd = make("f", "");
	EXPECT_EQ(writev(fd, out, 3), 7);
	EXPECT_EQ(lseek(fd, 0, SEEK_SET), 0);
	EXPECT_EQ(readv(fd, in, 2), 7);
	EXPECT_STR(a, "ab");
	EXPECT_STR(b, "cdefg");
	EXPECT_ERRNO(syscall(SYS_readv, fd, in, -1), EINVAL);
	out[0].iov_len = (size_t)-1;
	EXPECT_ERRNO(writev(fd, out, 3), EINVAL);
	EXPECT_EQ(preadv(fd, in, 1, 3), 2);
	EXPECT_STR(a, "de");
}

static void append_goes_to_the_end(void)
{
	int fd, other;

	enter();
	close(make("f", "one"));
	fd = open("f", O_WRONLY | O_APPEND);
	other = open("f", O_WRONLY | O_APPEND);
	EXPECT_EQ(write(fd, "two", 3), 3);
	EXPECT_EQ(write(other, "three", 5), 5);
	EXPECT_EQ(lseek(fd, 0, SEEK_SET), 0);
	EXPECT_EQ(write(fd, "!", 1), 1);
	EXPECT_STR(contents("f"), "onetwothree!");
}

static void truncate_both_ways(void)
{
	char byte;
	int fd;

	enter();
	fd = make("f", "0123456789");
	EXPECT_OK(ftruncate(fd, 4));
	EXPECT_STR(contents("f"), "0123");
	EXPECT_OK(truncate("f", 8000));
	EXPECT_EQ(lseek(fd, 0, SEEK_END), 8000);
	EXPECT_EQ(pread(fd, &byte, 1, 5), 1);
	EXPECT_EQ(byte, 0); /* what was cut off does not come back */
	EXPECT_ERRNO(ftruncate(fd, -1), EINVAL);
	EXPECT_ERRNO(truncate(".", 0), EISDIR);
	EXPECT_ERRNO(truncate("none", 0), ENOENT);
}

static void big_file_by_pieces(void)
{
	static char block[65536], back[65536];
	int fd;

	enter();
	fd = make("f", "");
	for (int i = 0; i < 32; i++) {
		memset(block, i, sizeof(block));
		EXPECT_EQ(write(fd, block, sizeof(block)), sizeof(block));
	}
	EXPECT_OK(fsync(fd));
	EXPECT_OK(fdatasync(fd));
	for (int i = 31; i >= 0; i--) {
		EXPECT_EQ(pread(fd, back, sizeof(back), i * 65536L), 65536);
		memset(block, i, sizeof(block));
		EXPECT(memcmp(block, back, sizeof(block)) == 0);
	}
}

static void rename_replaces(void)
{
	int fd;

	enter();
	close(make("a", "a"));
	fd = make("b", "b");
	EXPECT_OK(rename("a", "b"));
	EXPECT(!exists("a"));
	EXPECT_STR(contents("b"), "a");
	EXPECT_EQ(lseek(fd, 0, SEEK_END), 1); /* the old b lives while open */
	EXPECT_OK(rename("b", "b"));
	EXPECT_ERRNO(rename("none", "x"), ENOENT);
	EXPECT_OK(link("b", "c"));
	EXPECT_OK(rename("b", "c")); /* the same file: nothing happens */
	EXPECT(exists("b"));
}

static void rename_directories(void)
{
	enter();
	EXPECT_OK(mkdir("d", 0755));
	EXPECT_OK(mkdir("d/sub", 0755));
	EXPECT_OK(mkdir("e", 0755));
	close(make("f", ""));
	EXPECT_ERRNO(rename("d", "d/sub/x"), EINVAL);
	EXPECT_ERRNO(rename("d", "f"), ENOTDIR);
	EXPECT_ERRNO(rename("f", "d"), EISDIR);
	EXPECT_ERRNO(rename("e", "d"), ENOTEMPTY);
	EXPECT_OK(rename("d", "e")); /* an empty target goes away */
	EXPECT(exists("e/sub"));
	EXPECT_EQ(links("e"), 3);
	EXPECT_OK(mkdir("g", 0755));
	EXPECT_OK(rename("e/sub", "g/sub"));
	EXPECT_EQ(links("e"), 2);
	EXPECT_EQ(links("g"), 3);
	EXPECT_OK(chdir("g/sub"));
	EXPECT(exists("../../e"));
}

static void rename_flags(void)
{
	enter();
	close(make("a", "a"));
	close(make("b", "b"));
	if (syscall(SYS_renameat2, AT_FDCWD, "a", AT_FDCWD, "b", 1) == 0 ||
	    errno == EINVAL)
		check_skip("no RENAME_NOREPLACE here");
	EXPECT_EQ(errno, EEXIST);
	EXPECT_OK(syscall(SYS_renameat2, AT_FDCWD, "a", AT_FDCWD, "c", 1));
	EXPECT(exists("c"));
}

static void hard_links(void)
{
	struct stat a, b;

	enter();
	close(make("a", "text"));
	EXPECT_EQ(links("a"), 1);
	EXPECT_OK(link("a", "b"));
	EXPECT_OK(stat("a", &a));
	EXPECT_OK(stat("b", &b));
	EXPECT_EQ(a.st_ino, b.st_ino);
	EXPECT_EQ(a.st_nlink, 2);
	EXPECT_ERRNO(link("a", "b"), EEXIST);
	EXPECT_ERRNO(link(".", "d"), EPERM);
	EXPECT_OK(unlink("a"));
	EXPECT_EQ(links("b"), 1);
	EXPECT_STR(contents("b"), "text");
}

static void symbolic_links(void)
{
	char target[32];
	struct stat st;

	enter();
	close(make("f", "text"));
	EXPECT_OK(symlink("f", "l"));
	EXPECT_STR(contents("l"), "text");
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
	EXPECT(exists("nowhere"));
	EXPECT_OK(mkdir("d", 0755));
	EXPECT_OK(symlink("d", "dl"));
	close(make("dl/inside", ""));
	EXPECT(exists("d/inside"));
	EXPECT_ERRNO(rmdir("dl"), ENOTDIR);
}

static void link_loops_are_eloop(void)
{
	struct stat st;

	enter();
	EXPECT_OK(symlink("b", "a"));
	EXPECT_OK(symlink("a", "b"));
	EXPECT_OK(symlink("self/x", "self"));
	EXPECT_ERRNO(stat("a", &st), ELOOP);
	EXPECT_ERRNO(open("self", O_RDONLY), ELOOP);
}

static void long_link_targets(void)
{
	char target[1001], back[1001] = "";

	enter();
	memset(target, 'x', 1000);
	target[1000] = '\0';
	EXPECT_OK(symlink(target, "l"));
	EXPECT_EQ(readlink("l", back, 1000), 1000);
	EXPECT_STR(back, target);
}

static void names_have_limits(void)
{
	char name[PATH_MAX + 8];

	enter();
	memset(name, 'n', sizeof(name));
	name[255] = '\0';
	EXPECT_OK(close(open(name, O_CREAT | O_WRONLY, 0644)));
	EXPECT(exists(name));
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
	enter();
	EXPECT_OK(mkdir("d", 0755));
	EXPECT_ERRNO(mkdir("d", 0755), EEXIST);
	EXPECT_ERRNO(mkdir("none/d", 0755), ENOENT);
	EXPECT_EQ(links("d"), 2);
	EXPECT_OK(mkdir("d/e", 0755));
	EXPECT_EQ(links("d"), 3);
	EXPECT_ERRNO(rmdir("d"), ENOTEMPTY);
	EXPECT_ERRNO(unlink("d/e"), EISDIR);
	EXPECT_OK(rmdir("d/e"));
	EXPECT_EQ(links("d"), 2);
	EXPECT_ERRNO(rmdir("d/."), EINVAL);
	EXPECT_OK(rmdir("d"));
	EXPECT_ERRNO(rmdir("d"), ENOENT);
}

static void dots_in_paths(void)
{
	char path[PATH_MAX];

	enter();
	EXPECT_OK(mkdir("d", 0755));
	close(make("d/../f", "x"));
	EXPECT_STR(contents("./d/.././f"), "x");
	EXPECT_STR(contents("d//..//f"), "x");
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

	enter();
	for (int i = 0; i < 300; i++) {
		char name[32];

		snprintf(name, sizeof(name), "entry-%d", i);
		close(make(name, ""));
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

	enter();
	for (int i = 0; i < 100; i++) {
		char name[32];

		snprintf(name, sizeof(name), "e%d", i);
		close(make(name, ""));
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

	enter();
	fd = open(".", O_RDONLY | O_DIRECTORY);
	EXPECT_ERRNO(syscall(SYS_getdents64, fd, buffer, sizeof(buffer)),
		     EINVAL);
	close(fd);
	fd = make("f", "");
	EXPECT_ERRNO(syscall(SYS_getdents64, fd, buffer, sizeof(buffer)),
		     ENOTDIR);
}

static void unlinked_files_live_while_open(void)
{
	char text[8] = "";
	struct stat st;
	int fd;

	enter();
	fd = make("f", "alive");
	EXPECT_OK(unlink("f"));
	EXPECT(!exists("f"));
	EXPECT_EQ(pread(fd, text, 5, 0), 5);
	EXPECT_STR(text, "alive");
	EXPECT_EQ(pwrite(fd, "A", 1, 0), 1);
	EXPECT_OK(fstat(fd, &st));
	EXPECT_EQ(st.st_nlink, 0);
}

static void removed_working_directory(void)
{
	char path[64];

	enter();
	EXPECT_OK(mkdir("d", 0755));
	EXPECT_OK(chdir("d"));
	EXPECT_OK(rmdir("../d"));
	EXPECT_ERRNO(open("f", O_CREAT | O_WRONLY, 0644), ENOENT);
	EXPECT_ERRNO(syscall(SYS_getcwd, path, sizeof(path)), ENOENT);
}

static void modes_and_umask(void)
{
	struct stat st;

	enter();
	umask(027);
	EXPECT_OK(close(open("f", O_CREAT | O_WRONLY, 0777)));
	EXPECT_OK(stat("f", &st));
	EXPECT_EQ(st.st_mode, S_IFREG | 0750);
	EXPECT_OK(mkdir("d", 0777));
	EXPECT_OK(stat("d", &st));
	EXPECT_EQ(st.st_mode & 0777, 0750);
	EXPECT_OK(chmod("f", 04711));
	EXPECT_OK(stat("f", &st));
	EXPECT_EQ(st.st_mode & 07777, 04711);
	EXPECT_OK(chmod("f", 0));
	EXPECT_EQ(umask(0), 027);
}

static void permissions_bind_others(void)
{
	pid_t pid;

	if (geteuid())
		check_skip("not root");
	enter();
	close(make("secret", "x"));
	EXPECT_OK(chmod("secret", 0600));
	EXPECT_OK(chmod(".", 0755));
	pid = fork();
	if (pid == 0) {
		EXPECT_OK(setgid(65534));
		EXPECT_OK(setuid(65534));
		EXPECT_ERRNO(open("secret", O_RDONLY), EACCES);
		EXPECT_ERRNO(access("secret", R_OK), EACCES);
		EXPECT_ERRNO(open("new", O_CREAT | O_WRONLY, 0644), EACCES);
		EXPECT_ERRNO(unlink("secret"), EACCES);
		EXPECT_ERRNO(chmod("secret", 0777), EPERM);
		EXPECT_ERRNO(chown("secret", 65534, 65534), EPERM);
		_exit(0);
	}
	check_exited(pid, 0);
}

static void owners_change(void)
{
	struct stat st;

	if (geteuid())
		check_skip("not root");
	enter();
	close(make("f", ""));
	EXPECT_OK(chown("f", 12, 34));
	EXPECT_OK(stat("f", &st));
	EXPECT_EQ(st.st_uid, 12);
	EXPECT_EQ(st.st_gid, 34);
	EXPECT_OK(chown("f", (uid_t)-1, 56));
	EXPECT_OK(stat("f", &st));
	EXPECT_EQ(st.st_uid, 12);
	EXPECT_EQ(st.st_gid, 56);
}

static void access_answers(void)
{
	enter();
	close(make("f", ""));
	EXPECT_OK(access("f", F_OK));
	EXPECT_OK(access("f", R_OK | W_OK));
	EXPECT_ERRNO(access("f", X_OK), EACCES);
	EXPECT_ERRNO(access("none", F_OK), ENOENT);
	EXPECT_ERRNO(access("f", 99), EINVAL);
}

static void times_can_be_set(void)
{
	struct timespec times[2] = { { 1000, 5 }, { 2000, 0 } };
	struct stat st;

	enter();
	close(make("f", ""));
	EXPECT_OK(utimensat(AT_FDCWD, "f", times, 0));
	EXPECT_OK(stat("f", &st));
	EXPECT_EQ(st.st_atim.tv_sec, 1000);
	EXPECT_EQ(st.st_mtim.tv_sec, 2000);
	times[0].tv_nsec = UTIME_OMIT;
	times[1].tv_nsec = UTIME_NOW;
	EXPECT_OK(utimensat(AT_FDCWD, "f", times, 0));
	EXPECT_OK(stat("f", &st));
	EXPECT_EQ(st.st_atim.tv_sec, 1000);
	EXPECT(st.st_mtim.tv_sec != 2000);
	times[0].tv_nsec = 2000000000;
	EXPECT_ERRNO(utimensat(AT_FDCWD, "f", times, 0), EINVAL);
}

static void writing_sets_the_time(void)
{
	struct timespec old[2] = { { 1000, 0 }, { 1000, 0 } };
	struct stat st;
	int fd;

	enter();
	fd = make("f", "");
	EXPECT_OK(futimens(fd, old));
	EXPECT_EQ(write(fd, "x", 1), 1);
	EXPECT_OK(fstat(fd, &st));
	EXPECT(st.st_mtim.tv_sec != 1000);
}

static void statx_and_stat_agree(void)
{
	struct statx stx;
	struct stat st;

	enter();
	close(make("f", "12345"));
	EXPECT_OK(stat("f", &st));
	EXPECT_OK(statx(AT_FDCWD, "f", 0, STATX_BASIC_STATS, &stx));
	EXPECT_EQ(stx.stx_size, 5);
	EXPECT_EQ(stx.stx_ino, st.st_ino);
	EXPECT_EQ(stx.stx_mode, st.st_mode);
	EXPECT_EQ(stx.stx_nlink, 1);
	EXPECT_EQ(stx.stx_mtime.tv_sec, st.st_mtim.tv_sec);
	EXPECT_ERRNO(statx(AT_FDCWD, "none", 0, STATX_BASIC_STATS, &stx),
		     ENOENT);
}

static void dup_shares_the_offset(void)
{
	char byte;
	int fd, copy;

	enter();
	fd = make("f", "abc");
	copy = dup(fd);
	EXPECT_OK(copy);
	EXPECT_EQ(lseek(fd, 1, SEEK_SET), 1);
	EXPECT_EQ(read(copy, &byte, 1), 1);
	EXPECT_EQ(byte, 'b');
	EXPECT_EQ(dup2(fd, 50), 50);
	EXPECT_EQ(dup2(fd, fd), fd);
	EXPECT_EQ(fcntl(fd, F_DUPFD, 60), 60);
	EXPECT_EQ(fcntl(60, F_GETFD), 0);
	EXPECT_EQ(fcntl(fd, F_DUPFD_CLOEXEC, 60), 61);
	EXPECT_EQ(fcntl(61, F_GETFD), FD_CLOEXEC);
	EXPECT_OK(fcntl(61, F_SETFD, 0));
	EXPECT_EQ(fcntl(61, F_GETFD), 0);
	EXPECT_ERRNO(dup(99), EBADF);
	EXPECT_ERRNO(dup2(fd, -1), EBADF);
	EXPECT_ERRNO(dup3(fd, fd, 0), EINVAL);
}

static void lowest_descriptor_is_used(void)
{
	int a = open("/dev/null", O_RDONLY);
	int b = open("/dev/null", O_RDONLY);

	EXPECT_OK(a);
	EXPECT_OK(b);
	EXPECT_OK(close(a));
	EXPECT_EQ(open("/dev/null", O_RDONLY), a);
}

static void descriptors_have_a_limit(void)
{
	struct rlimit limit = { 20, 20 };
	int fd = 0;

	EXPECT_OK(setrlimit(RLIMIT_NOFILE, &limit));
	for (int i = 0; i < 30 && fd >= 0; i++)
		fd = open("/dev/null", O_RDONLY);
	EXPECT_EQ(fd, -1);
	EXPECT_EQ(errno, EMFILE);
	EXPECT_EQ(fcntl(0, F_DUPFD, 20) < 0 ? errno : 0, EINVAL);
}

static void openat_is_relative(void)
{
	int dir, fd;

	enter();
	EXPECT_OK(mkdir("d", 0755));
	dir = open("d", O_RDONLY | O_DIRECTORY);
	fd = openat(dir, "f", O_CREAT | O_WRONLY, 0644);
	EXPECT_OK(fd);
	EXPECT(exists("d/f"));
	EXPECT_OK(mkdirat(dir, "e", 0755));
	EXPECT_OK(renameat(dir, "f", AT_FDCWD, "moved"));
	EXPECT(exists("moved"));
	EXPECT_OK(unlinkat(dir, "e", AT_REMOVEDIR));
	EXPECT_ERRNO(openat(fd, "x", O_RDONLY), ENOTDIR);
	EXPECT_ERRNO(openat(99, "x", O_RDONLY), EBADF);
	EXPECT_OK(fchdir(dir));
	EXPECT(exists("../moved"));
}

static void sendfile_copies(void)
{
	off_t offset = 2;
	int in, out;

	enter();
	in = make("in", "0123456789");
	out = make("out", "");
	EXPECT_EQ(sendfile(out, in, &offset, 5), 5);
	EXPECT_EQ(offset, 7);
	EXPECT_STR(contents("out"), "23456");
}

static void device_nodes_work(void)
{
	char text[8] = "xxxxxxx";
	int fd;

	fd = open("/dev/null", O_RDWR);
	EXPECT_OK(fd);
	EXPECT_EQ(write(fd, "abc", 3), 3);
	EXPECT_EQ(read(fd, text, 7), 0);
	fd = open("/dev/zero", O_RDONLY);
	EXPECT_OK(fd);
	EXPECT_EQ(read(fd, text, 7), 7);
	EXPECT_EQ(text[6], 0);
	fd = open("/dev/full", O_WRONLY);
	if (fd >= 0)
		EXPECT_ERRNO(write(fd, "x", 1), ENOSPC);
}

static void statfs_says_something(void)
{
	struct statfs fs;

	enter();
	EXPECT_OK(statfs(".", &fs));
	EXPECT(fs.f_bsize > 0);
	EXPECT(fs.f_bfree <= fs.f_blocks);
	EXPECT_ERRNO(statfs("none", &fs), ENOENT);
}

static int write_records(void *arg)
{
	int fd = open("f", O_WRONLY | O_APPEND);
	char record[16];

	memset(record, *(char *)arg, sizeof(record));
	for (int i = 0; i < 200; i++)
		if (write(fd, record, sizeof(record)) != sizeof(record))
			return 1;
	return 0;
}

static void appends_do_not_mix(void)
{
	char names[] = "abcd", record[16];
	pid_t pids[4];
	int fd;

	enter();
	fd = make("f", "");
	for (int i = 0; i < 4; i++)
		pids[i] = check_child(write_records, &names[i]);
	for (int i = 0; i < 4; i++)
		check_exited(pids[i], 0);
	EXPECT_EQ(lseek(fd, 0, SEEK_END), 4 * 200 * 16);
	lseek(fd, 0, SEEK_SET);
	while (read(fd, record, sizeof(record)) == sizeof(record))
		for (int i = 1; i < 16; i++)
			EXPECT_EQ(record[i], record[0]);
}

/* Whether a file system has attributes or not, no call of theirs is unknown. */
static void attribute_calls_are_known(void)
{
	static const long calls[] = {
		SYS_setxattr,    SYS_lsetxattr,    SYS_fsetxattr,
		SYS_getxattr,    SYS_lgetxattr,    SYS_fgetxattr,
		SYS_listxattr,   SYS_llistxattr,   SYS_flistxattr,
		SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr,
	};

	enter();
	close(make("f", ""));
	for (size_t i = 0; i < CHECK_ARRAY_SIZE(calls); i++)
		if (syscall(calls[i], "f", "user.x", "v", 1, 0) < 0 &&
		    errno == ENOSYS)
			check_fail("expected call %ld, got ENOSYS", calls[i]);
}

/* One record of the log, as "level,number,microseconds,-;text\n". */
static unsigned int read_record(int fd, char *record, size_t size)
{
	unsigned int level, number;
	unsigned long us;
	ssize_t len = read(fd, record, size - 1);

	EXPECT_OK(len);
	record[len] = '\0';
	EXPECT_EQ(sscanf(record, "%u,%u,%lu,-;", &level, &number, &us), 3);
	EXPECT_EQ(strchr(record, '\n') - record, len - 1);
	return number;
}

static void kmsg_gives_records(void)
{
	int fd = open("/dev/kmsg", O_RDWR | O_NONBLOCK);
	char record[2048];
	unsigned int number;

	EXPECT_OK(fd);
	number = read_record(fd, record, sizeof(record));
	EXPECT_EQ(read_record(fd, record, sizeof(record)), number + 1);
	EXPECT_OK(lseek(fd, 0, SEEK_SET));
	EXPECT_EQ(read_record(fd, record, sizeof(record)), number);
	EXPECT_ERRNO(lseek(fd, 1, SEEK_SET), ESPIPE);

	EXPECT_OK(lseek(fd, 0, SEEK_END));
	EXPECT_OK(write(fd, "one\001 back\\\n", 11));
	EXPECT_ERRNO(read(fd, record, 4), EINVAL);
	(void)read_record(fd, record, sizeof(record));
	EXPECT(strstr(record, ";one\\x01 back\\x5c\n"));
	while (read(fd, record, sizeof(record)) > 0)
		;
	EXPECT_EQ(errno, EAGAIN);
	close(fd);
}

/* What is too large differs, but it is never a matter of memory. */
static void files_have_a_largest_size(void)
{
	const off_t far = (off_t)1 << 60;
	struct stat st;
	int fd;

	enter();
	fd = make("f", "abc");
	if (pwrite(fd, "x", 1, far) != 1) {
		EXPECT_EQ(errno, EFBIG);
		EXPECT_OK(fstat(fd, &st));
		EXPECT_EQ(st.st_size, 3);
	}
	if (ftruncate(fd, far) < 0)
		EXPECT_EQ(errno, EFBIG);
	close(fd);
}

static const struct check_test tests[] = {
	{ "open_flags", open_flags, 0 },
	{ "access_modes_are_kept", access_modes_are_kept, 0 },
	{ "seek_and_holes", seek_and_holes, 0 },
	{ "pread_leaves_the_offset", pread_leaves_the_offset, 0 },
	{ "vectors", vectors, 0 },
	{ "append_goes_to_the_end", append_goes_to_the_end, 0 },
	{ "truncate_both_ways", truncate_both_ways, 0 },
	{ "files_have_a_largest_size", files_have_a_largest_size, 0 },
	{ "big_file_by_pieces", big_file_by_pieces, 0 },
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
	{ "modes_and_umask", modes_and_umask, 0 },
	{ "permissions_bind_others", permissions_bind_others, 0 },
	{ "owners_change", owners_change, 0 },
	{ "access_answers", access_answers, 0 },
	{ "times_can_be_set", times_can_be_set, 0 },
	{ "writing_sets_the_time", writing_sets_the_time, 0 },
	{ "statx_and_stat_agree", statx_and_stat_agree, 0 },
	{ "dup_shares_the_offset", dup_shares_the_offset, 0 },
	{ "lowest_descriptor_is_used", lowest_descriptor_is_used, 0 },
	{ "descriptors_have_a_limit", descriptors_have_a_limit, 0 },
	{ "openat_is_relative", openat_is_relative, 0 },
	{ "sendfile_copies", sendfile_copies, 0 },
	{ "device_nodes_work", device_nodes_work, 0 },
	{ "statfs_says_something", statfs_says_something, 0 },
	{ "kmsg_gives_records", kmsg_gives_records, 0 },
	{ "attribute_calls_are_known", attribute_calls_are_known, 0 },
	{ "appends_do_not_mix", appends_do_not_mix, 0 },
};

CHECK_MAIN(tests)
