// SPDX-License-Identifier: MIT
/*
 * Inodes: files as a file system keeps them, and the super block they belong to.
 *
 * Life: inode_lookup() finds or makes one by number (new ones come locked with
 * INODE_NEW set until the file system has filled them and calls inode_ready()); dentries
 * and open files hold references; the last inode_put() leaves it in the cache, or
 * evicts it at once when its link count is zero.
 */
#pragma once

#include <sys/queue.h>

#include <lib/types.h>

#include <core/mutex.h>
#include <core/refcount.h>
#include <mm/pagecache.h>

struct dentry;
struct dir_context;
struct file;
struct inode;
struct fs_stat;
struct path;
struct super;

struct fs_time {
	int64_t sec;
	uint32_t nsec;
};

/* What setattr() changes: ATTR_* bits say which members count. */
#define ATTR_MODE  (1u << 0)
#define ATTR_UID   (1u << 1)
#define ATTR_GID   (1u << 2)
#define ATTR_SIZE  (1u << 3)
#define ATTR_ATIME (1u << 4)
#define ATTR_MTIME (1u << 5)
#define ATTR_CTIME (1u << 6)
struct inode_attr {
	unsigned valid;
	uint32_t mode, uid, gid;
	off_t size;
	struct fs_time atime, mtime, ctime;
};

/*
 * All called with dir->lock (and the child's where it exists and changes) held
 * for writing, names checked for length, the dentry negative or positive as the
 * call implies, permissions checked.  On success they set the dentry's inode
 * with dentry_set_inode().  All may sleep.  Missing ones are -EPERM.
 */
struct inode_ops {
	/* Fill a new dentry: its inode, or none (negative).  0 or -errno. */
	int (*lookup)(struct inode *dir, struct dentry *dentry);
	int (*create)(struct inode *dir, struct dentry *dentry, uint32_t mode);
	int (*mkdir)(struct inode *dir, struct dentry *dentry, uint32_t mode);
	int (*mknod)(struct inode *dir, struct dentry *dentry, uint32_t mode,
		     uint64_t rdev);
	int (*symlink)(struct inode *dir, struct dentry *dentry,
		       const char *target);
	int (*link)(struct dentry *old, struct inode *dir,
		    struct dentry *dentry);
	int (*unlink)(struct inode *dir, struct dentry *dentry);
	int (*rmdir)(struct inode *dir, struct dentry *dentry);
	/* flags: RENAME_NOREPLACE is done by the caller; RENAME_EXCHANGE may be -EINVAL. */
	int (*rename)(struct inode *old_dir, struct dentry *old,
		      struct inode *new_dir, struct dentry *new,
		      unsigned flags);
	/* The target of a symbolic link into buf (NUL-terminated): length or -errno. */
	ssize_t (*readlink)(struct inode *inode, char *buf, size_t len);
	/* For links that are not text (procfs): go there.  Optional. */
	int (*follow)(struct inode *inode, struct path *result);
	/* inode->lock held; has checked and applies all of attr or nothing. NULL: generic */
	int (*setattr)(struct inode *inode, const struct inode_attr *attr);
	/* Refresh what the inode cannot know by itself (procfs).  Optional. */
	void (*getattr)(struct inode *inode);
	/* Of DENTRY_VOLATILE ones: does it still stand for what it did?  Optional. */
	bool (*revalidate)(struct inode *inode);
	/* A list of xattr functions comes with the extended-attribute issue. */
};

/*
 * [I] immutable after inode_ready(), [l] inode->lock, [a] atomic,
 * [c] inode cache bucket, [s] spinlock attr_lock
 */
struct inode {
	refcount_t refs;             /* [a] 0: cached, unused */
	atomic_t state;              /* [a] INODE_* */
	uint64_t ino;                /* [I] */
	struct super *super;         /* [I] */
	const struct inode_ops *ops; /* [I] */
	/* [I] what open() puts into the file */
	const struct file_ops *file_ops;
	struct rwsem lock; /* contents and directory changes */
	uint32_t mode;     /* [l] type and permission bits */
	uint32_t uid, gid; /* [l] */
	uint32_t nlink;    /* [l] */
	uint64_t rdev;     /* [I] of device nodes, as makedev(3) encodes */
	uint64_t blocks;   /* [l] 512-byte units */
	struct fs_time atime, mtime, ctime, btime; /* [l]; atime racy */
	struct mapping mapping; /* page cache; its size [l for writing] */
	void *private;          /* [I] owner: the file system or driver */
	void *pipe;             /* [l] of FIFOs and sockets: their object */
	LIST_ENTRY(inode) hash_link; /* [c] */
	TAILQ_ENTRY(inode) lru_link; /* [LRU lock] */
	TAILQ_ENTRY(inode)
	super_link; /* [super->inodes_lock] all of the super */
	TAILQ_ENTRY(inode) dirty_link; /* [super->inodes_lock] */
	unsigned write_backs; /* [super->inodes_lock] of its pages, so far */
	struct flock_state *locks; /* [own lock] advisory locks; NULL: none */
	atomic_t writers; /* [a] opened for writing; -n: being executed */
};

#define INODE_NEW         (1u << 0) /* being filled; waiters sleep */
#define INODE_DIRTY       (1u << 1) /* the inode itself */
#define INODE_DIRTY_PAGES (1u << 2)
#define INODE_FREEING     (1u << 3)
#define INODE_BAD         (1u << 4) /* unreadable: every use is -EIO */
#define INODE_HASHED      (1u << 5) /* inode_lookup() finds it */
#define INODE_LRU         (1u << 6) /* on the list of unused ones */
#define INODE_KEPT        (1u << 7) /* the file system still needs it in memory */
#define INODE_WRITING     (1u << 8) /* pages that were dirty are on their way */
#define INODE_DIRTY_ANY   (INODE_DIRTY | INODE_DIRTY_PAGES)
/* On the super block's list of what a sync has to look after. */
#define INODE_QUEUED      (INODE_DIRTY_ANY | INODE_WRITING)

struct super_ops {
	/*
	 * Memory for an inode with the file system's own part around it; the
	 * VFS sets up struct inode itself.  Missing: a plain struct inode.
	 */
	struct inode *(*alloc_inode)(struct super *super);
	void (*free_inode)(struct inode *inode);
	/*
	 * Last reference gone: with nlink == 0 free it on disk.  Its pages are
	 * dropped before (nlink == 0) or clean.  May sleep.  One with links goes
	 * by the shrinker, maybe with locks held: that takes none with
	 * INODE_KEPT but at the unmount.  Optional.
	 */
	void (*evict_inode)(struct inode *inode);
	/*
	 * Write the dirty inode itself; wait: until it is on disk, or until
	 * sync() is.  Calls inode_clear_dirty(), at a time from which on another
	 * thread's sync() will wait for what is written.
	 */
	int (*write_inode)(struct inode *inode, bool wait);
	int (*sync)(struct super *super, bool wait);
	int (*statfs)(struct super *super, struct fs_stat *stat);
	int (*remount)(struct super *super, bool read_only,
		       const char *options);
	void (*put_super)(
		struct super *super); /* unmounted: all inodes are gone */
	/* Options beyond "rw"/"ro" for /proc/mounts into buf.  Optional. */
	void (*show_options)(struct super *super, char *buf, size_t len);
};

struct fs_stat {
	uint64_t type, block_size, blocks, blocks_free, blocks_avail, files,
		files_free, name_max;
	uint32_t fsid[2];
};

struct block_device;

struct super {
	const struct super_ops *ops; /* [I] set by fs_type->mount */
	struct fs_type *type;        /* [I] */
	struct dentry *root;         /* [I] one reference */
	struct block_device *bdev;   /* [I] or NULL */
	void *private;               /* [I] the file system's own */
	uint64_t dev;                /* [I] st_dev */
	uint64_t max_size;           /* [I] of a file */
	uint32_t block_size;         /* [I] */
	bool read_only;              /* [mount lock] */
	bool probing;    /* [I] nobody said that it is of this type */
	bool is_dying;   /* [mount lock] being unmounted: cache nothing */
	unsigned active; /* [mount lock] mounts */
	struct mutex rename_lock; /* names and parents: one change at a time */
	struct mutex sync_lock;   /* one write-back at a time */
	spinlock_t inodes_lock;   /* rank LOCK_LEAF, irqsave: the two lists */
	TAILQ_HEAD(, inode) inodes; /* [inodes_lock] */
	TAILQ_HEAD(, inode) dirty;  /* [inodes_lock] INODE_QUEUED ones */
	unsigned nr_dirty;          /* [inodes_lock], racy reads: of those */
	TAILQ_ENTRY(super) link;    /* [supers lock] */
};

/* A kind of file system; registered at boot by its init function. */
struct fs_type {
	const char *name;
	bool needs_device;
	bool noauto; /* not tried when the type of the root is not named */
	bool single; /* all mounts show the same super block */
	struct super *instance; /* [mount lock] of a single one */
	/* Read super block and root (sets super->root): 0 or -errno: -EINVAL "not mine". */
	int (*mount)(struct super *super, const char *options);
	struct fs_type *next; /* [registration] */
};
/*
 * Add a kind of file system, which stays for good; the order is that in which
 * the root is tried and /proc/filesystems lists.  At boot, by one thread alone.
 */
void fs_type_register(struct fs_type *type);

/* The kind of that name, or NULL.  Any context. */
struct fs_type *fs_type_find(const char *name);
/* The kind registered after type (NULL: the first); NULL: no more. */
struct fs_type *fs_type_next(struct fs_type *type);

/*
 * The inode of that number, with a reference: from the cache, or new with
 * INODE_NEW set and for the caller alone until inode_ready() or
 * inode_failed().  Check INODE_BAD: who filled it may have failed.
 * NULL: no memory.  Context: thread; may sleep.
 */
struct inode *inode_lookup(struct super *super, uint64_t ino);
/* The same for a number that is just now given out: always new. */
struct inode *inode_new(struct super *super, uint64_t ino);
/* One that no look-up by number finds and that dies with its last user. */
struct inode *inode_new_private(struct super *super, uint64_t ino);
/*
 * It is filled: others who looked it up go on.  Its mode must be set.  The
 * caller keeps the reference.
 */
void inode_ready(struct inode *inode);
/*
 * Instead of inode_ready(): it could not be filled.  Later look-ups try anew,
 * those who wait get it as INODE_BAD.  Drops the caller's reference; may sleep.
 */
void inode_failed(struct inode *inode);

static inline struct inode *inode_get(struct inode *inode)
{
	refcount_get(&inode->refs);
	return inode;
}
/*
 * Drop a reference.  With the last one an inode that has links stays in the
 * cache; one without, or that no look-up finds, is evicted: pages dropped,
 * super_ops.evict_inode, freed.
 * Context: thread, none of the inode's locks held; may sleep.
 */
void inode_put(struct inode *inode);

static inline bool inode_has(const struct inode *inode, int flag)
{
	return atomic_load(&inode->state) & flag;
}

/* Have it written back soon.  The caller holds a reference.  Any context. */
void inode_mark_dirty(struct inode *inode);
/*
 * The same for pages of its mapping; nothing for mappings without write-back.
 * Any context; takes super->inodes_lock.
 */
void inode_mark_dirty_pages(struct inode *inode);
/* For super_ops.write_inode: it is about to write what has changed so far. */
void inode_clear_dirty(struct inode *inode);

static inline off_t inode_size(const struct inode *inode)
{
	return mapping_size(&inode->mapping);
}
static inline void inode_set_size(struct inode *inode, off_t size)
{
	mapping_set_size(&inode->mapping, size);
}

/* The wall clock as time stamps of files have it.  Any context. */
struct fs_time fs_time_now(void);
/* Set the times that attr_times (ATTR_*TIME) names to now, and mark dirty. */
void inode_touch(struct inode *inode, unsigned attr_times);
/* A read: as mount option relatime has it. */
void inode_touch_atime(struct inode *inode);

/* Owner, group and mode for a new child of dir by the caller's credentials. */
void inode_init_owner(struct inode *inode, struct inode *dir, uint32_t mode);
/* Sets mode, rdev and file_ops of device nodes, FIFOs and sockets. */
void inode_init_special(struct inode *inode, uint32_t mode, uint64_t rdev);

/* Apply attr; sizes only of page-cache files.  Inode lock held for writing. */
int inode_setattr_generic(struct inode *inode, const struct inode_attr *attr);
/* Check rights for attr as chmod(2), chown(2), utimensat(2), truncate(2) have
 * it, then apply it.  Takes the lock; may sleep. */
int inode_setattr(struct inode *inode, struct inode_attr *attr);

#define MAY_EXEC  1
#define MAY_WRITE 2
#define MAY_READ  4
/*
 * May the current task's fsuid, groups and capabilities do all of mask (MAY_*)
 * to the inode, by its mode bits?  MAY_EXEC on a directory is to pass through.
 * 0 or -EACCES.  A read-only mount is another matter: mount_check_write().
 */
int inode_permission(struct inode *inode, unsigned mask);
/* Is the caller the owner, or may it act like one? */
bool inode_owner_or_capable(const struct inode *inode);

/* A running program may not be written: 0 or -ETXTBSY; pairs. */
int inode_deny_write(struct inode *inode);
/* Undoes one inode_deny_write(): the program's last mapping has gone. */
void inode_allow_write(struct inode *inode);
/* Open it for writing: 0, or -ETXTBSY while a program runs from it; pairs. */
int inode_get_write(struct inode *inode);
/* Undoes one inode_get_write(). */
void inode_put_write(struct inode *inode);

/* Drop unused cached inodes and dentries; returns how many.  For reclaim. */
size_t inode_cache_shrink(size_t nr);
/*
 * The hash table, by the size of memory, and the slab of plain inodes; panics
 * without memory.  Once at boot; needs kmalloc.
 */
void inode_cache_init(void);

/* Free unused inodes, of one super or (NULL) any; how many. */
size_t inode_shrink(struct super *super, size_t nr);

/*
 * Mount: a super block of that type for bdev (NULL: none), or the one that
 * there is.  flags: MS_RDONLY, MS_SILENT (the type is a guess).  0, -EBUSY (bdev
 * is mounted as another type, or not as MS_RDONLY says), -ENOMEM, or what
 * fs_type.mount says.  super_deactivate() undoes it.
 * Context: mount lock held; may sleep.
 */
int super_activate(struct fs_type *type, struct block_device *bdev,
		   unsigned long flags, const char *options,
		   struct super **result);
/*
 * One mount less.  With the last one everything is written back (what cannot be
 * is logged), the caches let go of its names and inodes, put_super() is called
 * and super freed; that of a single type lives on.
 * Context: mount lock held, nobody uses a path into it; may sleep.
 */
void super_deactivate(struct super *super);
/*
 * mount(2) with MS_REMOUNT: allow changes, or no more of them.  0, -EBUSY (files
 * are open for writing, or open and removed), -EACCES (a device that cannot be
 * written), what super_ops.remount or write-back says.
 * Context: mount lock held; may sleep.
 */
int super_remount(struct super *super, bool read_only, const char *options);
/*
 * Write everything back; wait: until the device has it for good, also what
 * others are writing.  0 or the first error.
 */
int super_write_back(struct super *super, bool wait);
/* The same, unless it is read-only: then nothing has changed. */
int super_sync(struct super *super, bool wait);
/*
 * sync(2): super_sync() of all.  0 or the first error; the others are written
 * all the same.  Context: thread, no locks of fs/; may sleep.
 */
int fs_sync_all(bool wait);
/* What is dirty of it, pages and inode, to the disk; super_ops.sync is next. */
int inode_write_back(struct inode *inode, bool wait);

/* All of fs/: caches, file system types, devfs.  Needs kmalloc. */
void fs_init(void);
