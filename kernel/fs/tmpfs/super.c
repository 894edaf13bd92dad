// SPDX-License-Identifier: MIT
/*
 * tmpfs: a file system in memory.  Mount options as tmpfs(5) has them: size=
 * (bytes with k, m, g or a percentage of RAM), nr_inodes=, mode=, uid=, gid=.
 *
 * Inodes and dentries live in the VFS caches, pinned; see dir.c and file.c.
 */
#include <fs/tmpfs/tmpfs.h>

#include <stdio.h>
#include <string.h>

#include <linux/fcntl.h>
#include <linux/magic.h>
#include <linux/stat.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <fs/dentry.h>
#include <fs/file.h>
#include <mm/page.h>

#include "tmpfs_internal.h"

static int inode_make_private(struct inode *inode, const char *target)
{
	struct tmpfs_dir *dir;

	switch (inode->mode & S_IFMT) {
	case S_IFDIR:
		dir = kzalloc(sizeof(*dir));
		if (!dir)
			return -ENOMEM;
		RB_INIT(&dir->children);
		inode->private = dir;
		inode->nlink = 2;
		inode->ops = &tmpfs_dir_ops;
		inode->file_ops = &tmpfs_dir_file_ops;
		return 0;
	case S_IFLNK:
		inode->private = kstrdup(target);
		inode->ops = &tmpfs_symlink_ops;
		if (!inode->private)
			return -ENOMEM;
		inode_set_size(inode, (off_t)strlen(target));
		return 0;
	case S_IFREG:
		inode->ops = &tmpfs_file_inode_ops;
		inode->file_ops = &tmpfs_file_ops;
		return 0;
	default:
		inode->ops = &tmpfs_file_inode_ops;
		return 0;
	}
}

int tmpfs_inode_make(struct super *super, struct inode *dir, uint32_t mode,
		     uint64_t rdev, const char *target, struct inode **result)
{
	struct tmpfs *fs = tmpfs_of(super);
	struct inode *inode;

	if (fs->max_inodes &&
	    (uint64_t)atomic64_load(&fs->nr_inodes) >= fs->max_inodes)
		return -ENOSPC;
	inode = inode_new(super,
			  (uint64_t)atomic64_add_return(&fs->next_ino, 1));
	if (!inode)
		return -ENOMEM;
	atomic64_add(&fs->nr_inodes, 1);
	inode->mapping.ops = &tmpfs_mapping_ops;
	inode->mapping.no_writeback = true;
	inode_init_owner(inode, dir, mode);
	inode_init_special(inode, inode->mode, rdev);
	if (inode_make_private(inode, target)) {
		inode->nlink = 0;
		inode_failed(inode);
		atomic64_sub(&fs->nr_inodes, 1);
		return -ENOMEM;
	}
	inode_ready(inode);
	*result = inode;
	return 0;
}

static void tmpfs_evict_inode(struct inode *inode)
{
	if (S_ISDIR(inode->mode) || S_ISLNK(inode->mode))
		kfree(inode->private);
	atomic64_sub(&tmpfs_of(inode->super)->nr_inodes, 1);
}

static int tmpfs_statfs(struct super *super, struct fs_stat *stat)
{
	const struct tmpfs *fs = tmpfs_of(super);
	uint64_t used = (uint64_t)atomic64_load(&fs->nr_pages);
	uint64_t inodes = (uint64_t)atomic64_load(&fs->nr_inodes);

	stat->type = TMPFS_MAGIC;
	stat->blocks = fs->max_pages;
	stat->blocks_free = fs->max_pages - MIN(used, fs->max_pages);
	stat->blocks_avail = stat->blocks_free;
	stat->files = fs->max_inodes;
	stat->files_free = fs->max_inodes - MIN(inodes, fs->max_inodes);
	return 0;
}

static void tmpfs_put_super(struct super *super)
{
	kfree(super->private);
}

static void tmpfs_show_options(struct super *super, char *buf, size_t len)
{
	const struct tmpfs *fs = tmpfs_of(super);

	buf[0] = '\0';
	if (fs->max_pages)
		snprintf(buf, len, ",size=%luk,mode=%o",
			 (unsigned long)(fs->max_pages * (PAGE_SIZE / 1024)),
			 (unsigned)fs->root_mode & 07777);
}

/* Digits of that base, then k, m, g or (of whole) %; false: anything else. */
static bool parse_scaled(const char *p, unsigned base, uint64_t whole,
			 uint64_t *value)
{
	uint64_t n = 0;
	unsigned shift = 0;

	if (*p < '0' || *p >= (char)('0' + base))
		return false;
	for (; *p >= '0' && *p < (char)('0' + base); p++) {
		if (n > UINT64_MAX / 16)
			return false;
		n = n * base + (unsigned)(*p - '0');
	}
	switch (*p | 32) {
	case 'g':
		shift += 10;
		/* fall through */
	case 'm':
		shift += 10;
		/* fall through */
	case 'k':
		shift += 10;
		p++;
		break;
	default:
		break;
	}
	if (*p == '%' && whole && n <= 100) {
		n = whole / 100 * n;
		p++;
	}
	if ((*p && *p != ',') || n > UINT64_MAX >> shift)
		return false;
	*value = n << shift;
	return true;
}

/* "size=64m" and the like: the number behind name=, or fallback; false: bad. */
static bool option_number(const char *options, const char *name, unsigned base,
			  uint64_t scale_of_percent, uint64_t *value)
{
	size_t len = strlen(name);
	const char *p = options;

	while (p && *p) {
		const char *end = strchr(p, ',');

		if (!strncmp(p, name, len) && p[len] == '=')
			return parse_scaled(p + len + 1, base, scale_of_percent,
					    value);
		p = end ? end + 1 : NULL;
	}
	return true;
}

static int tmpfs_parse_options(struct tmpfs *fs, const char *options)
{
	struct mem_stats memory;
	uint64_t size, mode = 01777, uid = 0, gid = 0;

	mem_stats_get(&memory);
	size = memory.total / 2 * PAGE_SIZE;
	fs->max_inodes = memory.total / 2;
	if (!option_number(options, "size", 10, memory.total * PAGE_SIZE,
			   &size) ||
	    !option_number(options, "nr_inodes", 10, 0, &fs->max_inodes) ||
	    !option_number(options, "mode", 8, 0, &mode) ||
	    !option_number(options, "uid", 10, 0, &uid) ||
	    !option_number(options, "gid", 10, 0, &gid))
		return -EINVAL;
	fs->max_pages = DIV_ROUND_UP(size, PAGE_SIZE);
	fs->root_mode = (uint32_t)mode & 07777;
	fs->root_uid = (uint32_t)uid;
	fs->root_gid = (uint32_t)gid;
	return 0;
}

static const struct super_ops tmpfs_super_ops = {
	.evict_inode = tmpfs_evict_inode,
	.statfs = tmpfs_statfs,
	.put_super = tmpfs_put_super,
	.show_options = tmpfs_show_options,
};

int tmpfs_mount(struct super *super, const char *options)
{
	struct tmpfs *fs = kzalloc(sizeof(*fs));
	struct inode *root;
	int ret = -ENOMEM;

	if (!fs)
		return -ENOMEM;
	super->private = fs;
	super->ops = &tmpfs_super_ops;
	super->max_size = PAGECACHE_MAX_SIZE;
	ret = tmpfs_parse_options(fs, options);
	if (ret)
		goto err_free;
	ret = tmpfs_inode_make(super, NULL, S_IFDIR | fs->root_mode, 0, NULL,
			       &root);
	if (ret)
		goto err_free;
	root->uid = fs->root_uid;
	root->gid = fs->root_gid;
	ret = -ENOMEM;
	super->root = dentry_make_root(root);
	if (!super->root)
		goto err_free;
	return 0;

err_free:
	kfree(fs);
	return ret;
}

/* --- Files without a name ------------------------------------------------- */

static struct super *unnamed; /* [I] mounted nowhere */

static void unnamed_release(struct file *file)
{
	inode_put(file->inode);
}

static struct file_ops unnamed_ops; /* [I] those of a file, and release */

int tmpfs_create_unnamed(struct file **result)
{
	struct inode *inode;
	int ret;

	ret = tmpfs_inode_make(unnamed, NULL, S_IFREG | 0777, 0, NULL, &inode);
	if (ret)
		return ret;
	inode->nlink = 0;
	ret = file_create_anon(&unnamed_ops, NULL, O_RDWR, "memfd", result);
	if (ret) {
		inode_put(inode);
		return ret;
	}
	(*result)->inode = inode;
	return 0;
}

static void unnamed_init(struct fs_type *type)
{
	if (super_activate(type, NULL, 0, NULL, &unnamed))
		panic("tmpfs: no memory for files without a name");
	unnamed_ops = tmpfs_file_ops;
	unnamed_ops.release = unnamed_release;
}

static struct fs_type tmpfs_type = {
	.name = "tmpfs",
	.noauto = true,
	.mount = tmpfs_mount,
};

/* The same under the name that the root in memory has in /proc/mounts. */
static struct fs_type rootfs_type = {
	.name = "rootfs",
	.noauto = true,
	.mount = tmpfs_mount,
};

void tmpfs_init(void)
{
	fs_type_register(&tmpfs_type);
	fs_type_register(&rootfs_type);
	unnamed_init(&tmpfs_type);
}
