// SPDX-License-Identifier: MIT
/*
 * The path walk itself, for those of fs/ who need more than path_lookup():
 * open and the changes of directories.
 */
#pragma once

#include <lib/types.h>

#include <fs/mount.h>

/*
 * A walk in progress.  walk_begin(), then walk_to_parent() and so on, then
 * walk_end() in every case (also after errors of the others).
 */
struct walk {
	struct path path;  /* owned: where we are */
	struct path base;  /* owned if set: LOOKUP_BENEATH, LOOKUP_IN_ROOT */
	const char *name;  /* the rest */
	char *buf;         /* kmalloc'ed and holding name, or NULL */
	unsigned flags;    /* LOOKUP_* */
	unsigned nr_links; /* symbolic links followed */
	const char *last;  /* after walk_to_parent(): the last component ... */
	uint32_t last_len; /* ... 0: there is none, path is the place itself */
	uint32_t last_hash;
	bool trailing_slash; /* something like "/" or "/./" follows */
};

/*
 * Where name starts: dirfd, the working directory (AT_FDCWD) or a root; name
 * stays the caller's and must last until walk_end().  0, -ENOENT ("" without
 * LOOKUP_EMPTY), -EBADF, -ENOTDIR, or -EXDEV (absolute, LOOKUP_BENEATH).
 */
int walk_begin(struct walk *walk, int dirfd, const char *name, unsigned flags);
/* Put where the walk is, and what it allocated.  Context: thread; may sleep. */
void walk_end(struct walk *walk);

/* Go on to the directory of the last component. */
int walk_to_parent(struct walk *walk);

/*
 * Look up the last component: a referenced dentry, maybe negative, with mounts
 * on it not crossed yet.  Not for "." and "..".
 */
int walk_lookup_last(struct walk *walk, struct dentry **result);

/*
 * Move to the last component, which must exist, and over mounts.  A symbolic
 * link is followed if follow is set: 1 then, and walk_to_parent() comes again.
 */
int walk_enter_last(struct walk *walk, bool follow);
/* The same, when dentry is what walk_lookup_last() found (reference eaten). */
int walk_enter_dentry(struct walk *walk, struct dentry *dentry, bool follow);

static inline bool walk_last_is_dots(const struct walk *walk)
{
	return walk->last_len <= 2 && walk->last[0] == '.' &&
	       (walk->last_len == 1 || walk->last[1] == '.');
}
