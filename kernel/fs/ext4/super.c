// SPDX-License-Identifier: MIT
/*
 * ext4: mounting, changes of the super block, and what to do about damage.
 *
 * Commits of the buffer cache (fs/buffer.h) write metadata, by way of the
 * journal, if there is one; file data goes before it.  Without a journal the
 * state on the disk is "not clean" while it is mounted writable, as ext2 has it,
 * so that e2fsck looks at it after a crash.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <linux/stat.h>

#include <lib/crc.h>
#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <core/printk.h>
#include <core/time.h>
#include <dev/block.h>
#include <fs/dentry.h>
#include <fs/jbd2/jbd2.h>

#include "ext4.h"
#include "ext4_internal.h"
#include "page_io.h"

static struct slab_cache *ext4_inode_cache;

/* --- damage --- */

int ext4_damaged(struct ext4_fs *fs, uint64_t ino, const char *fmt, ...)
{
	int before = atomic_xchg(&fs->damaged, 1);
	char text[96];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	/* The first is worth a line; what follows from it is not. */
	if (before)
		return -EUCLEAN;
	if (ino)
		pr_err("ext4 %s: inode %llu: %s", fs->super->bdev->name,
		       (unsigned long long)ino, text);
	else
		pr_err("ext4 %s: %s", fs->super->bdev->name, text);
	if (fs->writable)
		pr_err("ext4 %s: no more changes from now on; run e2fsck",
		       fs->super->bdev->name);
	return -EUCLEAN;
}

int ext4_begin(struct ext4_fs *fs, struct buffer_transaction *tx)
{
	if (unlikely(!fs->writable || atomic_load(&fs->damaged)))
		return -EROFS;
	buffer_transaction_begin(fs->cache, tx);
	/* It may have waited for the commit that was to be the last. */
	if (likely(fs->writable))
		return 0;
	buffer_transaction_end(tx);
	return -EROFS;
}

/* --- writing the super block --- */

static void ext4_super_seal(struct buffer *buf)
{
	struct ext4_fs *fs = buffer_cache_private(buf->cache);

	if (fs->has_csum)
		fs->sb->s_checksum = cpu_to_le32(ext4_super_csum(fs->sb));
}

static void ext4_super_store_counts(struct ext4_fs *fs)
{
	uint64_t free_blocks = (uint64_t)(atomic64_load(&fs->free_blocks) +
					  atomic64_load(&fs->freed_blocks));
	uint64_t now = time_wall_ns() / NSEC_PER_SEC;
	uint16_t state = le16_to_cpu(fs->sb->s_state);

	fs->sb->s_free_blocks_count_lo = cpu_to_le32((uint32_t)free_blocks);
	fs->sb->s_free_blocks_count_hi =
		cpu_to_le32((uint32_t)(free_blocks >> 32));
	fs->sb->s_free_inodes_count =
		cpu_to_le32((uint32_t)atomic64_load(&fs->free_inodes));
	fs->sb->s_wtime = cpu_to_le32((uint32_t)now);
	fs->sb->s_wtime_hi = (uint8_t)(now >> 32);
	if (atomic_load(&fs->damaged))
		fs->sb->s_state = cpu_to_le16(state | EXT4_STATE_ERROR);
}

/*
 * The super block is written when something is said in it that only it can
 * say.  Its totals follow from the groups, by which mounts and e2fsck go; and a
 * power cut while it is written may cost the whole file system.
 */
static void ext4_prepare_commit(struct buffer_cache *cache)
{
	struct ext4_fs *fs = buffer_cache_private(cache);

	ext4_commit_seal(fs);
	ext4_inodes_store(fs);
	ext4_orphans_store(fs);
	ext4_groups_store(fs);
	if (!atomic_load(&fs->damaged) ||
	    le16_to_cpu(fs->sb->s_state) & EXT4_STATE_ERROR)
		return;
	buffer_begin_modify(fs->super_buf);
	ext4_super_store_counts(fs);
	buffer_mark_dirty(fs->super_buf);
}

static void ext4_wait_data(struct buffer_cache *cache)
{
	ext4_data_wait(buffer_cache_private(cache));
}

static void ext4_end_commit(struct buffer_cache *cache, int ret)
{
	ext4_commit_ended(buffer_cache_private(cache), ret);
}

static const struct buffer_cache_ops ext4_cache_ops = {
	.prepare_commit = ext4_prepare_commit,
	.wait_data = ext4_wait_data,
	.end_commit = ext4_end_commit,
};

/* Change features and state, and write it out, not by way of the journal. */
static int ext4_super_write(struct ext4_fs *fs, uint32_t incompat,
			    uint16_t state)
{
	struct buffer_transaction tx;

	buffer_transaction_begin(fs->cache, &tx);
	buffer_begin_modify(fs->super_buf);
	fs->sb->s_feature_incompat = cpu_to_le32(incompat);
	fs->sb->s_state = cpu_to_le16(state);
	ext4_super_store_counts(fs);
	buffer_mark_dirty(fs->super_buf);
	buffer_transaction_end(&tx);
	return buffer_cache_commit(fs->cache, true);
}

/*
 * The disk says that there is something to replay before there can be.  After a
 * loss of power it says so already, and the super block is left alone.
 */
static int ext4_start_journal(struct ext4_fs *fs)
{
	uint32_t incompat = le32_to_cpu(fs->sb->s_feature_incompat);
	int ret = 0;

	if (!(incompat & EXT4_INCOMPAT_RECOVER))
		ret = ext4_super_write(fs, incompat | EXT4_INCOMPAT_RECOVER,
				       le16_to_cpu(fs->sb->s_state));
	if (!ret)
		ret = jbd2_start(fs->journal, incompat & EXT4_INCOMPAT_64BIT,
				 fs->has_csum);
	if (!ret)
		buffer_cache_start_journal(fs->cache, fs->journal);
	return ret;
}

/* Begin to write: without a journal the file system is no longer clean. */
static int ext4_start_writing(struct ext4_fs *fs)
{
	uint16_t count = le16_to_cpu(fs->sb->s_mnt_count);
	uint16_t state = le16_to_cpu(fs->sb->s_state);
	uint64_t now = time_wall_ns() / NSEC_PER_SEC;
	struct buffer_transaction tx;
	int ret;

	fs->was_valid = state & EXT4_STATE_VALID;
	if (fs->journal) {
		ret = ext4_start_journal(fs);
		if (ret)
			return ret;
	} else {
		state &= (uint16_t)~EXT4_STATE_VALID;
	}
	buffer_transaction_begin(fs->cache, &tx);
	buffer_begin_modify(fs->super_buf);
	fs->sb->s_state = cpu_to_le16(state);
	fs->sb->s_mnt_count = cpu_to_le16(count + 1);
	fs->sb->s_mtime = cpu_to_le32((uint32_t)now);
	fs->sb->s_mtime_hi = (uint8_t)(now >> 32);
	buffer_mark_dirty(fs->super_buf);
	buffer_transaction_end(&tx);
	ret = buffer_cache_commit(fs->cache, true);
	if (!ret)
		fs->writable = true;
	return ret;
}

/*
 * All is written: nothing to replay, and clean again, if it was before and no
 * damage was found.
 */
static int ext4_stop_writing(struct ext4_fs *fs)
{
	uint16_t state;
	int ret;

	/* First this: what has begun is in the commit, and nothing else begins. */
	fs->writable = false;
	ret = buffer_cache_stop_journal(fs->cache);
	if (!ret && fs->journal)
		ret = jbd2_stop(fs->journal);
	state = le16_to_cpu(fs->sb->s_state);
	if (fs->was_valid && !atomic_load(&fs->damaged))
		state |= EXT4_STATE_VALID;
	if (!ret)
		ret = ext4_super_write(fs,
				       le32_to_cpu(fs->sb->s_feature_incompat) &
					       ~EXT4_INCOMPAT_RECOVER,
				       state);
	return ret;
}

/* --- super_ops --- */

static struct inode *ext4_alloc_inode_memory(struct super *super)
{
	struct ext4_inode *inode = slab_zalloc(ext4_inode_cache);

	(void)super;
	if (!inode)
		return NULL;
	rwsem_init(&inode->map_lock, LOCK_FS_TREE);
	return &inode->vfs;
}

static void ext4_free_inode_memory(struct inode *inode)
{
	ASSERT(!ext4_inode(inode)->table);
	slab_free(ext4_inode_cache, ext4_inode(inode));
}

static int ext4_sync(struct super *super, bool wait)
{
	struct ext4_fs *fs = super->private;
	int ret;

	if (!fs->writable)
		return 0;
	ret = buffer_cache_commit(fs->cache, wait);
	if (ret)
		ext4_damaged(fs, 0, "cannot write metadata (%d)", ret);
	return ret;
}

static int ext4_statfs(struct super *super, struct fs_stat *stat)
{
	struct ext4_fs *fs = super->private;
	int64_t free = atomic64_load(&fs->free_blocks) +
		       atomic64_load(&fs->freed_blocks) -
		       atomic64_load(&fs->delayed_blocks);
	int64_t avail = free - (int64_t)fs->reserved_blocks;
	uint64_t tables =
		DIV_ROUND_UP((uint64_t)fs->inodes_per_group * fs->inode_size,
			     fs->block_size) +
		2;

	stat->type = EXT4_SUPER_MAGIC;
	stat->block_size = fs->block_size;
	stat->blocks =
		fs->nr_blocks - MIN(fs->nr_blocks, tables * fs->nr_groups);
	stat->blocks_free = (uint64_t)MAX(free, 0);
	stat->blocks_avail = (uint64_t)MAX(avail, 0);
	stat->files = fs->nr_inodes;
	stat->files_free = (uint64_t)atomic64_load(&fs->free_inodes);
	stat->name_max = EXT4_NAME_LEN;
	memcpy(stat->fsid, fs->sb->s_uuid, sizeof(stat->fsid));
	return 0;
}

static int ext4_remount(struct super *super, bool read_only,
			const char *options)
{
	struct ext4_fs *fs = super->private;
	int ret;

	(void)options;
	if (read_only == !fs->writable)
		return 0;
	if (read_only)
		return ext4_stop_writing(fs);
	if (atomic_load(&fs->damaged) || super->bdev->read_only ||
	    fs->read_only)
		return -EROFS;
	ret = ext4_start_writing(fs);
	if (!ret)
		ext4_orphans_recover(fs);
	return ret;
}

static void ext4_unload_super(struct ext4_fs *fs)
{
	buffer_put(fs->super_buf);
	fs->super_buf = NULL;
	if (fs->cache)
		buffer_cache_destroy(fs->cache);
	fs->cache = NULL;
}

static void ext4_fs_free(struct ext4_fs *fs)
{
	ext4_groups_free(fs);
	ext4_unload_super(fs);
	jbd2_close(fs->journal);
	kfree(fs);
}

static void ext4_put_super(struct super *super)
{
	struct ext4_fs *fs = super->private;

	if (fs->writable && ext4_stop_writing(fs))
		pr_err("ext4 %s: could not be written completely",
		       super->bdev->name);
	ext4_fs_free(fs);
	block_device_release(super->bdev);
	super->private = NULL;
}

static const struct super_ops ext4_super_ops = {
	.alloc_inode = ext4_alloc_inode_memory,
	.free_inode = ext4_free_inode_memory,
	.evict_inode = ext4_evict_inode,
	.write_inode = ext4_write_inode,
	.sync = ext4_sync,
	.statfs = ext4_statfs,
	.remount = ext4_remount,
	.put_super = ext4_put_super,
};

/* --- mounting --- */

static uint64_t ext4_max_size(const struct ext4_fs *fs)
{
	uint64_t blocks =
		fs->has_extents ? UINT32_MAX : ext4_indirect_limit(fs);

	return blocks << fs->block_bits;
}

/*
 * A copy in place of the super block, in memory until that is written the next
 * time.  Copies do not say how the file system was left; with a journal all is
 * well once that has been replayed.
 */
static void ext4_use_backup(struct ext4_fs *fs,
			    const struct ext4_super_block *copy)
{
	uint32_t compat = le32_to_cpu(copy->s_feature_compat);
	uint16_t state = le16_to_cpu(copy->s_state) & ~EXT4_STATE_VALID;

	if (compat & EXT4_COMPAT_HAS_JOURNAL)
		state |= EXT4_STATE_VALID;
	memcpy(fs->sb, copy, sizeof(*copy));
	fs->sb->s_block_group_nr = cpu_to_le16(0);
	fs->sb->s_state = cpu_to_le16(state);
}

/* Read the super block, and get it into a cache. */
static int ext4_load_super(struct ext4_fs *fs)
{
	struct ext4_super_block *sb = kmalloc(sizeof(*sb));
	int ret;

	if (!sb)
		return -ENOMEM;
	ret = ext4_super_read(fs, sb);
	if (ret)
		goto out_free;
	ret = -ENOMEM;
	fs->cache = buffer_cache_create(fs->super->bdev, fs->block_size,
					&ext4_cache_ops, fs);
	if (!fs->cache)
		goto out_free;
	ret = buffer_read(fs->cache, EXT4_SUPER_OFFSET / fs->block_size,
			  &fs->super_buf);
	if (ret)
		goto out_free;
	fs->sb = (void *)((char *)fs->super_buf->data +
			  EXT4_SUPER_OFFSET % fs->block_size);
	fs->super_buf->seal = ext4_super_seal;
	fs->super->block_size = fs->block_size;
	fs->super->max_size = ext4_max_size(fs);
	if (fs->from_backup)
		ext4_use_backup(fs, sb);
out_free:
	kfree(sb);
	return ret;
}

/* Super block, journal, groups: what the rest needs. */
static int ext4_load(struct ext4_fs *fs)
{
	uint32_t block_size;
	bool replayed;
	int ret;

	ret = ext4_load_super(fs);
	if (ret)
		return ret;
	block_size = fs->block_size;
	ret = ext4_journal_open(fs, &replayed);
	if (ret)
		return ret;
	if (replayed) {
		/* Nothing that was read before is true any more. */
		ext4_unload_super(fs);
		ret = ext4_load_super(fs);
		if (!ret && fs->block_size != block_size)
			ret = -EUCLEAN;
		if (ret)
			return ret;
	}
	ext4_orphans_load(fs);
	ret = ext4_groups_load(fs);
	return ret ? ret : ext4_journal_verify(fs);
}

static int ext4_load_root(struct ext4_fs *fs)
{
	struct super *super = fs->super;
	struct inode *root;
	int ret;

	super->ops = &ext4_super_ops;
	ret = ext4_iget(fs, EXT4_ROOT_INO, false, &root);
	if (ret)
		return ret;
	if (!S_ISDIR(root->mode)) {
		inode_put(root);
		return ext4_damaged(fs, EXT4_ROOT_INO, "not a directory");
	}
	super->root = dentry_make_root(root);
	return super->root ? 0 : -ENOMEM;
}

static void ext4_warn_state(struct ext4_fs *fs)
{
	uint16_t state = le16_to_cpu(fs->sb->s_state);

	if (state & EXT4_STATE_ERROR)
		pr_warn("ext4 %s: has known errors; run e2fsck",
			fs->super->bdev->name);
	else if (!(state & EXT4_STATE_VALID))
		pr_warn("ext4 %s: was not unmounted cleanly; run e2fsck",
			fs->super->bdev->name);
}

static struct ext4_fs *ext4_fs_alloc(struct super *super)
{
	struct ext4_fs *fs = kzalloc(sizeof(*fs));

	if (!fs)
		return NULL;
	fs->super = super;
	super->private = fs;
	mutex_init(&fs->xattr_lock, LOCK_FS_GROUP);
	mutex_init(&fs->orphan_lock, LOCK_SLEEP_LEAF);
	ext4_order_init(&fs->order);
	LIST_INIT(&fs->changed);
	TAILQ_INIT(&fs->orphans);
	atomic_store(&fs->generation, (int)time_wall_ns());
	return fs;
}

static int ext4_mount(struct super *super, const char *options)
{
	struct ext4_fs *fs;
	int ret;

	(void)options;
	ret = block_device_claim(super->bdev);
	if (ret)
		return ret;
	ret = -ENOMEM;
	fs = ext4_fs_alloc(super);
	if (!fs)
		goto err_release;
	ret = ext4_load(fs);
	if (ret)
		goto err_free;
	if (fs->read_only || super->bdev->read_only)
		super->read_only = true;
	ret = ext4_load_root(fs);
	if (ret)
		goto err_free;
	ext4_warn_state(fs);
	if (!super->read_only) {
		ret = ext4_start_writing(fs);
		if (ret)
			goto err_put_root;
		ext4_orphans_recover(fs);
	}
	return 0;

err_put_root:
	dentry_put(super->root);
	super->root = NULL;
err_free:
	/* Caches must not keep the root directory of what is not mounted. */
	super->is_dying = true;
	while (inode_shrink(super, SIZE_MAX))
		;
	ext4_fs_free(fs);
	super->private = NULL;
err_release:
	block_device_release(super->bdev);
	return ret;
}

static struct fs_type ext4_types[] = {
	{ .name = "ext4", .needs_device = true, .mount = ext4_mount },
	{ .name = "ext3",
	  .needs_device = true,
	  .mount = ext4_mount,
	  .noauto = true },
	{ .name = "ext2",
	  .needs_device = true,
	  .mount = ext4_mount,
	  .noauto = true },
};

void ext4_init(void)
{
	crc32c_init();
	ext4_inode_cache = slab_cache_create(
		"ext4_inode", sizeof(struct ext4_inode), 16, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(ext4_types); i++)
		fs_type_register(&ext4_types[i]);
}
