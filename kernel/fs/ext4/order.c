// SPDX-License-Identifier: MIT
/*
 * What has to be on the disk before what, of file data and commits.
 *
 * File data is written before the commit that makes its blocks part of a file,
 * or that makes the file long enough to show it: otherwise, after a loss of
 * power, it would contain what its blocks held before.  Each transaction that
 * does so counts its data under the number of the running commit; the count
 * falls with the end of the last bio; a sealed commit waits for it before it is
 * written.  Two counts are enough, as there is one commit at a time.
 *
 * And file data is not written to blocks that became free with a commit before
 * that has survived, as until then they may still be another file's.  Only the
 * blocks of the running commit can be such, since the one before is over when
 * this is sealed; and they wait only if the one before has freed anything.  So
 * no commit waits for data that waits for it.
 */
#include <lib/errno.h>

#include <core/panic.h>
#include <dev/block.h>
#include <fs/file.h>

#include "ext4_internal.h"

#define EXT4_RETRIES 3

void ext4_order_init(struct ext4_order *order)
{
	waitq_init(&order->queue);
	atomic_store(&order->commit, 1);
}

unsigned ext4_commit_running(const struct ext4_fs *fs)
{
	return (unsigned)atomic_load(&fs->order.commit);
}

unsigned ext4_data_begin(struct ext4_fs *fs)
{
	unsigned commit = (unsigned)atomic_load(&fs->order.commit);

	ASSERT(buffer_in_transaction(fs->cache));
	ext4_data_get(fs, commit);
	return commit;
}

void ext4_data_get(struct ext4_fs *fs, unsigned commit)
{
	atomic_add(&fs->order.data[commit & 1], 1);
}

void ext4_data_put(struct ext4_fs *fs, unsigned commit)
{
	if (!atomic_sub_return(&fs->order.data[commit & 1], 1))
		waitq_wake_all(&fs->order.queue);
}

/* Is the commit before that one over, or does it free nothing? */
static bool ext4_data_is_free(const struct ext4_order *order, unsigned commit)
{
	/* In this order, as ext4_commit_seal() has the other one. */
	return !atomic_load_acquire(&order->freed) ||
	       (unsigned)atomic_load(&order->commit) != commit;
}

int ext4_data_may_start(struct ext4_fs *fs, unsigned commit)
{
	struct ext4_order *order = &fs->order;

	waitq_wait(&order->queue, ext4_data_is_free(order, commit));
	return atomic_load(&fs->damaged) ? -EROFS : 0;
}

void ext4_commit_seal(struct ext4_fs *fs)
{
	bool freed = ext4_frees_apply(fs);

	atomic_add(&fs->order.commit, 1);
	atomic_store_release(&fs->order.freed, freed);
}

void ext4_data_wait(struct ext4_fs *fs)
{
	struct ext4_order *order = &fs->order;
	unsigned sealed = (unsigned)atomic_load(&order->commit) - 1;

	waitq_wait(&order->queue,
		   !atomic_load_acquire(&order->data[sealed & 1]));
}

void ext4_commit_ended(struct ext4_fs *fs, int ret)
{
	if (ret)
		ext4_damaged(fs, 0, "cannot write metadata (%d)", ret);
	else
		atomic_store_release(&fs->order.ended,
				     atomic_load(&fs->order.commit) - 1);
	atomic_store_release(&fs->order.freed, 0);
	waitq_wake_all(&fs->order.queue);
}

bool ext4_should_retry(struct ext4_fs *fs, int ret, unsigned *tries)
{
	ASSERT(!buffer_in_transaction(fs->cache));
	if (likely(ret != -ENOSPC) || *tries == EXT4_RETRIES)
		return false;
	++*tries;
	/* Somebody else's commit may have come in between: just try again. */
	if (!atomic64_load(&fs->freed_blocks))
		return true;
	return !buffer_cache_commit(fs->cache, false);
}

/* Has everything of the inode but its times survived? */
static bool ext4_inode_is_committed(struct ext4_inode *inode)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	unsigned ended = (unsigned)atomic_load_acquire(&fs->order.ended);
	bool committed;

	spin_lock(&fs->queue_lock);
	committed = !inode->is_changed && (int)(ended - inode->commit) >= 0;
	spin_unlock(&fs->queue_lock);
	return committed;
}

int ext4_fsync(struct file *file, off_t start, off_t end, bool data_only)
{
	struct inode *inode = file->inode;
	int ret;

	if (!data_only)
		return generic_fsync(file, start, end, data_only);
	ret = pagecache_sync(&inode->mapping, 0, UINT64_MAX, true);
	if (ret)
		return ret;
	if (ext4_inode_is_committed(ext4_inode(inode)))
		return block_flush(inode->super->bdev);
	return inode->super->ops->sync(inode->super, true);
}
