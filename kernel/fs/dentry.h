// SPDX-License-Identifier: MIT
/*
 * Dentries: names, cached, with or without an inode (negative: the name is
 * known not to exist).  A dentry holds a reference on its parent and inode.
 *
 * Finding a child is a hash look-up without a global lock.  A dentry's name and
 * parent change only in rename, under super->rename_lock and the bucket locks.
 */
#pragma once

#include <sys/queue.h>

#include <lib/types.h>

#include <core/lock.h>
#include <core/refcount.h>

struct inode;
struct mount;
struct super;

#define NAME_LEN_MAX 255
#define DENTRY_INLINE 32

struct dentry {
	refcount_t refs;       /* [a] 0: on the LRU, or being freed */
	atomic_t flags;        /* [a] DENTRY_* */
	spinlock_t lock;       /* rank LOCK_DENTRY */
	struct inode *inode;   /* [lock] NULL: negative */
	struct dentry *parent; /* [lock + rename] itself for a root */
	struct super *super;   /* [I] */
	uint32_t hash;         /* [rename] of parent and name */
	uint16_t name_len;     /* [rename] */
	const char *name;      /* [rename] inline_name or kmalloc'ed */
	char inline_name[DENTRY_INLINE];
	LIST_ENTRY(dentry) hash_link;  /* [bucket lock] */
	TAILQ_ENTRY(dentry) lru_link;  /* [LRU lock] */
	LIST_HEAD(, dentry) children;  /* [lock] */
	LIST_ENTRY(dentry) sibling;    /* [parent's lock] */
	void *private; /* of in-memory file systems */
};

#define DENTRY_HASHED  (1u << 0) /* found by look-ups */
#define DENTRY_MOUNTED (1u << 1) /* something is mounted on it: ask mount_lookup() */
#define DENTRY_LRU     (1u << 2)
#define DENTRY_PINNED  (1u << 3) /* tmpfs: the cache is the directory; keep it */

struct dentry *dentry_get(struct dentry *dentry);
void dentry_put(struct dentry *dentry); /* may sleep */
/* A new root; takes over the inode reference.  NULL: no memory (inode put). */
struct dentry *dentry_make_root(struct inode *inode);
/* In the cache?  With a reference, or NULL. */
struct dentry *dentry_find(struct dentry *parent, const char *name, size_t len);
/* Find, or ask the file system (parent's inode lock taken inside when needed).
 * 0 and a referenced, maybe negative dentry; or -errno. */
int dentry_lookup(struct dentry *parent, const char *name, size_t len, struct dentry **result);
/* For inode_ops: make it positive; takes over the inode reference. NULL: negative. */
void dentry_set_inode(struct dentry *dentry, struct inode *inode);
/* Unlinked: no longer found. */
void dentry_drop(struct dentry *dentry);
void dentry_move(struct dentry *dentry, struct dentry *new_parent, struct dentry *target);
