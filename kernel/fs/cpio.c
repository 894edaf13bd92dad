// SPDX-License-Identifier: MIT
/*
 * cpio archives, "newc": a header of 110 characters (a magic number and
 * thirteen numbers of eight hexadecimal digits), the name with its NUL, the
 * contents; name and contents each end on a multiple of four.
 *
 * Nothing in an archive is trusted: every length is compared with what is left.
 */
#include <fs/cpio.h>

#include <string.h>

#include <lib/errno.h>

#define HEADER_LEN   110
#define NR_FIELDS    13
#define FIELD_DIGITS 8

enum cpio_field {
	FIELD_INO,
	FIELD_MODE,
	FIELD_UID,
	FIELD_GID,
	FIELD_NLINK,
	FIELD_MTIME,
	FIELD_FILESIZE,
	FIELD_DEV_MAJOR,
	FIELD_DEV_MINOR,
	FIELD_RDEV_MAJOR,
	FIELD_RDEV_MINOR,
	FIELD_NAMESIZE,
	FIELD_CHECK
};

void cpio_open(struct cpio_reader *reader, const void *data, size_t len)
{
	*reader = (struct cpio_reader){ .data = data, .len = len };
}

static int cpio_fail(struct cpio_reader *reader, const char *error)
{
	reader->error = error;
	return -EINVAL;
}

static bool parse_hex(const uint8_t *text, uint32_t *value)
{
	*value = 0;
	for (int i = 0; i < FIELD_DIGITS; i++) {
		uint8_t c = text[i];
		uint32_t digit;

		if (c >= '0' && c <= '9')
			digit = c - '0';
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			digit = (uint32_t)(c | 32) - 'a' + 10;
		else
			return false;
		*value = *value << 4 | digit;
	}
	return true;
}

static bool parse_header(const uint8_t *header, uint32_t fields[NR_FIELDS])
{
	for (int i = 0; i < NR_FIELDS; i++) {
		if (!parse_hex(header + 6 + i * FIELD_DIGITS, &fields[i]))
			return false;
	}
	return true;
}

/* Take len bytes and the padding behind them; NULL: there are not so many. */
static const uint8_t *cpio_take(struct cpio_reader *reader, size_t len)
{
	const uint8_t *at = reader->data + reader->pos;

	if (len > reader->len - reader->pos)
		return NULL;
	reader->pos += len;
	/* The padding of the last member may be missing. */
	reader->pos = MIN(ALIGN_UP(reader->pos, (size_t)4), reader->len);
	return at;
}

static void skip_zeros(struct cpio_reader *reader)
{
	while (reader->pos < reader->len && !reader->data[reader->pos])
		reader->pos++;
}

static void entry_fill(struct cpio_entry *entry, const uint32_t *fields)
{
	entry->ino = fields[FIELD_INO];
	entry->mode = fields[FIELD_MODE];
	entry->uid = fields[FIELD_UID];
	entry->gid = fields[FIELD_GID];
	entry->nlink = fields[FIELD_NLINK];
	entry->mtime = fields[FIELD_MTIME];
	entry->size = fields[FIELD_FILESIZE];
	entry->dev_major = fields[FIELD_DEV_MAJOR];
	entry->dev_minor = fields[FIELD_DEV_MINOR];
	entry->rdev_major = fields[FIELD_RDEV_MAJOR];
	entry->rdev_minor = fields[FIELD_RDEV_MINOR];
}

/* One member, the trailer included. */
static int read_member(struct cpio_reader *reader, struct cpio_entry *entry)
{
	const uint8_t *header = reader->data + reader->pos;
	uint32_t fields[NR_FIELDS];
	uint32_t name_size;

	if (reader->len - reader->pos < HEADER_LEN)
		return cpio_fail(reader, "it ends within a header");
	if (memcmp(header, "070701", 6) && memcmp(header, "070702", 6))
		return cpio_fail(reader, "there is no newc header");
	if (!parse_header(header, fields))
		return cpio_fail(reader, "a header has a bad number");
	entry_fill(entry, fields);

	/* The name is padded together with the header. */
	name_size = fields[FIELD_NAMESIZE];
	if (name_size < 2 || name_size > reader->len - reader->pos - HEADER_LEN)
		return cpio_fail(reader, "a name has a bad length");
	entry->name = (const char *)header + HEADER_LEN;
	if (memchr(entry->name, 0, name_size) != entry->name + name_size - 1)
		return cpio_fail(reader, "a name does not end where it should");
	cpio_take(reader, HEADER_LEN + name_size);

	entry->data = cpio_take(reader, entry->size);
	if (!entry->data)
		return cpio_fail(reader, "it ends within a file");
	return 1;
}

int cpio_next(struct cpio_reader *reader, struct cpio_entry *entry)
{
	for (;;) {
		int ret;

		if (reader->pos == reader->len)
			return 0;
		ret = read_member(reader, entry);
		if (ret < 0 || strcmp(entry->name, "TRAILER!!!"))
			return ret;
		skip_zeros(reader);
	}
}
