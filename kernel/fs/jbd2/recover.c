// SPDX-License-Identifier: MIT
/*
 * Replaying the log after a loss of power.
 *
 * Three walks along it, as Linux does them: the first finds its end and checks
 * all there is to check (check.c), so that nothing is written from a log that
 * is damaged; the second collects the blocks that were revoked, or come again
 * later; the third writes the others to their places.  Doing it again does no
 * harm, so a loss of power in between does none either.
 *
 * Two blocks and the table of what to skip are all the memory it takes.
 */
#include <sys/tree.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/printk.h>
#include <dev/block.h>

#include "walk.h"

/* So many blocks are noted that come again: some 10 commits of a busy disk. */
#define JBD2_NOTES_MAX 4096

/* A place that transactions up to that one must not, or need not, write. */
struct jbd2_skip {
	RB_ENTRY(jbd2_skip) link;
	uint64_t place;
	uint32_t sequence;
};
RB_HEAD(jbd2_skip_tree, jbd2_skip);

struct jbd2_replay {
	struct jbd2_walk walk;
	void *data; /* a block's memory */
	struct jbd2_skip_tree skips;
	uint32_t nr_notes;
	uint32_t nr_written;
};

/* --- what to skip --- */

static int jbd2_skip_compare(const struct jbd2_skip *a,
			     const struct jbd2_skip *b)
{
	return a->place < b->place ? -1 : a->place > b->place;
}
RB_GENERATE_INSERT_COLOR(jbd2_skip_tree, jbd2_skip, link, static)
RB_GENERATE_INSERT(jbd2_skip_tree, jbd2_skip, link, jbd2_skip_compare, static)
RB_GENERATE_REMOVE_COLOR(jbd2_skip_tree, jbd2_skip, link, static)
RB_GENERATE_REMOVE(jbd2_skip_tree, jbd2_skip, link, static)
RB_GENERATE_FIND(jbd2_skip_tree, jbd2_skip, link, jbd2_skip_compare, static)

static struct jbd2_skip *jbd2_skip_find(struct jbd2_replay *replay,
					uint64_t place)
{
	struct jbd2_skip key = { .place = place };

	return RB_FIND(jbd2_skip_tree, &replay->skips, &key);
}

static struct jbd2_skip *jbd2_skip_add(struct jbd2_replay *replay,
				       uint64_t place, uint32_t sequence)
{
	struct jbd2_skip *skip = kmalloc(sizeof(*skip));

	if (!skip)
		return NULL;
	skip->place = place;
	skip->sequence = sequence;
	RB_INSERT(jbd2_skip_tree, &replay->skips, skip);
	return skip;
}

/* This transaction has given it back: what it held is not needed. */
static int jbd2_revoke(struct jbd2_replay *replay, uint64_t place)
{
	struct jbd2_skip *skip = jbd2_skip_find(replay, place);

	if (!skip)
		skip = jbd2_skip_add(replay, place, replay->walk.sequence);
	if (!skip)
		return -ENOMEM;
	skip->sequence = replay->walk.sequence;
	return 0;
}

/*
 * This transaction writes it: those before need not.  That only saves time, so
 * some that are not noted do not matter.
 */
static void jbd2_note_block(struct jbd2_replay *replay, uint64_t place)
{
	uint32_t before = replay->walk.sequence - 1;
	struct jbd2_skip *skip = jbd2_skip_find(replay, place);

	if (skip && jbd2_is_after(before, skip->sequence))
		skip->sequence = before;
	if (!skip && replay->nr_notes < JBD2_NOTES_MAX &&
	    jbd2_skip_add(replay, place, before))
		replay->nr_notes++;
}

static bool jbd2_is_skipped(struct jbd2_replay *replay, uint64_t place)
{
	const struct jbd2_skip *skip = jbd2_skip_find(replay, place);

	return skip && !jbd2_is_after(replay->walk.sequence, skip->sequence);
}

static void jbd2_skips_free(struct jbd2_replay *replay)
{
	struct jbd2_skip *skip;

	while ((skip = RB_ROOT(&replay->skips))) {
		RB_REMOVE(jbd2_skip_tree, &replay->skips, skip);
		kfree(skip);
	}
}

/* --- what a record asks for --- */

/* Numbers that are nonsense do no harm: no block has them. */
static int jbd2_replay_revokes(struct jbd2_replay *replay)
{
	const struct jbd2_revoke_header *header = replay->walk.record;
	bool wide = replay->walk.journal->wide;
	uint32_t size = wide ? sizeof(be64) : sizeof(be32);
	uint32_t end = be32_to_cpu(header->r_count);
	int ret = 0;

	for (uint32_t at = sizeof(*header); !ret && at + size <= end;
	     at += size) {
		const be32 *half = (const void *)((const char *)header + at);
		uint64_t place = be32_to_cpu(half[0]);

		if (wide)
			place = place << 32 | be32_to_cpu(half[1]);
		ret = jbd2_revoke(replay, place);
	}
	return ret;
}

/* Write a block of the log to its place. */
static int jbd2_replay_block(struct jbd2_replay *replay, uint32_t block,
			     const struct jbd2_tag_info *tag)
{
	const struct jbd2 *journal = replay->walk.journal;
	int ret;

	if (jbd2_is_skipped(replay, tag->place))
		return 0;
	ret = jbd2_read(journal, block, replay->data);
	if (ret)
		return ret;
	if (tag->flags & JBD2_TAG_ESCAPED)
		*(be32 *)replay->data = cpu_to_be32(JBD2_MAGIC);
	replay->nr_written++;
	return block_write(journal->bdev,
			   tag->place * (journal->block_size / 512),
			   replay->data, journal->block_size);
}

/* Step over the blocks of a descriptor; write: those that count; or note them. */
static int jbd2_replay_blocks(struct jbd2_replay *replay, bool write)
{
	uint32_t offset = sizeof(struct jbd2_header);
	struct jbd2_tag_info tag;
	int ret = 0;

	while (!ret && jbd2_walk_tag(&replay->walk, &offset, &tag)) {
		uint32_t block = jbd2_walk_step(&replay->walk);

		if (write)
			ret = jbd2_replay_block(replay, block, &tag);
		else
			jbd2_note_block(replay, tag.place);
	}
	return ret;
}

/* --- the walks --- */

/* Up to transaction end: collect what to skip, or write the rest. */
static int jbd2_replay_to(struct jbd2_replay *replay, uint32_t end, bool write)
{
	struct jbd2_walk *walk = &replay->walk;
	int ret = 0;

	jbd2_walk_begin(walk);
	while (!ret && walk->sequence != end) {
		ret = jbd2_walk_next(walk);
		if (ret)
			/* It was there a moment ago. */
			return ret == -ENOENT ? -EIO : ret;
		switch (jbd2_record_type(walk->record)) {
		case JBD2_DESCRIPTOR:
			ret = jbd2_replay_blocks(replay, write);
			break;
		case JBD2_REVOKE:
			ret = write ? 0 : jbd2_replay_revokes(replay);
			break;
		default:
			walk->sequence++;
		}
	}
	return ret;
}

static int jbd2_replay(struct jbd2_replay *replay)
{
	struct jbd2 *journal = replay->walk.journal;
	uint32_t begin = be32_to_cpu(journal->super->s_sequence), end;
	int ret;

	ret = jbd2_check_log(&replay->walk, replay->data);
	if (ret)
		return ret;
	end = replay->walk.sequence;
	ret = jbd2_replay_to(replay, end, false);
	if (!ret)
		ret = jbd2_replay_to(replay, end, true);
	if (ret)
		return ret;
	/* Blocks of the transaction that was not committed have the number. */
	journal->sequence = end + 1;
	ret = jbd2_write_super(journal, 0);
	if (!ret)
		pr_info("jbd2 %s: replayed %u transactions, %u blocks",
			journal->bdev->name, end - begin, replay->nr_written);
	return ret;
}

int jbd2_recover(struct jbd2 *journal)
{
	struct jbd2_replay replay = { .walk.journal = journal };
	int ret = -ENOMEM;

	RB_INIT(&replay.skips);
	replay.walk.record = kmalloc(journal->block_size);
	replay.data = kmalloc(journal->block_size);
	if (replay.walk.record && replay.data)
		ret = jbd2_replay(&replay);
	jbd2_skips_free(&replay);
	kfree(replay.data);
	kfree(replay.walk.record);
	return ret;
}
