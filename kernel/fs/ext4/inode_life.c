// SPDX-License-Identifier: MIT
/*
 * Inodes: making new ones, and freeing those that nobody needs any more.
 */
#include <linux/stat.h>

#include <lib/errno.h>

#include "raw_inode.h"

/* --- creating --- */

static uint16_t ext4_new_extra_isize(const struct ext4_fs *fs)
{
	uint32_t room = fs->inode_size - EXT4_GOOD_OLD_INODE_SIZE;
	uint32_t want = le16_to_cpu(fs->sb->s_want_extra_isize);
	uint32_t ours =
		sizeof(struct ext4_raw_inode) - EXT4_GOOD_OLD_INODE_SIZE;

	if (!room)
		return 0;
	if (want < ours || want % 4 || want > room)
		want = ours;
	return (uint16_t)want;
}

static void ext4_encode_rdev(struct ext4_inode *inode, uint64_t rdev)
{
	uint32_t major = rdev >> 8 & 0xfff;
	uint32_t minor = (uint32_t)((rdev & 0xff) | (rdev >> 12 & 0xfff00));

	if (major < 256 && minor < 256)
		inode->block[0] = major << 8 | minor;
	else
		inode->block[1] =
			(minor & 0xff) | major << 8 | (minor & ~0xffu) << 12;
}

static void ext4_inode_init_new(struct inode *dir, struct ext4_inode *inode,
				uint32_t mode, uint64_t rdev)
{
	struct ext4_fs *fs = ext4_fs(dir);
	uint32_t inherit = ext4_inode(dir)->flags & EXT4_INHERITED_FL;
	struct inode *vfs = &inode->vfs;

	inode_init_owner(vfs, dir, mode);
	vfs->nlink = 1;
	vfs->atime = vfs->mtime = vfs->ctime = vfs->btime = fs_time_now();
	inode->generation = (uint32_t)atomic_add_return(&fs->generation, 1);
	inode->csum_seed =
		ext4_inode_seed(fs, (uint32_t)vfs->ino, inode->generation);
	inode->extra_isize = ext4_new_extra_isize(fs);
	/* Sync, immutable and append are for their own file only. */
	inode->flags =
		inherit & ~(uint32_t)(EXT4_INDEX_FL | EXT4_SYNC_FL |
				      EXT4_IMMUTABLE_FL | EXT4_APPEND_FL);
	if (S_ISREG(mode) || S_ISDIR(mode) || S_ISLNK(mode)) {
		if (fs->has_extents) {
			inode->flags |= EXT4_EXTENTS_FL;
			ext4_extents_init(inode);
		}
	} else {
		ext4_encode_rdev(inode, rdev);
	}
}

int ext4_inode_create(struct inode *dir, uint32_t mode, uint64_t rdev,
		      struct inode **result)
{
	struct ext4_fs *fs = ext4_fs(dir);
	struct inode *vfs;
	uint32_t ino;
	int ret;

	ret = ext4_alloc_inode(dir, mode, &ino);
	if (ret)
		return ret;
	ret = -ENOMEM;
	vfs = inode_new(fs->super, ino);
	if (!vfs)
		goto err_free_number;
	ext4_inode_init_new(dir, ext4_inode(vfs), mode, rdev);
	ret = ext4_inode_set_ops(fs, vfs);
	if (!ret)
		ret = ext4_inode_begin_new(ext4_inode(vfs));
	if (ret)
		goto err_drop;
	*result = vfs;
	return 0;

err_drop:
	inode_failed(vfs);
err_free_number:
	/* Its bitmap is at hand and dirty, so this does not fail. */
	(void)ext4_free_inode(fs, ino, S_ISDIR(mode));
	return ret;
}

void ext4_inode_discard(struct inode *inode)
{
	/* Eviction frees the blocks, if any, and the number. */
	inode->nlink = 0;
	ext4_orphan_add(ext4_inode(inode));
	inode_ready(inode);
	inode_put(inode);
}

/* --- freeing --- */

/*
 * e2fsck takes a small number for a link of the orphan list, so machines
 * without a clock tell another time.
 */
static uint32_t ext4_deletion_time(const struct ext4_fs *fs)
{
	uint32_t now = (uint32_t)fs_time_now().sec;

	return MAX(now, fs->nr_inodes + 1);
}

/* Its blocks are gone: the number goes, too, and with it all that is left. */
static int ext4_inode_release(struct inode *inode)
{
	struct ext4_fs *fs = ext4_fs(inode);
	struct ext4_inode *ei = ext4_inode(inode);
	int ret = ext4_xattr_release(ei);

	if (ret)
		return ret;
	ext4_orphan_remove(ei);
	ei->dtime = ext4_deletion_time(fs);
	/* A freed inode keeps its mode, as undelete tools expect. */
	ret = ext4_inode_retire(ei);
	if (ret)
		ext4_orphan_add(ei);
	return ret;
}

static bool ext4_inode_has_blocks(const struct ext4_inode *inode)
{
	uint32_t mode = inode->vfs.mode;

	return S_ISREG(mode) || S_ISDIR(mode) ||
	       (S_ISLNK(mode) && !ext4_is_fast_symlink(inode));
}

/* What one transaction may free of it: 0 (all), 1 (there is more), or -errno. */
static int ext4_inode_free_some(struct inode *inode)
{
	struct ext4_inode *ei = ext4_inode(inode);
	int ret = ext4_inode_begin_modify(ei);

	if (ret)
		return ret;
	ext4_inode_resize(ei, 0);
	if (ei->blocks && ext4_inode_has_blocks(ei))
		ret = ext4_unmap_blocks(ei, 0, UINT32_MAX);
	return ret ? ret : ext4_inode_release(inode);
}

static void ext4_inode_free(struct inode *inode)
{
	struct buffer_transaction tx;
	int ret;

	do {
		if (ext4_begin(ext4_fs(inode), &tx))
			return;
		ret = ext4_inode_free_some(inode);
		ext4_end(&tx);
	} while (ret > 0);
}

void ext4_evict_inode(struct inode *inode)
{
	struct ext4_fs *fs = ext4_fs(inode);
	struct ext4_inode *ei = ext4_inode(inode);
	int64_t delayed = atomic64_xchg(&ei->delayed, 0);
	struct buffer_transaction tx;

	/* Promises of pages that went without being written. */
	if (delayed > 0)
		ext4_unreserve_blocks(fs, (uint32_t)delayed);
	if (ei->is_orphan && !inode->nlink)
		ext4_inode_free(inode);
	else if (ei->is_orphan)
		(void)ext4_truncate_blocks(ei); /* which has failed once */
	if (!ei->table)
		return;
	/* Also on a damaged file system: a commit may look at its lists. */
	buffer_transaction_begin(fs->cache, &tx);
	ext4_inode_let_go(ei);
	buffer_transaction_end(&tx);
}
