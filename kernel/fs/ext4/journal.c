// SPDX-License-Identifier: MIT
/*
 * The journal of a file system (fs/jbd2/jbd2.h): where it lies, and replaying
 * it at mount ("Journal (jbd2)").
 *
 * It is a file without a name, mostly inode 8.  The super block has a copy of
 * where its blocks are, which is what we go by: the inode and the way to it are
 * metadata that the journal may have to repair.  Old file systems do not have
 * the copy.  After the replay both must say the same, before anything new is
 * written there.
 *
 * Replaying comes before anything else is read, also when the mount is
 * read-only, as long as the device is not.  What cannot be replayed makes the
 * mount read-only: e2fsck has to decide.
 */
#include <string.h>

#include <linux/stat.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/printk.h>
#include <dev/block.h>
#include <fs/jbd2/jbd2.h>

#include "raw_inode.h"

/* i_block of a file with extents: a header with room for four of them. */
static bool ext4_is_extent_root(const uint32_t block[EXT4_N_BLOCKS])
{
	return (block[0] & 0xffff) == EXT4_EXTENT_MAGIC &&
	       (block[1] & 0xffff) == EXT4_ROOT_EXTENTS;
}

/* From the super block's copy, which knows less than an inode. */
static void ext4_journal_from_super(struct ext4_fs *fs,
				    struct ext4_inode *inode)
{
	const le32 *copy = fs->sb->s_jnl_blocks;
	uint64_t size = (uint64_t)le32_to_cpu(copy[EXT4_N_BLOCKS]) << 32 |
			le32_to_cpu(copy[EXT4_N_BLOCKS + 1]);

	for (int i = 0; i < EXT4_N_BLOCKS; i++)
		inode->block[i] = le32_to_cpu(copy[i]);
	if (fs->has_extents && ext4_is_extent_root(inode->block))
		inode->flags = EXT4_EXTENTS_FL;
	inode->csum_seed = ext4_inode_seed(fs, (uint32_t)inode->vfs.ino, 0);
	inode_set_size(&inode->vfs, (off_t)size);
}

/* From its inode. */
static int ext4_journal_from_inode(struct ext4_fs *fs, struct ext4_inode *inode)
{
	bool has_groups = fs->groups;
	int ret = 0;

	if (!has_groups)
		ret = ext4_groups_load(fs);
	if (ret)
		return ret;
	ret = ext4_inode_read(fs, inode, false);
	/* They may change by the replay. */
	if (!has_groups)
		ext4_groups_free(fs);
	if (!ret && !S_ISREG(inode->vfs.mode))
		ret = ext4_damaged(fs, inode->vfs.ino, "not a journal");
	return ret;
}

static bool ext4_super_has_journal_blocks(const struct ext4_fs *fs)
{
	return fs->sb->s_jnl_backup_type == EXT4_JNL_BACKUP_BLOCKS &&
	       le32_to_cpu(fs->sb->s_jnl_blocks[0]);
}

static int ext4_journal_inode(struct ext4_fs *fs, struct ext4_inode *inode)
{
	uint32_t ino = le32_to_cpu(fs->sb->s_journal_inum);

	inode->vfs.super = fs->super;
	inode->vfs.ino = ino;
	rwsem_init(&inode->map_lock, LOCK_FS_TREE);
	if (!ino) {
		pr_err("ext4 %s: the journal is on another device",
		       fs->super->bdev->name);
		return -EOPNOTSUPP;
	}
	if (ino > fs->nr_inodes)
		return ext4_damaged(fs, 0, "the journal is inode %u", ino);
	/* Once there are groups, the inode is as it should be. */
	if (fs->groups || !ext4_super_has_journal_blocks(fs))
		return ext4_journal_from_inode(fs, inode);
	ext4_journal_from_super(fs, inode);
	return 0;
}

/* Count the runs of its blocks; runs: and store them there. */
static int ext4_journal_runs(struct ext4_inode *inode, uint32_t nr_blocks,
			     struct jbd2_run *runs, size_t *nr_runs)
{
	struct ext4_map map;
	uint64_t next = 0;
	size_t n = 0;

	for (uint32_t lblk = 0; lblk < nr_blocks; lblk += map.len) {
		int ret;

		map = (struct ext4_map){ .lblk = lblk,
					 .len = nr_blocks - lblk };
		ret = ext4_map_blocks(inode, &map, 0);
		if (ret)
			return ret;
		if (!map.pblk || map.unwritten)
			return ext4_damaged(ext4_fs(&inode->vfs),
					    inode->vfs.ino,
					    "no block %u in the journal", lblk);
		map.len = MIN(map.len, nr_blocks - lblk);
		n += !n || map.pblk != next;
		next = map.pblk + map.len;
		if (!runs)
			continue;
		if (!runs[n - 1].len)
			runs[n - 1].block = map.pblk;
		runs[n - 1].len += map.len;
	}
	*nr_runs = n;
	return 0;
}

/* Where the journal is; *runs is the caller's to free. */
static int ext4_journal_find(struct ext4_fs *fs, struct jbd2_run **runs,
			     size_t *nr_runs)
{
	struct ext4_inode *inode = kzalloc(sizeof(*inode));
	uint64_t nr_blocks;
	int ret;

	if (!inode)
		return -ENOMEM;
	ret = ext4_journal_inode(fs, inode);
	if (ret)
		goto out_free;
	nr_blocks = (uint64_t)inode_size(&inode->vfs) >> fs->block_bits;
	if (!nr_blocks || nr_blocks > MIN(fs->nr_blocks, INT32_MAX)) {
		ret = ext4_damaged(fs, inode->vfs.ino,
				   "senseless size of the journal");
		goto out_free;
	}
	ret = ext4_journal_runs(inode, (uint32_t)nr_blocks, NULL, nr_runs);
	if (ret)
		goto out_free;
	*runs = kcalloc(*nr_runs, sizeof(**runs));
	ret = *runs ? ext4_journal_runs(inode, (uint32_t)nr_blocks, *runs,
					nr_runs)
		    : -ENOMEM;
out_free:
	kfree(inode);
	return ret;
}

/*
 * With a super block in its own place that does not ask for it, all that was
 * committed is in its place: what the log holds is a left-over, and replaying
 * it over later changes would do harm.  A copy knows nothing about that.
 */
static int ext4_journal_recover(struct ext4_fs *fs, bool *replayed)
{
	const char *name = fs->super->bdev->name;
	uint32_t incompat = le32_to_cpu(fs->sb->s_feature_incompat);

	if (jbd2_is_empty(fs->journal))
		return 0;
	if (fs->super->bdev->read_only) {
		pr_warn("ext4 %s: the journal should be replayed, but the device is read-only",
			name);
		/* Also if it can be written one day: not behind the log's back. */
		fs->read_only = true;
		return 0;
	}
	if (incompat & EXT4_INCOMPAT_RECOVER || fs->from_backup) {
		*replayed = true;
		return jbd2_recover(fs->journal);
	}
	pr_warn("ext4 %s: what is in the journal is not needed any more", name);
	return jbd2_discard(fs->journal);
}

static int ext4_journal_open_and_recover(struct ext4_fs *fs, bool *replayed)
{
	struct jbd2_run *runs = NULL;
	size_t nr_runs;
	int ret;

	ret = ext4_journal_find(fs, &runs, &nr_runs);
	if (!ret)
		ret = jbd2_open(fs->super->bdev, fs->block_size, runs, nr_runs,
				fs->sb->s_uuid, &fs->journal);
	kfree(runs);
	return ret ? ret : ext4_journal_recover(fs, replayed);
}

/* 0: go on without the journal, read-only, after an error that allows it. */
static int ext4_journal_give_up(struct ext4_fs *fs, int ret)
{
	jbd2_close(fs->journal);
	fs->journal = NULL;
	if (ret == -ENOMEM)
		return ret;
	pr_err("ext4 %s: read-only, for the journal cannot be used (%d); run e2fsck",
	       fs->super->bdev->name, ret);
	fs->read_only = true;
	return 0;
}

int ext4_journal_open(struct ext4_fs *fs, bool *replayed)
{
	uint32_t compat = le32_to_cpu(fs->sb->s_feature_compat);
	uint32_t incompat = le32_to_cpu(fs->sb->s_feature_incompat);
	int ret = 0;

	*replayed = false;
	if (compat & EXT4_COMPAT_HAS_JOURNAL)
		ret = ext4_journal_open_and_recover(fs, replayed);
	else if (incompat & EXT4_INCOMPAT_RECOVER)
		ret = -EUCLEAN;
	return ret ? ext4_journal_give_up(fs, ret) : 0;
}

int ext4_journal_verify(struct ext4_fs *fs)
{
	struct jbd2_run *runs = NULL;
	size_t nr_runs;
	int ret;

	if (!fs->journal)
		return 0;
	ret = ext4_journal_find(fs, &runs, &nr_runs);
	if (!ret && !jbd2_lies_at(fs->journal, runs, nr_runs))
		ret = ext4_damaged(fs, le32_to_cpu(fs->sb->s_journal_inum),
				   "not where the super block has the journal");
	kfree(runs);
	return ret ? ext4_journal_give_up(fs, ret) : 0;
}
