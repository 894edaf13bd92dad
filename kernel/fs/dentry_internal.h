// SPDX-License-Identifier: MIT
/*
 * Between dentry.c (one dentry), dcache.c (finding them by name, keeping unused
 * ones) and dentry_tree.c (parents and children).
 */
#pragma once

#include <fs/dentry.h>

static inline void dentry_set_flag(struct dentry *dentry, int flag)
{
	atomic_fetch_or(&dentry->flags, flag);
}

static inline void dentry_clear_flag(struct dentry *dentry, int flag)
{
	atomic_fetch_and(&dentry->flags, ~flag);
}

/* --- dentry.c --------------------------------------------------------- */

/*
 * Free one that dcache_put_last() or dcache_seize() gave to the caller.  Its
 * parent, to be put, or NULL.  May sleep.
 */
struct dentry *dentry_free(struct dentry *dentry);

/* --- dcache.c --------------------------------------------------------- */

/* dentry->hash for a name, as it is now, below parent. */
uint32_t dcache_hash(const struct dentry *parent, const char *name, size_t len);
/* From now on it is found by its hash, parent and name. */
void dcache_insert(struct dentry *dentry);
/*
 * Drop what may be the last reference.  True: it was, and the dentry, which is
 * not to be kept, is the caller's to free.
 */
bool dcache_put_last(struct dentry *dentry);
/*
 * Take an unused one out of the cache, for the caller to free after
 * dcache_forget().  False: it is in use, or (*busy) cannot be told now.
 * Context: the parent's lock may be held.
 */
bool dcache_seize(struct dentry *dentry, bool *busy);
/* Off the list of unused ones. */
void dcache_forget(struct dentry *dentry);
/* The hash table, by the size of memory; panics without. */
void dcache_init(void);
/* Free some unused dentries if there are too many of them.  May sleep. */
void dcache_trim(void);

/* --- dentry_tree.c ---------------------------------------------------- */

/* Enter into, and take out of, the children of a parent; takes its lock. */
void dentry_attach(struct dentry *parent, struct dentry *dentry);
void dentry_detach(struct dentry *parent, struct dentry *dentry);
