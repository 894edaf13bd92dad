/* SPDX-License-Identifier: MIT */
/*
 * mount(2) with MS_REMOUNT, on a disk with an ext4 that the environment names:
 * REMOUNT_DISK.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "check.h"
#include "file.h"

#define TOP     "/tmp/remount"
#define WRITERS 3
#define ROUNDS  150

static void mount_disk(void)
{
	const char *disk = getenv("REMOUNT_DISK");

	if (!disk)
		check_skip("REMOUNT_DISK does not name a disk");
	umount(TOP); /* a test before this may have failed */
	mkdir(TOP, 0755);
	EXPECT_EQ(mount(disk, TOP, "ext4", 0, NULL), 0);
	EXPECT_EQ(chdir(TOP), 0);
}

static void unmount_disk(void)
{
	EXPECT_EQ(chdir("/"), 0);
	EXPECT_EQ(umount(TOP), 0);
}

static int remount(unsigned long flags)
{
	return mount("none", TOP, NULL, MS_REMOUNT | flags, NULL);
}

static void files_open_for_writing_keep_it_writable(void)
{
	int fd;

	mount_disk();
	fd = file_make("f", "text");
	EXPECT_ERRNO(remount(MS_RDONLY), EBUSY);
	EXPECT_EQ(write(fd, "x", 1), 1);
	close(fd);
	fd = open("f", O_RDONLY);
	EXPECT_EQ(remount(MS_RDONLY), 0);
	EXPECT_ERRNO(open("f", O_WRONLY), EROFS);
	EXPECT_ERRNO(unlink("f"), EROFS);
	EXPECT_EQ(remount(0), 0);
	EXPECT_EQ(unlink("f"), 0);
	EXPECT_ERRNO(remount(MS_RDONLY), EBUSY);
	close(fd);
	EXPECT_EQ(remount(MS_RDONLY), 0);
	unmount_disk();
}

static void fsync_of_what_cannot_change_is_fine(void)
{
	int fd;

	mount_disk();
	close(file_make("f", "text"));
	EXPECT_EQ(remount(MS_RDONLY), 0);
	fd = open("f", O_RDONLY);
	EXPECT_EQ(fsync(fd), 0);
	EXPECT_EQ(fdatasync(fd), 0);
	EXPECT_EQ(syncfs(fd), 0);
	close(fd);
	unmount_disk();
}

/* Names come and go, until somebody kills it. */
static void change_names_for_ever(unsigned who)
{
	char name[16], to[16];

	for (unsigned i = 0;; i++) {
		snprintf(name, sizeof(name), "%u-%u", who, i % 50);
		snprintf(to, sizeof(to), "%u+%u", who, i % 30);
		if (!mkdir(name, 0755))
			rename(name, to);
		rmdir(to);
		if (i % 16 == who)
			sync();
	}
}

static void changes_and_remounts_do_not_mix(void)
{
	pid_t writers[WRITERS];
	int done = 0;

	mount_disk();
	for (int i = 0; i < WRITERS; i++) {
		writers[i] = fork();
		EXPECT(writers[i] >= 0);
		if (!writers[i])
			change_names_for_ever((unsigned)i);
	}
	for (int i = 0; i < ROUNDS; i++) {
		if (!remount(MS_RDONLY))
			done++;
		else
			EXPECT_EQ(errno, EBUSY);
		EXPECT_EQ(remount(0), 0);
	}
	for (int i = 0; i < WRITERS; i++) {
		kill(writers[i], SIGKILL);
		EXPECT_EQ(waitpid(writers[i], NULL, 0), writers[i]);
	}
	EXPECT(done);
	unmount_disk();
}

static const struct check_test tests[] = {
	{ "files_open_for_writing_keep_it_writable",
	  files_open_for_writing_keep_it_writable, 0 },
	{ "fsync_of_what_cannot_change_is_fine",
	  fsync_of_what_cannot_change_is_fine, 0 },
	{ "changes_and_remounts_do_not_mix", changes_and_remounts_do_not_mix,
	  120 },
};
CHECK_MAIN(tests)
