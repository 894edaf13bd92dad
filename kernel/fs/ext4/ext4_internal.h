// SPDX-License-Identifier: MIT
/*
 * ext4 inside: the mounted file system, its inodes, and what its files offer
 * one another.  The order to read them in: super_read.c, super.c, journal.c,
 * group.c, balloc.c, ialloc.c, inode*.c, map.c, extents*.c, indirect.c, file.c,
 * truncate.c, dir.c, dx.c, namei.c, orphan*.c.
 *
 * Locks, outermost first: inode->lock (the VFS's), page locks, a transaction,
 * inode map_lock, a group's lock.  A transaction is never begun with map_lock
 * or a group's lock held, and no page lock is taken inside one.
 */
#pragma once

#include <sys/queue.h>

#include <lib/atomic.h>
#include <lib/types.h>

#include <core/mutex.h>
#include <core/waitq.h>
#include <fs/buffer.h>
#include <fs/inode.h>

#include "layout.h"

/*
 * buf->checked_as.  Who changes a block sets it, also where there is nothing to
 * check: on a damaged disk it may be something else as well, which must be
 * checked again then.
 */
enum ext4_buffer_kind {
	EXT4_BUFFER_BITMAP = 1,
	EXT4_BUFFER_EXTENTS,
	EXT4_BUFFER_LEAF, /* directory entries */
	EXT4_BUFFER_DX,   /* a directory's index */
	EXT4_BUFFER_LIST, /* block numbers */
	EXT4_BUFFER_ATTRIBUTES,
	EXT4_BUFFER_ORPHANS,
	EXT4_BUFFER_DESCRIPTORS,
	EXT4_BUFFER_INODES
};

#define EXT4_GROUP_LOCKS 16
#define EXT4_GROUP_CHUNK 512 /* groups in one piece of memory */

/* [I] immutable, [g] the group's lock, [q] fs->queue_lock */
struct ext4_group {
	uint64_t block_bitmap, inode_bitmap, inode_table; /* [I] */
	uint32_t free_blocks, free_inodes;                /* [g], racy reads */
	uint32_t used_dirs;                               /* [g], racy reads */
	uint32_t itable_unused; /* [g] inodes at the table's end never used */
	uint32_t first_free;    /* [g] no free block in the bitmap before it */
	uint32_t first_inode;   /* [g] no free inode before it */
	uint16_t flags;         /* [g] EXT4_BG_* */
	uint16_t dirty;         /* [q] EXT4_GROUP_* */
	struct ext4_freed *freed; /* [g] since the last commit; NULL: nothing */
	/* [g] of its descriptor, from the first use of a bitmap on */
	struct buffer *desc_buf;
	STAILQ_ENTRY(ext4_group) dirty_link; /* [q] while dirty */
	uint32_t number;                     /* [I] */
};
#define EXT4_GROUP_COUNTS 1 /* the descriptor is behind */
#define EXT4_GROUP_BLOCKS 2 /* and the checksum of the block bitmap */
#define EXT4_GROUP_INODES 4 /* and that of the inode bitmap */

/* What a commit has to do with file data; order.c.  [a] atomic */
struct ext4_order {
	atomic_t commit; /* [a] number of the one that transactions fill */
	atomic_t freed;  /* [a] the one that is being written frees blocks */
	atomic_t ended;  /* [a] number of the last one that survived */
	/*
	 * [a] file data under way that the running commit (by its number's
	 * lowest bit) and the one that is being written have to wait for
	 */
	atomic_t data[2];
	struct waitq queue; /* for any of this to change */
};

TAILQ_HEAD(ext4_orphan_list, ext4_inode);

/*
 * A mounted file system.  [I] immutable, [a] atomic, [o] orphan_lock,
 * [q] queue_lock; commits, which run alone, do without the last two
 */
struct ext4_fs {
	struct super *super;        /* [I] */
	struct buffer_cache *cache; /* [I] */
	struct jbd2 *journal;       /* [I] or NULL; used while writable */
	struct buffer *super_buf;   /* [I] the pointer */
	bool from_backup; /* [I] the super block's own place was damaged */
	bool read_only;   /* [I] whatever mounts ask for */
	struct ext4_super_block *sb; /* [I] in super_buf; changed in commits */
	uint32_t block_size;         /* [I] bytes */
	unsigned block_bits;         /* [I] log2 of it */
	uint64_t nr_blocks;          /* [I] */
	uint64_t first_data_block;   /* [I] where group 0 starts */
	uint64_t reserved_blocks;    /* [I] for root */
	uint32_t blocks_per_group;   /* [I] */
	uint32_t inodes_per_group;   /* [I] */
	uint32_t nr_inodes;          /* [I] */
	uint32_t nr_groups;          /* [I] */
	uint32_t first_ino;          /* [I] that is not reserved */
	uint32_t inode_size;         /* [I] bytes */
	uint32_t desc_size;          /* [I] bytes */
	uint32_t csum_seed;          /* [I] */
	uint32_t hash_seed[4];       /* [I] of directory hashes */
	uint8_t hash_version;        /* [I] of new directories, signedness in */
	bool hash_unsigned;          /* [I] */
	bool has_csum, has_gdt_csum, has_extents, has_filetype, has_dx,
		has_huge_file, has_dir_nlink; /* [I] */
	struct ext4_group **groups;           /* [I] by EXT4_GROUP_CHUNK */
	struct mutex group_locks[EXT4_GROUP_LOCKS]; /* rank LOCK_FS_GROUP */
	spinlock_t queue_lock;                      /* rank LOCK_LEAF */
	STAILQ_HEAD(, ext4_group) dirty_groups;     /* [q] */
	SLIST_HEAD(, ext4_freed) freed_groups;      /* [q] */
	LIST_HEAD(, ext4_inode) changed; /* [q] what the next commit stores */
	atomic64_t free_blocks;          /* [a] that may be taken */
	atomic64_t freed_blocks; /* [a] that become free with the next commit */
	atomic64_t delayed_blocks; /* [a] promised to pages, not yet taken */
	atomic64_t free_inodes;    /* [a] */
	struct mutex xattr_lock;   /* counts of shared blocks; LOCK_FS_GROUP */
	struct mutex orphan_lock;  /* rank LOCK_SLEEP_LEAF */
	struct ext4_orphan_list orphans; /* [o] newest first */
	uint32_t first_orphan;           /* [o] where the disk's chain starts */
	/* [o] its rest, which is not in orphans; 0: none */
	uint32_t lost_orphans;
	atomic_t damaged;        /* [a] read-only for that */
	bool writable;           /* [mount lock] mounted rw now */
	bool was_valid;          /* [mount lock] clean when that began */
	atomic_t generation;     /* [a] for new inodes */
	struct ext4_order order; /* order.c */
};

/*
 * [I] immutable after inode_ready(), [l] inode->lock, [m] map_lock,
 * [o] fs->orphan_lock, [q] fs->queue_lock
 *
 * What is on disk of it changes in transactions, behind
 * ext4_inode_begin_modify(); the next commit stores it.
 */
struct ext4_inode {
	struct inode vfs;
	struct rwsem map_lock; /* where the blocks are; rank LOCK_FS_TREE */
	uint32_t block[EXT4_N_BLOCKS]; /* [m] i_block as it is on disk */
	uint32_t flags;                /* [l] EXT4_*_FL */
	uint32_t generation;           /* [I] */
	uint32_t csum_seed;            /* [I] of this inode and its blocks */
	uint32_t dtime; /* [l] deletion time; [o] of orphans, the next one */
	uint16_t extra_isize; /* [I] */
	uint64_t file_acl;    /* [l] block of extended attributes */
	uint64_t blocks;      /* [m] allocated, file system blocks */
	/*
	 * [m, in transactions] what is stored as i_size of a regular file: up to
	 * there its data is on its way at least, or zeros by intent
	 */
	uint64_t disk_size;
	atomic64_t delayed; /* [a] blocks promised to its pages */

	/* The last mapping that was looked up; len 0: none. */
	uint32_t last_lblk, last_len; /* [m, writers] */
	uint64_t last_pblk;           /* [m, writers] */
	uint64_t goal;                /* [m] near where to allocate */
	uint32_t dir_hint;            /* [l] block with room for a name */
	bool flush_at_close; /* [racy] was emptied, to be written anew */

	bool is_orphan;                      /* [o] */
	TAILQ_ENTRY(ext4_inode) orphan_link; /* [o] */

	bool is_changed; /* [q] the next commit stores it; transactions may look */
	bool is_new;     /* [q] made after the last commit */
	unsigned commit; /* [q] that has its last change, or an earlier one */
	/* [q] its place, while it is changed or an orphan */
	struct buffer *table;
	LIST_ENTRY(ext4_inode) changed_link; /* [q] */
};

static inline struct ext4_inode *ext4_inode(struct inode *inode)
{
	return container_of(inode, struct ext4_inode, vfs);
}

static inline struct ext4_fs *ext4_fs(const struct inode *inode)
{
	return inode->super->private;
}

/* --- super.c: errors --------------------------------------------------- */

/*
 * The disk holds what it must not: log it, and make the file system read-only.
 * Returns -EUCLEAN.  ino 0: of no file.  Context: thread, any locks.
 */
__printf(3, 4) int ext4_damaged(struct ext4_fs *fs, uint64_t ino,
				const char *fmt, ...);

/*
 * Start an operation that changes the disk: a transaction.  0 or -EROFS.
 * Context: thread, inode->lock as the operation needs it; may sleep.
 */
__must_check int ext4_begin(struct ext4_fs *fs, struct buffer_transaction *tx);
static inline void ext4_end(struct buffer_transaction *tx)
{
	buffer_transaction_end(tx);
}

/* --- super_read.c ------------------------------------------------------ */

/*
 * Read the super block, or a good copy of it (fs->from_backup), check it, and
 * set what of fs follows from it.  0, -EINVAL (not ext4, or features that are
 * not known), -EUCLEAN, -EIO, -ENOMEM.  At mount.
 */
int ext4_super_read(struct ext4_fs *fs, struct ext4_super_block *sb);

/* --- journal.c --------------------------------------------------------- */

/*
 * Find the journal and replay what is in it; fs->journal is then open, and
 * empty.  *replayed: blocks of the device have changed.  Where there is none,
 * or none that can be used, it is NULL; then the file system may be read-only
 * now.  0 or -ENOMEM.  At mount, when only super block and cache are there.
 */
int ext4_journal_open(struct ext4_fs *fs, bool *replayed);
/*
 * See that its inode has the same blocks, after ext4_groups_load(); if not, the
 * file system is read-only without a journal.  0 or -ENOMEM.
 */
int ext4_journal_verify(struct ext4_fs *fs);

/* --- checksum.c -------------------------------------------------------- */

/* crc32c, from the seed of the file system, of an inode, or a sum so far. */
uint32_t ext4_csum(uint32_t seed, const void *data, size_t len);
/* What s_checksum of that super block should be (metadata_csum). */
uint32_t ext4_super_csum(const struct ext4_super_block *sb);
/*
 * What bg_checksum of that group's descriptor should be: half of a crc32c with
 * metadata_csum, else the crc16 of gdt_csum.
 */
uint16_t ext4_desc_csum(const struct ext4_fs *fs, uint32_t group,
			const struct ext4_group_desc *desc);
/* raw has the file system's inode size; its checksum fields count as zero. */
uint32_t ext4_raw_inode_csum(const struct ext4_fs *fs, uint32_t inode_seed,
			     const struct ext4_raw_inode *raw);
/* The seed of an inode's blocks. */
uint32_t ext4_inode_seed(const struct ext4_fs *fs, uint32_t ino,
			 uint32_t generation);

/* --- group.c ----------------------------------------------------------- */

/* Read and check all descriptors: 0, -EIO, -ENOMEM, -EUCLEAN. */
int ext4_groups_load(struct ext4_fs *fs);
/* The memory of ext4_groups_load(); fine also when that failed or never ran. */
void ext4_groups_free(struct ext4_fs *fs);
static inline struct ext4_group *ext4_group(const struct ext4_fs *fs,
					    uint32_t number)
{
	return &fs->groups[number / EXT4_GROUP_CHUNK]
			  [number % EXT4_GROUP_CHUNK];
}
static inline struct mutex *ext4_group_lock(struct ext4_fs *fs,
					    const struct ext4_group *group)
{
	return &fs->group_locks[group->number % EXT4_GROUP_LOCKS];
}
/* Its first block, which bit 0 of its block bitmap stands for. */
uint64_t ext4_group_first_block(const struct ext4_fs *fs, uint32_t number);
/* The last one may be shorter. */
uint32_t ext4_group_nr_blocks(const struct ext4_fs *fs, uint32_t number);
/* The group that a block of the file system lies in; it must be a valid one. */
uint32_t ext4_block_group(const struct ext4_fs *fs, uint64_t block);
/* Is [block, block + count) in the file system, and free of fixed metadata? */
bool ext4_blocks_valid(const struct ext4_fs *fs, uint64_t block,
		       uint64_t count);
/*
 * Note that its descriptor is behind: EXT4_GROUP_* bits.  In a transaction; a
 * bitmap of the group has been read.
 */
void ext4_group_mark(struct ext4_fs *fs, struct ext4_group *group,
		     unsigned what);
/* That will happen when this commit is prepared.  As above. */
void ext4_group_will_change(struct ext4_group *group);
/* Bring descriptors and bitmap checksums up to date, within a commit. */
void ext4_groups_store(struct ext4_fs *fs);
/*
 * The bitmap, referenced and checked; made up if it was never written.  0,
 * -EIO, -ENOMEM, -EUCLEAN.  Context: thread; the group's lock is held; may
 * sleep.
 */
int ext4_read_block_bitmap(struct ext4_fs *fs, struct ext4_group *group,
			   struct buffer **result);
/* The same of inodes; bit 0 is the group's first. */
int ext4_read_inode_bitmap(struct ext4_fs *fs, struct ext4_group *group,
			   struct buffer **result);

/* --- bitmap.c ---------------------------------------------------------- */

/*
 * Maps are aligned to 8 bytes and hold a multiple of 64 bits, the least
 * significant first; numbers are of bits.  Locking is the caller's.
 *
 * The first 0 in [start, end); end if there is none.
 */
uint32_t bitmap_next_zero(const void *map, uint32_t start, uint32_t end);
/* The first 1 in [start, end); end if there is none. */
uint32_t bitmap_next_set(const void *map, uint32_t start, uint32_t end);
/* Make count bits from start on 1. */
void bitmap_set(void *map, uint32_t start, uint32_t count);
/* Make count bits from start on 0. */
void bitmap_clear(void *map, uint32_t start, uint32_t count);
/* Make those bits of [start, end) 0 that are 1 in set. */
void bitmap_clear_set(void *map, const void *set, uint32_t start, uint32_t end);
/* Is that bit 1? */
bool bitmap_test(const void *map, uint32_t bit);

/* --- balloc.c ---------------------------------------------------------- */

/* What blocks are for; it decides how far the last of them may be used up. */
enum ext4_alloc_kind {
	EXT4_ALLOC_NEW,     /* leave alone what is promised */
	EXT4_ALLOC_DELAYED, /* promised by ext4_reserve_blocks() */
	EXT4_ALLOC_NODE     /* for the tree that leads to promised ones */
};

/*
 * Take up to *count adjacent free blocks, near goal if possible.  0 and the
 * first block and how many they are, -ENOSPC, -EIO, -EUCLEAN.  A promise is
 * settled by the caller.  Context: in a transaction.
 */
int ext4_alloc_blocks(struct ext4_fs *fs, uint64_t goal,
		      enum ext4_alloc_kind kind, uint32_t *count,
		      uint64_t *first);
/*
 * Undo such an allocation in the same transaction: nothing refers to the blocks.
 */
void ext4_alloc_cancel(struct ext4_fs *fs, uint64_t first, uint32_t count);
/* Promise blocks to dirty pages: 0 or -ENOSPC. */
int ext4_reserve_blocks(struct ext4_fs *fs, uint32_t count);
/* Such a promise is kept, or not needed any more. */
void ext4_unreserve_blocks(struct ext4_fs *fs, uint32_t count);

/* --- bfree.c ----------------------------------------------------------- */

/*
 * Make sure that ext4_free_blocks() of those in this transaction will not fail;
 * to be called before anything changes.  0, -ENOMEM, -EIO, -EUCLEAN (they cannot
 * be anybody's).  Takes the group's lock.
 */
int ext4_free_prepare(struct ext4_fs *fs, uint64_t first, uint64_t count);
/*
 * Give back; they can be taken again after the commit of this transaction.
 * Wrong ones are damage, reported, and so is what goes wrong because
 * ext4_free_prepare() was not called.  In a transaction; takes the group's lock.
 */
void ext4_free_blocks(struct ext4_fs *fs, uint64_t first, uint64_t count,
		      bool metadata);
/* What was freed becomes free, within a commit.  Was there anything? */
bool ext4_frees_apply(struct ext4_fs *fs);
/* Forget it all; the file system goes. */
void ext4_frees_drop(struct ext4_fs *fs);

/* --- order.c ----------------------------------------------------------- */

void ext4_order_init(struct ext4_order *order);
/*
 * A transaction makes blocks part of a file whose contents are not written yet:
 * its commit must wait for them.  Counts one piece of such data and returns the
 * commit's number, which belongs to it.  In that transaction.
 *
 * Until the data is given to the device, who has counted it takes no lock and
 * begins no transaction: the commit, and all that wait for it, wait for him.
 */
unsigned ext4_data_begin(struct ext4_fs *fs);
/* The number of the commit that transactions fill now. */
unsigned ext4_commit_running(const struct ext4_fs *fs);
/* One piece more, by who has one. */
void ext4_data_get(struct ext4_fs *fs, unsigned commit);
/* One less: it is written, or never will be.  Any context. */
void ext4_data_put(struct ext4_fs *fs, unsigned commit);
/*
 * May data of that commit be given to the device?  Its blocks may be those that
 * the commit before it frees: then waits until that has survived.  0, -EROFS (it
 * has not).  May sleep; locks that commits do not need may be held.
 */
int ext4_data_may_start(struct ext4_fs *fs, unsigned commit);

/* Apply frees, begin the next commit; the last thing but groups to prepare. */
void ext4_commit_seal(struct ext4_fs *fs);
/* Wait for the data of the commit that was sealed. */
void ext4_data_wait(struct ext4_fs *fs);
/* It survived (0), or the file system is damaged. */
void ext4_commit_ended(struct ext4_fs *fs, int ret);

/*
 * fsync(2) of regular files.  With data_only a commit is made only for what
 * leads to the data: not for times.
 */
int ext4_fsync(struct file *file, off_t start, off_t end, bool data_only);

/*
 * Is it worth to try again what failed like that?  Yes, if it was for lack of
 * room and a commit has made free what was freed.  *tries is 0 at first.  In no
 * transaction and without page locks; may sleep for a commit.
 */
bool ext4_should_retry(struct ext4_fs *fs, int ret, unsigned *tries);

/* --- ialloc.c ---------------------------------------------------------- */

/*
 * A free inode number near dir for a child of that mode.  0, -ENOSPC, -EIO,
 * -EUCLEAN.  In a transaction.
 */
int ext4_alloc_inode(struct inode *dir, uint32_t mode, uint32_t *ino);
/*
 * Give the number back.  0, -EUCLEAN (it is free already), -EIO, -ENOMEM.  In a
 * transaction; takes the group's lock.
 */
int ext4_free_inode(struct ext4_fs *fs, uint32_t ino, bool is_dir);
/* Is it marked as used?  0, -ESTALE (no), -EIO, -EUCLEAN. */
int ext4_inode_in_use(struct ext4_fs *fs, uint32_t ino);

/* --- inode.c, inode_store.c, inode_life.c ------------------------------- */

/*
 * The inode with that number, with a reference.  orphan: a link count of zero
 * is fine.  0, -EIO, -ENOMEM, -ESTALE (unused), -EUCLEAN.
 */
int ext4_iget(struct ext4_fs *fs, uint64_t ino, bool orphan,
	      struct inode **result);
/* A new inode in dir, INODE_NEW.  In a transaction, which dir is part of. */
int ext4_inode_create(struct inode *dir, uint32_t mode, uint64_t rdev,
		      struct inode **result);
/*
 * The inode becomes part of this transaction, before anything of it changes that
 * is on disk: the next commit stores it, once, with all that has changed, and
 * until then the cache keeps it.  0, -EIO, -ENOMEM.  In a transaction.
 */
int ext4_inode_begin_modify(struct ext4_inode *inode);
/* The same of one whose place is known: changed or an orphan.  Cannot fail. */
void ext4_inode_mark_changed(struct ext4_inode *inode);
/* Is it part of the running transactions?  For assertions. */
static inline bool ext4_inode_is_changed(const struct ext4_inode *inode)
{
	return inode->is_changed;
}
/* Put it into its place in the table at once; it is part of the transaction. */
void ext4_inode_store(struct ext4_inode *inode);
/* Store all inodes that have changed, within a commit. */
void ext4_inodes_store(struct ext4_fs *fs);
/* Its memory goes: store it and let go of its place.  In a transaction. */
void ext4_inode_let_go(struct ext4_inode *inode);
/*
 * ext4_begin(), and the inode is part of it.  0, -EROFS, -EIO, -ENOMEM: there is
 * no transaction then.
 */
__must_check int ext4_begin_modify(struct inode *inode,
				   struct buffer_transaction *tx);
/* super_ops: times and the like may change outside of transactions. */
int ext4_write_inode(struct inode *inode, bool wait);
/*
 * super_ops: unkept promises end; without links the blocks and the number are
 * freed, in transactions of its own.  Where that fails the inode stays on the
 * disk's orphan list, for the next mount.
 */
void ext4_evict_inode(struct inode *inode);
/* Give up an inode of this transaction that got no name. */
void ext4_inode_discard(struct inode *inode);

/*
 * Bytes up to end are being written, to blocks of this transaction or from
 * before: the file's size on the disk includes them from now on.  After
 * ext4_inode_begin_modify(); takes map_lock.
 */
void ext4_raise_disk_size(struct ext4_inode *inode, uint64_t end);
/*
 * Give a regular file another size, in memory and on the disk; what this means
 * for its pages and blocks is the caller's affair.  After
 * ext4_inode_begin_modify(); inode->lock is held; takes map_lock.
 */
void ext4_inode_resize(struct ext4_inode *inode, off_t size);

/* --- map.c: logical to physical blocks ---------------------------------- */

#define EXT4_MAP_CREATE    1 /* allocate what is not there */
#define EXT4_MAP_DELAYED   2 /* those blocks were reserved */
#define EXT4_MAP_UNWRITTEN 4 /* allocate without promising contents */
#define EXT4_MAP_META      8 /* directory blocks and the like */

/* A run of a file's blocks that are alike. */
struct ext4_map {
	uint32_t lblk;  /* in */
	uint32_t len;   /* in: at most; out: 1 or more */
	uint64_t pblk;  /* out: 0: a hole */
	bool unwritten; /* out: allocated, but reads as zeros */
	uint32_t fresh; /* out: how many of them were just allocated */
};
/* 0, -EIO, -EUCLEAN, -ENOMEM; with CREATE -ENOSPC, -EFBIG.  CREATE needs a
 * transaction.  Takes map_lock. */
int ext4_map_blocks(struct ext4_inode *inode, struct ext4_map *map,
		    unsigned flags);
/*
 * Free [from, to) of the file's blocks, from the end on (extents), as far as one
 * transaction may go: 1: there is more to do, in another one.  0, -EIO, -ENOMEM,
 * -ENOSPC, -EUCLEAN.  In a transaction; takes map_lock.
 */
int ext4_unmap_blocks(struct ext4_inode *inode, uint32_t from, uint32_t to);
static inline bool ext4_has_extents(const struct ext4_inode *inode)
{
	return inode->flags & EXT4_EXTENTS_FL;
}
/* Account for blocks of the file; map_lock held. */
void ext4_inode_add_blocks(struct ext4_inode *inode, int64_t count);
/* Where a block with that logical number should go. */
uint64_t ext4_goal(struct ext4_inode *inode);

/*
 * Runs of blocks that one transaction frees.  Each may lie in two groups, and
 * take a node or table with it that lies in a third: all in all some 60 blocks.
 */
#define EXT4_UNMAP_RUNS     8
/*
 * Blocks in a run if they are a directory's: each may have to be named in the
 * journal, so that a replay leaves its next use alone.
 */
#define EXT4_UNMAP_METADATA 128

/*
 * extents*.c, what map.c does for files with extents.  map_lock is held, by
 * those that change the tree for writing, which is in a transaction.
 *
 * An empty tree, for a new inode.
 */
void ext4_extents_init(struct ext4_inode *inode);
/*
 * Look map->lblk up: pblk, unwritten and len of the run that starts there, or
 * of the hole (pblk 0).  0, -EIO, -ENOMEM, -EUCLEAN.
 */
int ext4_extents_map(struct ext4_inode *inode, struct ext4_map *map);
/*
 * Allocate the start of the hole that map describes, or (pblk not 0) make a run
 * written that was not.  flags: EXT4_MAP_*.  0 and the run, maybe shorter than
 * asked for; -ENOSPC, -EIO, -ENOMEM, -EUCLEAN.
 */
int ext4_extents_create(struct ext4_inode *inode, struct ext4_map *map,
			unsigned flags);
/*
 * Free EXT4_UNMAP_RUNS runs of [from, to), from the end on.  0, 1 (there may be
 * more), -ENOSPC (an extent had to be split), -EIO, -ENOMEM, -EUCLEAN: what lies
 * behind is freed then.
 */
int ext4_extents_remove(struct ext4_inode *inode, uint32_t from, uint32_t to);

/*
 * indirect.c, the same for files without extents.
 *
 * As ext4_extents_map(); nothing is ever unwritten.
 */
int ext4_indirect_map(struct ext4_inode *inode, struct ext4_map *map);
/*
 * As ext4_extents_create(), one block at a time.  Also -EOPNOTSUPP (unwritten
 * blocks cannot be told) and -EFBIG (behind ext4_indirect_limit()).
 */
int ext4_indirect_create(struct ext4_inode *inode, struct ext4_map *map,
			 unsigned flags);
/*
 * Free EXT4_UNMAP_RUNS runs of [from, to) and of tables that become empty.  0, 1
 * (there is more), -EIO, -ENOMEM, -EUCLEAN.
 */
int ext4_indirect_remove(struct ext4_inode *inode, uint32_t from, uint32_t to);
/* How many blocks such a file can have. */
uint64_t ext4_indirect_limit(const struct ext4_fs *fs);

/* --- file.c, truncate.c ------------------------------------------------- */

extern const struct mapping_ops ext4_mapping_ops;
extern const struct file_ops ext4_file_ops;
extern const struct inode_ops ext4_file_inode_ops;
extern const struct inode_ops ext4_special_inode_ops;
/*
 * inode_ops.setattr.  A shorter file gives its blocks back, with the inode on
 * the orphan list meanwhile, so that a mount after a crash ends the work.
 * 0, -EROFS, -EFBIG, -EIO, -ENOMEM, -ENOSPC, -EUCLEAN.  inode->lock held.
 */
int ext4_setattr(struct inode *inode, const struct inode_attr *attr);
/*
 * file_ops.fallocate: blocks for [offset, offset + len) bytes that read as
 * zeros.  mode 0 or FALLOC_FL_KEEP_SIZE, and files with extents: else
 * -EOPNOTSUPP.  -EINVAL, -EFBIG, -ENOSPC (some blocks may stay allocated), -EIO
 * ...  Takes inode->lock; may sleep.
 */
int ext4_fallocate(struct file *file, int mode, off_t offset, off_t len);
/*
 * Free the blocks beyond i_size of an inode on the orphan list, in transactions
 * of its own, the last of which takes it off the list.  0, -EROFS, -EIO, -ENOMEM,
 * -EUCLEAN: it stays there.
 */
int ext4_truncate_blocks(struct ext4_inode *inode);

/* --- dir.c: directory blocks --------------------------------------------- */

extern const struct file_ops ext4_dir_ops;

/* Where an entry is; buf is referenced.  prev: the one before it, or NULL. */
struct ext4_dir_pos {
	struct buffer *buf;
	struct ext4_dir_entry *entry, *prev;
	uint32_t lblk;
	uint32_t nr_blocks; /* that the directory had then */
};

/* The directory's block, checked.  0, -EIO, -EUCLEAN, -ENOMEM. */
int ext4_dir_read(struct inode *dir, uint32_t lblk, struct buffer **result);
/* Append an empty leaf; in a transaction; block ready for changes. */
int ext4_dir_append(struct inode *dir, struct buffer **result, uint32_t *lblk);
/* 0, -ENOENT, or an error.  On 0 pos->buf needs buffer_put(). */
int ext4_dir_find(struct inode *dir, const char *name, size_t len,
		  struct ext4_dir_pos *pos);
/*
 * The same in one leaf that is checked: 0 or -ENOENT.  buf stays the caller's
 * reference; pos->lblk and nr_blocks are not set.
 */
int ext4_dir_find_in_block(struct inode *dir, struct buffer *buf,
			   const char *name, size_t len,
			   struct ext4_dir_pos *pos);
/* Add a name that is not there; in a transaction; touches dir. */
int ext4_dir_add(struct inode *dir, const char *name, size_t len,
		 const struct inode *inode);
/* Try to put it into one leaf: 0 or -ENOSPC. */
int ext4_dir_add_to_block(struct inode *dir, struct buffer *buf,
			  const char *name, size_t len,
			  const struct inode *inode);
/* Remove what ext4_dir_find() found; in a transaction. */
void ext4_dir_remove(struct inode *dir, const struct ext4_dir_pos *pos);
/*
 * Is it still where it was, after names were added?  Splits move entries, and
 * make the directory longer; else a new one may have come in between.
 */
bool ext4_dir_pos_is_good(const struct inode *dir,
			  const struct ext4_dir_pos *pos);
/* Make the entry name another inode; in a transaction. */
void ext4_dir_retarget(struct inode *dir, const struct ext4_dir_pos *pos,
		       const struct inode *inode);
/* First block of a new directory.  In a transaction. */
int ext4_dir_init(struct inode *dir, const struct inode *parent);
/* 0: only "." and ".."; -ENOTEMPTY; or an error. */
int ext4_dir_is_empty(struct inode *dir);
/* Bytes that an entry with a name of that length needs at least. */
uint32_t ext4_rec_len(size_t name_len);
/* rec_len of an entry on disk in bytes. */
uint32_t ext4_rec_len_get(const struct ext4_fs *fs, le16 rec_len);
/* And the other way; len is at most a block. */
le16 ext4_rec_len_put(const struct ext4_fs *fs, uint32_t len);
/* Bytes of a leaf that hold entries. */
uint32_t ext4_dir_leaf_size(const struct ext4_fs *fs);
/* An empty leaf: one unused entry, and the tail. */
void ext4_dir_leaf_init(struct inode *dir, struct buffer *buf);
/* buffer_seal of leaves: the checksum in the tail.  Only with metadata_csum. */
void ext4_dir_seal_leaf(struct buffer *buf);
/* See that the block is a well-formed leaf: 0 or damage. */
int ext4_dir_check_leaf(struct inode *dir, struct buffer *buf, uint32_t lblk);

/* --- dx.c, hash.c: hash trees of directories ------------------------------ */

static inline bool ext4_dir_is_indexed(const struct ext4_fs *fs,
				       const struct ext4_inode *dir)
{
	return fs->has_dx && (dir->flags & EXT4_INDEX_FL);
}
/* -EAGAIN: the index is of no use, search all leaves. */
int ext4_dx_find(struct inode *dir, const char *name, size_t len,
		 struct ext4_dir_pos *pos);
/*
 * Add a name that is not there; splits blocks as needed.  0, -ENOSPC (also: the
 * tree cannot grow any more), -EIO, -ENOMEM, -EUCLEAN.  In a transaction;
 * dir->lock held for writing.
 */
int ext4_dx_add(struct inode *dir, const char *name, size_t len,
		const struct inode *inode);
/* The only block is full: make it the root of a tree.  In a transaction. */
int ext4_dx_create(struct inode *dir, struct buffer *root, const char *name,
		   size_t len, const struct inode *inode);
/* Of a block 0 or an index node.  0 or damage. */
int ext4_dx_check_block(struct inode *dir, struct buffer *buf, uint32_t lblk);
/* Is the block of an indexed directory part of the index, so not a leaf? */
bool ext4_dx_is_node(struct inode *dir, const struct buffer *buf,
		     uint32_t lblk);
/* The hash by which names are ordered; low bit 0.  False: unknown version. */
bool ext4_dir_hash(const struct ext4_fs *fs, unsigned version, const char *name,
		   size_t len, uint32_t *hash);

/* --- namei.c ---------------------------------------------------------------- */

extern const struct inode_ops ext4_dir_inode_ops;
extern const struct inode_ops ext4_symlink_inode_ops;
/* Its target is in the inode itself? */
bool ext4_is_fast_symlink(const struct ext4_inode *inode);

/* --- orphan.c ---------------------------------------------------------------- */

/*
 * Inodes that lose their last name while open, or are being truncated, are on
 * a list on disk, so that a crash does not lose their blocks.
 *
 * Put it there, if it is not.  It is part of the transaction.
 */
void ext4_orphan_add(struct ext4_inode *inode);
/* Off the list, if it is there.  In a transaction. */
void ext4_orphan_remove(struct ext4_inode *inode);
/* Its memory goes, but not the inode: leave it to the next mount.  As above. */
void ext4_orphan_lose(struct ext4_inode *inode);
/* Where the list starts; at mount. */
void ext4_orphans_load(struct ext4_fs *fs);
/* Store where it starts, if that has changed, within a commit. */
void ext4_orphans_store(struct ext4_fs *fs);
/* Finish what a crash left over; at mount, writable. */
void ext4_orphans_recover(struct ext4_fs *fs);
/*
 * Finish one that is on the list, and let go of it: its blocks beyond the end
 * go, or all of it.  0, -EROFS, -EIO, -ENOMEM, -EUCLEAN: it is still there.
 */
int ext4_orphan_finish(struct inode *inode);

/* --- orphan_file.c ------------------------------------------------------------ */

/*
 * Finish what is in the orphan file, if the super block says that something is;
 * *done counts.  0, -EROFS, -EIO, -ENOMEM, -EUCLEAN: some may be left.  At mount,
 * writable.
 */
int ext4_orphan_file_recover(struct ext4_fs *fs, uint32_t *done);

/* --- xattr.c ------------------------------------------------------------------ */

/*
 * The inode goes: drop its reference on the block of attributes.  0, -EIO,
 * -ENOMEM, -EUCLEAN: it still has it.  The inode is part of the transaction.
 */
int ext4_xattr_release(struct ext4_inode *inode);
