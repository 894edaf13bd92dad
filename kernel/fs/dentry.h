// SPDX-License-Identifier: MIT
/*
 * Dentries: names, cached, with or without an inode (negative: the name is
 * known not to exist).
 *
 * Life: dentry_lookup() makes one in the hash table; path walks and open files
 * hold references; without any it waits on an LRU list until it is found again
 * or memory runs short.  A dentry holds references on its parent and its inode.
 * Once it has an inode it keeps it: an unlinked dentry is taken out of the hash
 * and dies with its last user.
 *
 * Finding a child locks only its hash bucket.  Name and parent change only in
 * rename, under super->rename_lock and while the dentry is in no bucket.
 */
#pragma once

#include <sys/queue.h>

#include <lib/types.h>

#include <core/lock.h>
#include <core/refcount.h>

struct inode;
struct mount;
struct super;

#define NAME_LEN_MAX  255
#define DENTRY_INLINE 32

/* [I] immutable, [a] atomic, [b] lock of the hash bucket, [r] rename_lock */
struct dentry {
	refcount_t refs;              /* [a; b to and from 0] */
	atomic_t flags;               /* [a] DENTRY_* */
	struct inode *inode;          /* [a] NULL: negative; set once */
	struct dentry *parent;        /* [r] itself for a root */
	struct super *super;          /* [I] */
	uint32_t hash;                /* [r] of parent and name */
	uint16_t name_len;            /* [r] */
	const char *name;             /* [r] inline_name or kmalloc'ed */
	LIST_ENTRY(dentry) hash_link; /* [b] */
	TAILQ_ENTRY(dentry) lru_link; /* [LRU lock] */
	LIST_HEAD(dentry_list, dentry) children; /* [lock] */
	LIST_ENTRY(dentry) sibling;              /* [parent's lock] */
	spinlock_t lock;                         /* rank LOCK_DENTRY */
	void *private;                           /* of in-memory file systems */
	char inline_name[DENTRY_INLINE];
};

#define DENTRY_HASHED (1u << 0) /* found by look-ups */
#define DENTRY_MOUNTED                                                         \
	(1u << 1) /* something is mounted on it: ask mount_lookup() */
#define DENTRY_LRU    (1u << 2) /* on the LRU list */
#define DENTRY_PINNED (1u << 3) /* tmpfs: the cache is the directory; keep it */
#define DENTRY_VOLATILE                                                        \
	(1u << 4)              /* procfs: ask inode_ops.revalidate, keep not */
#define DENTRY_DYING (1u << 5) /* being freed */

static inline bool dentry_has(const struct dentry *dentry, int flag)
{
	return atomic_load(&dentry->flags) & flag;
}

/* The inode, or NULL for a negative one; valid while the dentry is held. */
static inline struct inode *dentry_inode(const struct dentry *dentry)
{
	return __atomic_load_n(&dentry->inode, __ATOMIC_ACQUIRE);
}

static inline struct dentry *dentry_get(struct dentry *dentry)
{
	refcount_get(&dentry->refs);
	return dentry;
}

/* Context: thread; may sleep. */
void dentry_put(struct dentry *dentry);

/* A new root; takes over the inode reference.  NULL: no memory (inode put). */
struct dentry *dentry_make_root(struct inode *inode);

/* In the cache?  With a reference, or NULL. */
struct dentry *dentry_find(struct dentry *parent, const char *name, size_t len);

/*
 * One more byte of the hash that dentry_find_hashed() wants, of a name alone.
 */
static inline uint32_t dentry_hash_step(uint32_t hash, char c)
{
	return (hash ^ (unsigned char)c) * 0x9e3779b1u;
}
/*
 * dentry_find() for a path walk, which has made name_hash while it looked for
 * the end of the component: dentry_hash_step() over all len bytes, from 0.
 */
struct dentry *dentry_find_hashed(struct dentry *parent, const char *name,
				  size_t len, uint32_t name_hash);

/*
 * Find, or ask the file system.  0 and a referenced, maybe negative dentry in
 * *result; -ENOENT (the directory is gone), -ENOMEM, or the file system's.
 * Context: thread; takes the directory's lock unless it is called _locked.
 */
int dentry_lookup(struct dentry *parent, const char *name, size_t len,
		  struct dentry **result);
/* dentry_lookup() when parent's inode->lock is held for writing already. */
int dentry_lookup_locked(struct dentry *parent, const char *name, size_t len,
			 struct dentry **result);

/* For inode_ops: make it positive; takes over the inode reference. */
void dentry_set_inode(struct dentry *dentry, struct inode *inode);

/* Unlinked: no longer found. */
void dentry_drop(struct dentry *dentry);

/*
 * Give it the name and the parent of target, which is dropped.
 * Context: both directories' locks and super->rename_lock held.
 */
void dentry_move(struct dentry *dentry, struct dentry *target);

/* Names of two dentries change places; context as dentry_move(). */
void dentry_exchange(struct dentry *a, struct dentry *b);

/* Keep it without users (tmpfs); dentry_unpin() ends that. */
void dentry_pin(struct dentry *dentry);
/* Its file system needs the name no more; nothing if it is not pinned. */
void dentry_unpin(struct dentry *dentry);
/* Unpin everything below root: the file system goes away. */
void dentry_unpin_tree(struct dentry *root);

/* Free unused children (of a directory that is removed). */
void dentry_prune_children(struct dentry *parent);
/* Free up to nr unused dentries, of one super or (NULL) any; how many. */
size_t dentry_shrink(struct super *super, size_t nr);

/*
 * The hash table, by the size of memory, and the slab of dentries; panics
 * without memory.  Once at boot; needs kmalloc.
 */
void dentry_cache_init(void);
