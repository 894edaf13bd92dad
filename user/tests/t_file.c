// SPDX-License-Identifier: MIT
/*
 * Contents of files, and descriptors.  Where, file.h says.
 */
#include "check.h"
#include "file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

static void open_flags(void)
{
	file_enter_dir();
	EXPECT_ERRNO(open("f", O_RDONLY), ENOENT);
	EXPECT_OK(close(open("f", O_WRONLY | O_CREAT | O_EXCL, 0600)));
	EXPECT_ERRNO(open("f", O_WRONLY | O_CREAT | O_EXCL, 0600), EEXIST);
	EXPECT_OK(close(file_make("f", "text")));
	EXPECT_OK(close(open("f", O_WRONLY | O_TRUNC)));
	EXPECT_STR(file_contents("f"), "");
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

	file_enter_dir();
	close(file_make("f", "x"));
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

	file_enter_dir();
	fd = file_make("f", "abc");
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

	file_enter_dir();
	fd = file_make("f", "0123456789");
	EXPECT_EQ(lseek(fd, 2, SEEK_SET), 2);
	EXPECT_EQ(pread(fd, text, 3, 5), 3);
	EXPECT(memcmp(text, "567", 3) == 0);
	EXPECT_EQ(pwrite(fd, "xx", 2, 8), 2);
	EXPECT_EQ(lseek(fd, 0, SEEK_CUR), 2);
	EXPECT_STR(file_contents("f"), "01234567xx");
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

	file_enter_dir();
	fd = file_make("f", "");
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

	file_enter_dir();
	close(file_make("f", "one"));
	fd = open("f", O_WRONLY | O_APPEND);
	other = open("f", O_WRONLY | O_APPEND);
	EXPECT_EQ(write(fd, "two", 3), 3);
	EXPECT_EQ(write(other, "three", 5), 5);
	EXPECT_EQ(lseek(fd, 0, SEEK_SET), 0);
	EXPECT_EQ(write(fd, "!", 1), 1);
	EXPECT_STR(file_contents("f"), "onetwothree!");
}

static void truncate_both_ways(void)
{
	char byte;
	int fd;

	file_enter_dir();
	fd = file_make("f", "0123456789");
	EXPECT_OK(ftruncate(fd, 4));
	EXPECT_STR(file_contents("f"), "0123");
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

	file_enter_dir();
	fd = file_make("f", "");
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

static void dup_shares_the_offset(void)
{
	char byte;
	int fd, copy;

	file_enter_dir();
	fd = file_make("f", "abc");
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

static void sendfile_copies(void)
{
	off_t offset = 2;
	int in, out;

	file_enter_dir();
	in = file_make("in", "0123456789");
	out = file_make("out", "");
	EXPECT_EQ(sendfile(out, in, &offset, 5), 5);
	EXPECT_EQ(offset, 7);
	EXPECT_STR(file_contents("out"), "23456");
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

	file_enter_dir();
	fd = file_make("f", "");
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

	file_enter_dir();
	fd = file_make("f", "abc");
	if (pwrite(fd, "x", 1, far) != 1) {
		EXPECT_EQ(errno, EFBIG);
		EXPECT_OK(fstat(fd, &st));
		EXPECT_EQ(st.st_size, 3);
	}
	if (ftruncate(fd, far) < 0)
		EXPECT_EQ(errno, EFBIG);
	close(fd);
}

static size_t pages_in_memory(const void *map, size_t count)
{
	unsigned char resident[8] = { 0 };
	size_t n = 0;

	EXPECT_OK(mincore((void *)map, count * 4096, resident));
	for (size_t i = 0; i < count; i++)
		n += resident[i] & 1;
	return n;
}

/* Advice changes no contents, whatever it does to the cache. */
static void advice_about_files(void)
{
	int pipe_fds[2], fd;
	char *map;

	file_enter_dir();
	fd = file_make("f", "");
	EXPECT_EQ(pwrite(fd, "a", 1, 0), 1);
	EXPECT_EQ(pwrite(fd, "z", 1, 8 * 4096 - 1), 1);
	EXPECT_OK(fsync(fd));
	map = mmap(NULL, 8 * 4096, PROT_READ, MAP_SHARED, fd, 0);
	/* In a part of pages nothing may go; all: tmpfs has it in memory only. */
	EXPECT_EQ(posix_fadvise(fd, 4096 + 1, 4096, POSIX_FADV_DONTNEED), 0);
	EXPECT_EQ(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED), 0);
	EXPECT_EQ(posix_fadvise(fd, 0, 0, POSIX_FADV_WILLNEED), 0);
	EXPECT_OK(readahead(fd, 0, 8 * 4096));
	EXPECT_EQ(map[0], 'a');
	EXPECT_EQ(map[8 * 4096 - 1], 'z');
	EXPECT(pages_in_memory(map, 8) >= 2);
	EXPECT_EQ(posix_fadvise(fd, 0, -1, POSIX_FADV_NORMAL), EINVAL);
	EXPECT_EQ(posix_fadvise(fd, 0, 0, 77), EINVAL);
	EXPECT_EQ(posix_fadvise(99, 0, 0, POSIX_FADV_NORMAL), EBADF);
	EXPECT_EQ(posix_fadvise(fd, 1L << 60, 0, POSIX_FADV_WILLNEED), 0);
	EXPECT_OK(pipe(pipe_fds));
	EXPECT_EQ(posix_fadvise(pipe_fds[0], 0, 0, POSIX_FADV_NORMAL), ESPIPE);
	EXPECT_ERRNO(readahead(pipe_fds[0], 0, 4096), EINVAL);
	EXPECT_ERRNO(readahead(pipe_fds[1], 0, 4096), EBADF);
}

/* What a mapping has behind the end of its file is not in the file. */
static void mappings_write_nothing_behind_the_end(void)
{
	static char data[2 * 4096];
	char *map;
	int fd;

	file_enter_dir();
	fd = file_make("f", "begin");
	map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	memset(map, 'x', 4096);
	EXPECT_OK(msync(map, 4096, MS_SYNC));
	EXPECT_OK(munmap(map, 4096));
	EXPECT_EQ(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED), 0);
	EXPECT_EQ(pwrite(fd, "z", 1, sizeof(data) - 1), 1);
	EXPECT_OK(fsync(fd));
	EXPECT_EQ(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED), 0);
	EXPECT_EQ(pread(fd, data, sizeof(data), 0), (ssize_t)sizeof(data));
	EXPECT(!memcmp(data, "xxxxx", 6));
	for (size_t i = 5; i < sizeof(data) - 1; i++)
		EXPECT_EQ(data[i], 0);
	EXPECT_EQ(data[sizeof(data) - 1], 'z');
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
	{ "dup_shares_the_offset", dup_shares_the_offset, 0 },
	{ "lowest_descriptor_is_used", lowest_descriptor_is_used, 0 },
	{ "descriptors_have_a_limit", descriptors_have_a_limit, 0 },
	{ "sendfile_copies", sendfile_copies, 0 },
	{ "advice_about_files", advice_about_files, 0 },
	{ "mappings_write_nothing_behind_the_end",
	  mappings_write_nothing_behind_the_end, 0 },
	{ "device_nodes_work", device_nodes_work, 0 },
	{ "kmsg_gives_records", kmsg_gives_records, 0 },
	{ "appends_do_not_mix", appends_do_not_mix, 0 },
};

CHECK_MAIN(tests)
