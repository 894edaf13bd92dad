// SPDX-License-Identifier: MIT
/* The reader of initramfs archives: good ones, and what is wrong with bad ones. */
#include <fs/cpio.h>

#include <lib/errno.h>

#include "unit.h"

#define HEADER_LEN 110

/* An archive that grows; in memory of exactly its size when it is read. */
struct archive {
	uint8_t bytes[4096];
	size_t len;
};

static void add_padding(struct archive *archive)
{
	while (archive->len % 4)
		archive->bytes[archive->len++] = 0;
}

static void add_member(struct archive *archive, const char *name, uint32_t mode,
		       const char *data)
{
	size_t name_size = strlen(name) + 1;
	char header[160];

	snprintf(header, sizeof(header),
		 "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x",
		 7u, mode, 1u, 2u, 1u, 0x1234u, (unsigned)strlen(data), 3u, 4u,
		 5u, 6u, (unsigned)name_size, 0u);
	memcpy(archive->bytes + archive->len, header, HEADER_LEN);
	archive->len += HEADER_LEN;
	memcpy(archive->bytes + archive->len, name, name_size);
	archive->len += name_size;
	add_padding(archive);
	memcpy(archive->bytes + archive->len, data, strlen(data));
	archive->len += strlen(data);
	add_padding(archive);
}

static void add_trailer(struct archive *archive)
{
	add_member(archive, "TRAILER!!!", 0, "");
}

/*
 * Read all: how many members, or the error.  The copy lets the sanitizer see
 * every byte read beyond the end.
 */
static int read_all(const struct archive *archive, const char **error)
{
	uint8_t *copy = malloc(archive->len + 1);
	struct cpio_reader reader;
	struct cpio_entry entry;
	volatile uint8_t sum = 0;
	int n = 0, ret;

	memmove(copy + 1, archive->bytes, archive->len);
	cpio_open(&reader, copy + 1, archive->len);
	while ((ret = cpio_next(&reader, &entry)) > 0) {
		n++;
		for (size_t i = 0; i < entry.size; i++)
			sum += entry.data[i];
		sum += (uint8_t)strlen(entry.name);
	}
	if (error)
		*error = reader.error;
	free(copy);
	return ret ? ret : n;
}

TEST(members_come_in_order)
{
	struct archive archive = { .len = 0 };
	struct cpio_reader reader;
	struct cpio_entry entry;

	add_member(&archive, "bin", 040755, "");
	add_member(&archive, "bin/a", 0100755, "hello");
	add_trailer(&archive);
	cpio_open(&reader, archive.bytes, archive.len);
	EXPECT_EQ(cpio_next(&reader, &entry), 1);
	EXPECT(!strcmp(entry.name, "bin"));
	EXPECT_EQ(entry.mode, 040755);
	EXPECT_EQ(entry.size, 0);
	EXPECT_EQ(cpio_next(&reader, &entry), 1);
	EXPECT(!strcmp(entry.name, "bin/a"));
	EXPECT_EQ(entry.size, 5);
	EXPECT(!memcmp(entry.data, "hello", 5));
	EXPECT_EQ(entry.ino, 7);
	EXPECT_EQ(entry.uid, 1);
	EXPECT_EQ(entry.gid, 2);
	EXPECT_EQ(entry.mtime, 0x1234);
	EXPECT_EQ(entry.rdev_minor, 6);
	EXPECT_EQ(cpio_next(&reader, &entry), 0);
}

TEST(archives_may_follow_each_other)
{
	struct archive archive = { .len = 0 };

	add_member(&archive, "a", 0100644, "1");
	add_trailer(&archive);
	while (archive.len % 512)
		archive.bytes[archive.len++] = 0;
	add_member(&archive, "b", 0100644, "2");
	add_trailer(&archive);
	EXPECT_EQ(read_all(&archive, NULL), 2);
}

TEST(nothing_is_an_empty_archive)
{
	struct archive archive = { .len = 0 };

	EXPECT_EQ(read_all(&archive, NULL), 0);
}

TEST(other_bytes_are_refused)
{
	struct archive archive = { .len = 200 };
	const char *error = NULL;

	memset(archive.bytes, 0x1f, 200);
	EXPECT_EQ(read_all(&archive, &error), -EINVAL);
	EXPECT(error && strstr(error, "newc"));
}

TEST(every_truncation_is_noticed)
{
	struct archive archive = { .len = 0 };
	size_t first;

	add_member(&archive, "first", 0100644, "data of it");
	first = archive.len;
	add_member(&archive, "second", 0100644, "more data!");
	for (size_t len = archive.len - 3; len > 0; len--) {
		struct archive cut = archive;

		cut.len = len;
		/* Between two members, and without the last padding, is fine. */
		if (len == first || (len < first && len + 2 >= first))
			EXPECT_EQ(read_all(&cut, NULL), 1);
		else
			EXPECT_EQ(read_all(&cut, NULL), -EINVAL);
	}
}

/* Write a field of the first header. */
static void set_field(struct archive *archive, int field, const char *digits)
{
	memcpy(archive->bytes + 6 + field * 8, digits, 8);
}

TEST(lengths_beyond_the_end_are_refused)
{
	static const char *const lengths[] = { "ffffffff", "7fffffff",
					       "00000fff", "fffffffc" };
	struct archive good = { .len = 0 };

	add_member(&good, "name", 0100644, "data");
	add_trailer(&good);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct archive bad = good;

		set_field(&bad, 6, lengths[i]); /* file size */
		EXPECT_EQ(read_all(&bad, NULL), -EINVAL);
		bad = good;
		set_field(&bad, 11, lengths[i]); /* name size */
		EXPECT_EQ(read_all(&bad, NULL), -EINVAL);
	}
}

TEST(bad_digits_and_names_are_refused)
{
	struct archive good = { .len = 0 };
	struct archive bad;

	add_member(&good, "name", 0100644, "data");
	bad = good;
	set_field(&bad, 1, "0000 1a4");
	EXPECT_EQ(read_all(&bad, NULL), -EINVAL);
	bad = good;
	set_field(&bad, 11, "00000000"); /* no name at all */
	EXPECT_EQ(read_all(&bad, NULL), -EINVAL);
	bad = good;
	set_field(&bad, 11, "00000001"); /* an empty one */
	EXPECT_EQ(read_all(&bad, NULL), -EINVAL);
	bad = good;
	bad.bytes[HEADER_LEN + 4] = 'x'; /* it does not end */
	EXPECT_EQ(read_all(&bad, NULL), -EINVAL);
	bad = good;
	bad.bytes[HEADER_LEN + 2] = 0; /* it ends early */
	EXPECT_EQ(read_all(&bad, NULL), -EINVAL);
}

/* Whatever is in it: an end is reached, and nothing outside is read. */
TEST(mutations_never_read_outside)
{
	struct archive good = { .len = 0 };
	uint32_t random = 1;

	add_member(&good, "dir", 040755, "");
	add_member(&good, "dir/file", 0100644, "contents");
	add_member(&good, "dir/link", 0120777, "file");
	add_trailer(&good);
	for (int round = 0; round < 20000; round++) {
		struct archive bad = good;

		for (int i = 0; i < 1 + round % 4; i++) {
			random = random * 1664525 + 1013904223;
			bad.bytes[(random >> 8) % bad.len] = (uint8_t)random;
		}
		bad.len -= (random >> 4) % 8;
		EXPECT(read_all(&bad, NULL) >= -EINVAL);
	}
}
