// SPDX-License-Identifier: MIT
/*
 * Attributes of files: modes, owners, times, and what may be asked of them.
 * Where, file.h says.
 */
#include "check.h"
#include "file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <time.h>

static void modes_and_umask(void)
{
	struct stat st;

	file_enter_dir();
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
	file_enter_dir();
	close(file_make("secret", "x"));
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
	file_enter_dir();
	close(file_make("f", ""));
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
	file_enter_dir();
	close(file_make("f", ""));
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

	file_enter_dir();
	close(file_make("f", ""));
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

	file_enter_dir();
	fd = file_make("f", "");
	EXPECT_OK(futimens(fd, old));
	EXPECT_EQ(write(fd, "x", 1), 1);
	EXPECT_OK(fstat(fd, &st));
	EXPECT(st.st_mtim.tv_sec != 1000);
}

static void statx_and_stat_agree(void)
{
	struct statx stx;
	struct stat st;

	file_enter_dir();
	close(file_make("f", "12345"));
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

static void statfs_says_something(void)
{
	struct statfs fs;

	file_enter_dir();
	EXPECT_OK(statfs(".", &fs));
	EXPECT(fs.f_bsize > 0);
	EXPECT(fs.f_bfree <= fs.f_blocks);
	EXPECT_ERRNO(statfs("none", &fs), ENOENT);
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

	file_enter_dir();
	close(file_make("f", ""));
	for (size_t i = 0; i < CHECK_ARRAY_SIZE(calls); i++)
		if (syscall(calls[i], "f", "user.x", "v", 1, 0) < 0 &&
		    errno == ENOSYS)
			check_fail("expected call %ld, got ENOSYS", calls[i]);
}

static const struct check_test tests[] = {
	{ "modes_and_umask", modes_and_umask, 0 },
	{ "permissions_bind_others", permissions_bind_others, 0 },
	{ "owners_change", owners_change, 0 },
	{ "access_answers", access_answers, 0 },
	{ "times_can_be_set", times_can_be_set, 0 },
	{ "writing_sets_the_time", writing_sets_the_time, 0 },
	{ "statx_and_stat_agree", statx_and_stat_agree, 0 },
	{ "statfs_says_something", statfs_says_something, 0 },
	{ "attribute_calls_are_known", attribute_calls_are_known, 0 },
};

CHECK_MAIN(tests)
