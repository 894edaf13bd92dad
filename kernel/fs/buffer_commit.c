// SPDX-License-Identifier: MIT
/*
 * Commits: what finished transactions changed goes to the device.
 *
 * A buffer under way to the disk (BUFFER_WRITING) is not changed: who wants to
 * waits in buffer_begin_modify(), so what arrives is what was sealed.
 *
 * With a journal the log always has room for one more commit of the largest
 * size: the commit that would use it up does a checkpoint, after what it sealed
 * is in the log.  Everything pending is held still for that from the seal on, as
 * places may only hold what was committed.
 */
#include <lib/errno.h>

#include <core/panic.h>
#include <core/printk.h>
#include <fs/buffer_io.h>
#include <fs/jbd2/jbd2.h>
#include <mm/page.h>

#include "buffer_internal.h"

struct buffer_commit {
	struct buffer_cache *cache;
	struct buffer_io_list blocks; /* sealed, with a reference */
	size_t nr_blocks;
	struct buffer_list revoked; /* with a reference */
	size_t nr_revoked;
	bool fits;       /* the journal can take it */
	bool checkpoint; /* everything goes to its place */
	bool is_stable;  /* the device was told to flush after all data */
};

/* --- sealing --- */

/* Seal all dirty buffers into commit->blocks, by block number. */
static void buffer_seal_all(struct buffer_commit *commit)
{
	struct buffer_cache *cache = commit->cache;
	struct buffer *buf;

	/* Nobody else changes the tree now, so it is read without the lock. */
	RB_FOREACH (buf, buffer_tree, &cache->dirty) {
		if (buf->seal)
			buf->seal(buf);
	}
	spin_lock(&cache->lock);
	while ((buf = RB_MIN(buffer_tree, &cache->dirty))) {
		buffer_clear_dirty_locked(buf);
		atomic_fetch_or(&buf->state, BUFFER_WRITING);
		atomic_add_relaxed(&buf->refs, 1);
		STAILQ_INSERT_TAIL(&commit->blocks, buf, io_link);
		commit->nr_blocks++;
	}
	TAILQ_CONCAT(&commit->revoked, &cache->revoked, pending_link);
	commit->nr_revoked = cache->nr_revoked;
	cache->nr_revoked = 0;
	spin_unlock(&cache->lock);
}

/* Is it time to write what is pending to its place? */
static bool buffer_checkpoint_is_due(const struct buffer_commit *commit)
{
	const struct buffer_cache *cache = commit->cache;

	return cache->wants_checkpoint || !commit->fits ||
	       cache->nr_pending + commit->nr_blocks > cache->pending_limit ||
	       jbd2_is_full_after(cache->journal, commit->nr_blocks,
				  commit->nr_revoked);
}

/* Decide what to do with the sealed buffers, while no transaction runs. */
static void buffer_commit_plan(struct buffer_commit *commit)
{
	struct buffer_cache *cache = commit->cache;
	struct buffer *buf;

	if (!cache->journal)
		return;
	commit->fits = jbd2_has_room(cache->journal, commit->nr_blocks,
				     commit->nr_revoked);
	commit->checkpoint =
		commit->checkpoint || buffer_checkpoint_is_due(commit);
	if (!commit->checkpoint)
		return;
	spin_lock(&cache->lock);
	TAILQ_FOREACH (buf, &cache->pending, pending_link)
		atomic_fetch_or(&buf->state, BUFFER_WRITING);
	cache->wants_checkpoint = false;
	spin_unlock(&cache->lock);
}

/* Hold transactions back, prepare and seal, let them go on. */
static void buffer_gather(struct buffer_commit *commit)
{
	struct buffer_cache *cache = commit->cache;
	struct buffer_transaction own;
	size_t before;

	buffer_hold_transactions(cache, &own);
	before = cache->nr_dirty;
	if (cache->ops && cache->ops->prepare_commit)
		cache->ops->prepare_commit(cache);
	ASSERT(cache->nr_dirty <= before + 1);
	buffer_seal_all(commit);
	buffer_commit_plan(commit);
	buffer_release_transactions(&own);
}

/* --- writing --- */

static void buffer_list_put(struct buffer_list *list)
{
	struct buffer *buf;

	while ((buf = TAILQ_FIRST(list))) {
		TAILQ_REMOVE(list, buf, pending_link);
		buffer_put(buf);
	}
}

/* They are in the log now; until a checkpoint they stay in memory. */
static void buffer_make_pending(struct buffer_commit *commit)
{
	struct buffer_cache *cache = commit->cache;
	struct buffer *buf;

	spin_lock(&cache->lock);
	STAILQ_FOREACH (buf, &commit->blocks, io_link) {
		if (atomic_fetch_or(&buf->state, BUFFER_PENDING) &
		    BUFFER_PENDING)
			continue;
		TAILQ_INSERT_TAIL(&cache->pending, buf, pending_link);
		cache->nr_pending++;
	}
	spin_unlock(&cache->lock);
}

/* Let them be changed again. */
static void buffer_end_writing(struct buffer_commit *commit)
{
	struct buffer *buf;

	STAILQ_FOREACH (buf, &commit->blocks, io_link)
		buffer_clear_and_wake(buf, BUFFER_WRITING);
}

static int buffer_write_to_log(struct buffer_commit *commit)
{
	struct buffer_cache *cache = commit->cache;
	struct buffer_writer writer;
	int ret;

	buffer_writer_start(&writer, cache);
	ret = jbd2_write_blocks(cache->journal, &writer, &commit->blocks,
				&commit->revoked);
	buffer_list_put(&commit->revoked);
	if (ret)
		return ret;
	buffer_make_pending(commit);
	/* The log has them: what changes now is the next commit's. */
	if (!commit->checkpoint)
		buffer_end_writing(commit);
	commit->is_stable = true;
	return jbd2_write_commit(cache->journal, &writer);
}

static int buffer_write_in_place(struct buffer_commit *commit)
{
	struct buffer_writer writer;
	struct buffer *buf;

	if (commit->cache->journal)
		pr_warn("%s: a commit of %zu blocks is too large for the journal",
			commit->cache->bdev->name, commit->nr_blocks);
	buffer_writer_start(&writer, commit->cache);
	STAILQ_FOREACH (buf, &commit->blocks, io_link)
		buffer_writer_add(&writer, buf, buf->block);
	buffer_list_put(&commit->revoked);
	return buffer_writer_finish(&writer);
}

static int buffer_commit_write(struct buffer_commit *commit)
{
	if (!commit->nr_blocks && !commit->nr_revoked)
		return 0;
	if (commit->fits)
		return buffer_write_to_log(commit);
	return buffer_write_in_place(commit);
}

/* Drop our references; after an error all is dirty again. */
static void buffer_commit_finish(struct buffer_commit *commit, int ret)
{
	struct buffer *buf;

	if (ret || commit->checkpoint || !commit->fits)
		buffer_end_writing(commit);
	while ((buf = STAILQ_FIRST(&commit->blocks))) {
		STAILQ_REMOVE_HEAD(&commit->blocks, io_link);
		if (ret && atomic_load(&buf->state) & BUFFER_UPTODATE)
			buffer_set_dirty(buf);
		buffer_put(buf);
	}
}

/* --- checkpoints --- */

/* Let them be changed again; written: and they are in their places. */
static void buffer_release_pending(struct buffer_cache *cache, bool written)
{
	struct buffer *buf, *next;

	spin_lock(&cache->lock);
	for (buf = TAILQ_FIRST(&cache->pending); buf; buf = next) {
		next = TAILQ_NEXT(buf, pending_link);
		if (written) {
			TAILQ_REMOVE(&cache->pending, buf, pending_link);
			cache->nr_pending--;
			atomic_fetch_and(&buf->state, ~BUFFER_PENDING);
		}
		buffer_clear_and_wake(buf, BUFFER_WRITING);
	}
	spin_unlock(&cache->lock);
}

/*
 * Write everything pending to its place.  It is held still, so it cannot be
 * dirty, and the links of the dirty tree can put it in order.
 */
static int buffer_write_pending(struct buffer_cache *cache)
{
	struct buffer_tree sorted = RB_INITIALIZER(&sorted);
	struct buffer_writer writer;
	struct buffer *buf;
	int ret;

	spin_lock(&cache->lock);
	TAILQ_FOREACH (buf, &cache->pending, pending_link)
		RB_INSERT(buffer_tree, &sorted, buf);
	spin_unlock(&cache->lock);
	buffer_writer_start(&writer, cache);
	RB_FOREACH (buf, buffer_tree, &sorted)
		buffer_writer_add(&writer, buf, buf->block);
	ret = buffer_writer_finish(&writer);
	return ret ? ret : block_flush(cache->bdev);
}

static int buffer_checkpoint(struct buffer_commit *commit)
{
	struct buffer_cache *cache = commit->cache;
	int ret;

	ret = buffer_write_pending(cache);
	if (!ret)
		ret = jbd2_checkpointed(cache->journal);
	commit->is_stable = true;
	return ret;
}

/* --- commits --- */

static int buffer_commit_run(struct buffer_cache *cache, bool flush,
			     bool checkpoint)
{
	struct buffer_commit commit = {
		.cache = cache,
		.blocks = STAILQ_HEAD_INITIALIZER(commit.blocks),
		.revoked = TAILQ_HEAD_INITIALIZER(commit.revoked),
		.checkpoint = checkpoint,
	};
	unsigned number = (unsigned)atomic_add_return(&cache->commits_begun, 1);
	int ret;

	buffer_gather(&commit);
	if (cache->ops && cache->ops->wait_data)
		cache->ops->wait_data(cache);
	ret = buffer_commit_write(&commit);
	if (commit.checkpoint) {
		if (!ret)
			ret = buffer_checkpoint(&commit);
		buffer_release_pending(cache, !ret);
	}
	buffer_commit_finish(&commit, ret);
	if (!ret && flush && !commit.is_stable) {
		ret = block_flush(cache->bdev);
		commit.is_stable = true;
	}
	if (!ret && commit.is_stable)
		cache->last_stable = number;
	/* A log with a hole cannot be gone on with. */
	if (ret && cache->journal)
		cache->aborted = true;
	if (cache->ops && cache->ops->end_commit)
		cache->ops->end_commit(cache, ret);
	return ret;
}

static int buffer_commit_locked(struct buffer_cache *cache, bool flush,
				bool checkpoint)
{
	ASSERT(mutex_is_held(&cache->commit_lock));
	if (cache->aborted)
		return -EROFS;
	return buffer_commit_run(cache, flush, checkpoint);
}

/*
 * Many may want a commit while one runs.  The first that gets the lock then
 * makes it for all: it begins after they came, so it has their changes, and when
 * it is stable they have nothing left to do.  Each has ended its transactions
 * and then looked at commits_begun; a commit counts itself there and then looks
 * at what was changed; both with full barriers, so that one sees the other.
 */
int buffer_cache_commit(struct buffer_cache *cache, bool flush)
{
	unsigned needed;
	int ret = 0;

	ASSERT(!buffer_in_transaction(cache));
	/* That adds nothing but the barrier. */
	needed = (unsigned)atomic_add_return(&cache->commits_begun, 0) + 1;
	mutex_lock(&cache->commit_lock);
	if (cache->aborted || (int)(cache->last_stable - needed) < 0)
		ret = buffer_commit_locked(cache, flush, false);
	mutex_unlock(&cache->commit_lock);
	return ret;
}

void buffer_cache_start_journal(struct buffer_cache *cache,
				struct jbd2 *journal)
{
	mutex_lock(&cache->commit_lock);
	ASSERT(!cache->journal && !cache->nr_pending);
	cache->journal = journal;
	cache->commit_limit = jbd2_limit(journal);
	mutex_unlock(&cache->commit_lock);
}

int buffer_cache_stop_journal(struct buffer_cache *cache)
{
	int ret;

	ASSERT(!buffer_in_transaction(cache));
	mutex_lock(&cache->commit_lock);
	ret = buffer_commit_locked(cache, true, cache->journal != NULL);
	/* Under the same hold: a commit in between would go to the log. */
	if (!ret) {
		cache->journal = NULL;
		cache->commit_limit = SIZE_MAX;
	}
	mutex_unlock(&cache->commit_lock);
	return ret;
}

/* A 32nd of the memory may be pending. */
static size_t buffer_pending_limit(const struct buffer_cache *cache)
{
	struct mem_stats stats;

	mem_stats_get(&stats);
	return MAX(stats.total / 32 * PAGE_SIZE / cache->block_size, 32);
}

void buffer_commit_init(struct buffer_cache *cache)
{
	waitq_init(&cache->tx_queue);
	mutex_init(&cache->commit_lock, LOCK_BUFFER);
	TAILQ_INIT(&cache->pending);
	TAILQ_INIT(&cache->revoked);
	cache->commit_limit = SIZE_MAX;
	cache->pending_limit = buffer_pending_limit(cache);
	for (unsigned i = 0; i < BUFFER_IOS; i++)
		cache->ios[i].cache = cache;
}
