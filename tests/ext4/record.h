// SPDX-License-Identifier: MIT
/*
 * What the contents of a file may be after a loss of power.
 *
 * Every 16 bytes of a file say which file and which write they are from, and
 * where they belong.  So it shows when a file has anything but its own.
 */
#pragma once

#include "model.h"

/* The bytes of a new write to the file. */
void pattern_fill(const struct node *node, char *buf, size_t pos, size_t len);

/* Names of the directory, or where it is, will change. */
void record_names(struct node *dir);
/* The file will have that size, or other contents; noted before it happens. */
void record_size(struct node *node, size_t size);

/* A sync begins that will cover it. */
void record_begin_sync(struct node *node);
/* It has returned; ok: without an error. */
void record_end_sync(struct node *node, bool ok);

/*
 * Is this what the file may be now?  garbage: half a sector may be nonsense.
 * If not, what is wrong is in message.
 */
bool record_allows(const struct node *node, const char *data, size_t size,
		   bool garbage, char message[256]);
