// SPDX-License-Identifier: MIT
/*
 * Reader of cpio archives of the "newc" kind (cpio(5)), as the kernel's
 * initramfs has them.  Pure: nothing but the bytes of the archive.
 */
#pragma once

#include <lib/types.h>

/* One member; name and data point into the archive. */
struct cpio_entry {
	const char *name; /* NUL-terminated, not empty */
	const uint8_t *data;
	size_t size;
	uint32_t ino, mode, uid, gid, nlink, mtime;
	uint32_t dev_major, dev_minor, rdev_major, rdev_minor;
};

struct cpio_reader {
	const uint8_t *data;
	size_t len;
	size_t pos;        /* of the next header */
	const char *error; /* after a failure: what is wrong at pos */
};

/*
 * Begin with the first member.  The len bytes at data are read, never written,
 * and must stay while reader and its entries are in use.
 */
void cpio_open(struct cpio_reader *reader, const void *data, size_t len);

/*
 * 1: entry is the next member.  0: the end, also of several archives one
 * behind the other, with zeros between.  -EINVAL: reader->error says why.
 */
int cpio_next(struct cpio_reader *reader, struct cpio_entry *entry);
