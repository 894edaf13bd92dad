// SPDX-License-Identifier: MIT
/*
 * The kernel around ext4, on the host: memory, a disk in memory, a page cache
 * and an inode cache, all of them as simple as can be, plus what the tests
 * want: failing allocations, a disk that fails, and calls by name.
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
	long fail_after; /* writes until one fails; < 0: none does */
};

int host_disk_open(struct host_disk *disk, const char *path);
int host_disk_save(struct host_disk *disk, const char *path);

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
int host_sync(struct super *super);
/* Let go of all clean pages, inodes and buffers. */
void host_drop_caches(struct super *super);

/* One name in a directory; inode is referenced and may be NULL. */
int host_lookup(struct inode *dir, const char *name, struct inode **inode);
int host_create(struct inode *dir, const char *name, uint32_t mode,
		struct inode **inode);
int host_mkdir(struct inode *dir, const char *name);
int host_symlink(struct inode *dir, const char *name, const char *target);
int host_link(struct inode *inode, struct inode *dir, const char *name);
int host_unlink(struct inode *dir, const char *name);
int host_rmdir(struct inode *dir, const char *name);
int host_rename(struct inode *old_dir, const char *old, struct inode *new_dir,
		const char *new, unsigned flags);
ssize_t host_read(struct inode *inode, void *buf, size_t len, off_t pos);
ssize_t host_write(struct inode *inode, const void *buf, size_t len, off_t pos);
int host_truncate(struct inode *inode, off_t size);
int host_fallocate(struct inode *inode, int mode, off_t pos, off_t len);
int host_readdir(struct inode *dir, struct dir_context *ctx);
