// SPDX-License-Identifier: MIT
/*
 * The kernel around ext4, on the host: memory, threads, a disk in memory, a
 * page cache and an inode cache, all of them as simple as can be, plus what the
 * tests want: failing allocations, a disk that fails or loses its power, and
 * calls by name.
 */
#pragma once

#include <dev/block.h>
#include <fs/dentry.h>
#include <fs/file.h>
#include <fs/inode.h>

/* A disk with the contents of a file. */
struct host_disk {
	struct block_device bdev;
	uint8_t *data;
	size_t size;
	long fail_after;          /* writes until all fail; < 0: none does */
	struct host_cache *cache; /* NULL: all is done at once, for good */
};

int host_disk_open(struct host_disk *disk, const char *path);
int host_disk_save(struct host_disk *disk, const char *path);

/*
 * Give the disk a write cache, and transfers that take their time; and take it
 * away again, when all is written.
 */
void host_disk_add_cache(struct host_disk *disk);
void host_disk_remove_cache(struct host_disk *disk);
/*
 * Called before a disk with a cache begins or ends a transfer; NULL: not.
 * Nobody may sleep there.
 */
extern void (*host_disk_event)(struct host_disk *disk);

/* How the power goes. */
struct host_cut {
	unsigned percent; /* of what was not flushed survives */
	bool torn;        /* in parts, of sectors, or write by write */
	/* One sector is half nonsense (0xdb), but none of those bytes. */
	bool garbage;
	size_t spared_from, spared_end;
};

/* The disk, without a cache, as it would be after a loss of power. */
void host_disk_cut(const struct host_disk *disk, const struct host_cut *cut,
		   struct host_disk *after);

/*
 * Threads, which take turns where the kernel may sleep, by lots from the seed.
 * The program itself is the first.
 */
void host_seed(uint64_t seed);
void host_fiber_start(void (*run)(void *arg), void *arg);
/* Let the others run to their ends. */
void host_fibers_finish(void);
/* In a child of fork(): who called it is the only one, and in no transaction. */
void host_fibers_abandon(void);

/* Allocations until one fails; < 0: none does. */
extern long host_fail_alloc;
/* Print what the kernel would log. */
extern bool host_verbose;
/* Mounts only try types. */
extern bool host_probing;

/* Mount with the type registered as name; unmount writes everything back. */
int host_mount(struct host_disk *disk, const char *type, bool read_only,
	       struct super **super);
int host_unmount(struct super *super);
/* As fsync(2), or (data_only) fdatasync(2). */
int host_fsync(struct inode *inode, bool data_only);
/* Let go of all clean pages, inodes and buffers. */
void host_drop_caches(struct super *super);

/* One name in a directory; inode is referenced and may be NULL. */
int host_lookup(struct inode *dir, const char *name, struct inode **inode);
/* mode: a file, a directory, a device or a FIFO. */
int host_create(struct inode *dir, const char *name, uint32_t mode,
		struct inode **inode);
int host_mkdir(struct inode *dir, const char *name);
int host_symlink(struct inode *dir, const char *name, const char *target);
int host_link(struct inode *inode, struct inode *dir, const char *name);
int host_unlink(struct inode *dir, const char *name);
int host_rmdir(struct inode *dir, const char *name);
int host_rename(struct inode *old_dir, const char *old, struct inode *new_dir,
		const char *new, unsigned flags);
/*
 * The same, where what lost its name, or NULL, is the caller's to put; is_dir:
 * as rmdir(2).
 */
int host_remove(struct inode *dir, const char *name, bool is_dir,
		struct inode **removed);
int host_move(struct inode *old_dir, const char *old, struct inode *new_dir,
	      const char *new, unsigned flags, struct inode **replaced);
ssize_t host_read(struct inode *inode, void *buf, size_t len, off_t pos);
ssize_t host_write(struct inode *inode, const void *buf, size_t len, off_t pos);
int host_truncate(struct inode *inode, off_t size);
int host_fallocate(struct inode *inode, int mode, off_t pos, off_t len);
int host_readdir(struct inode *dir, struct dir_context *ctx);
