// SPDX-License-Identifier: MIT
/*
 * Radix trees: pointers by index, with a dirty tag for each.  What the page
 * cache of a file is kept in.
 *
 * Changes are guarded by the owner's lock; radix_find() needs none.
 */
#pragma once

#include <lib/types.h>

/* The whole tree hangs on one word, which the owner sets to NULL at first. */
typedef void *radix_root;

void radix_init(void); /* makes the cache of nodes */

/* The item at index, or NULL.  Any context, no lock. */
void *radix_find(const radix_root *root, uint64_t index);

/* 0, -EEXIST or -ENOMEM.  Never sleeps.  The item's two low bits are 0. */
int radix_insert(radix_root *root, uint64_t index, void *item);

/* Take an item out, and its tag; NULL: there was none. */
void *radix_remove(radix_root *root, uint64_t index);

void radix_set_tag(radix_root *root, uint64_t index);
void radix_clear_tag(radix_root *root, uint64_t index);

/*
 * The first item (tagged: with the tag) at or after *index, which becomes its
 * index.  NULL: there is none.
 */
void *radix_next(const radix_root *root, uint64_t *index, bool tagged);

/* Free the nodes of a tree that nobody looks at any more. */
void radix_destroy(radix_root *root);
