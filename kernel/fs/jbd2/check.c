// SPDX-License-Identifier: MIT
/*
 * The first walk along a log that is to be replayed: where does it end, and is
 * everything there up to then?
 *
 * It ends at a block that is not of the transaction that should be there.  One
 * that is, but damaged, is the trace of a commit that was interrupted, unless a
 * commit block of that transaction, or of a later one, is in the log: then
 * something that was safe is lost, and only e2fsck should touch the rest.
 */
#include <lib/errno.h>

#include <core/printk.h>
#include <dev/block.h>

#include "walk.h"

static bool jbd2_tail_is_right(const struct jbd2 *journal, const void *record)
{
	size_t at = journal->block_size - sizeof(struct jbd2_tail);
	const struct jbd2_tail *tail =
		(const void *)((const char *)record + at);

	return !jbd2_csum_length(journal) ||
	       be32_to_cpu(tail->t_checksum) ==
		       jbd2_block_csum(journal, record, at);
}

static bool jbd2_commit_is_right(const struct jbd2 *journal, const void *record)
{
	const struct jbd2_commit_block *commit = record;
	size_t at = offsetof(struct jbd2_commit_block, h_chksum);

	return !jbd2_csum_length(journal) ||
	       be32_to_cpu(commit->h_chksum[0]) ==
		       jbd2_block_csum(journal, record, at);
}

/* Can that be a block that the file system has changed? */
static bool jbd2_place_is_sane(const struct jbd2 *journal, uint64_t place)
{
	uint64_t sectors = block_device_sectors(journal->bdev);

	return place < sectors / (journal->block_size / 512) &&
	       !jbd2_has_place(journal, place);
}

/* The block that a tag is for: 0, -EUCLEAN, -EIO. */
static int jbd2_check_block(const struct jbd2_walk *walk, uint32_t block,
			    const struct jbd2_tag_info *tag, void *data)
{
	const struct jbd2 *journal = walk->journal;
	uint32_t csum;
	int ret;

	if (!block || !jbd2_place_is_sane(journal, tag->place))
		return -EUCLEAN;
	if (!jbd2_csum_length(journal))
		return 0;
	ret = jbd2_read(journal, block, data);
	if (ret)
		return ret;
	csum = jbd2_data_csum(journal, walk->sequence, data);
	if (journal->has_csum2)
		csum &= 0xffff;
	return tag->csum == csum ? 0 : -EUCLEAN;
}

/* A descriptor and its blocks. */
static int jbd2_check_descriptor(struct jbd2_walk *walk, void *data)
{
	uint32_t offset = sizeof(struct jbd2_header);
	struct jbd2_tag_info tag;
	int ret = 0;

	if (!jbd2_tail_is_right(walk->journal, walk->record))
		return -EUCLEAN;
	while (!ret && jbd2_walk_tag(walk, &offset, &tag))
		ret = jbd2_check_block(walk, jbd2_walk_step(walk), &tag, data);
	return ret;
}

static int jbd2_check_revoke(const struct jbd2_walk *walk)
{
	const struct jbd2_revoke_header *header = walk->record;
	uint32_t room =
		walk->journal->block_size - jbd2_csum_length(walk->journal);

	if (!jbd2_tail_is_right(walk->journal, header) ||
	    be32_to_cpu(header->r_count) > room)
		return -EUCLEAN;
	return 0;
}

static int jbd2_check_record(struct jbd2_walk *walk, void *data)
{
	switch (jbd2_record_type(walk->record)) {
	case JBD2_DESCRIPTOR:
		return jbd2_check_descriptor(walk, data);
	case JBD2_REVOKE:
		return jbd2_check_revoke(walk);
	default:
		if (!jbd2_commit_is_right(walk->journal, walk->record))
			return -EUCLEAN;
		walk->sequence++;
		return 0;
	}
}

/*
 * The transaction is damaged: -ENOENT if it was never committed, so that the
 * log ends before it, else -EUCLEAN; -EIO.
 */
static int jbd2_check_commits(struct jbd2_walk *walk)
{
	const struct jbd2 *journal = walk->journal;
	const struct jbd2_header *header = walk->record;
	uint32_t from = walk->sequence;

	/* Its own commit block may have come to the disk before its blocks. */
	if (journal->is_async)
		from++;
	for (uint32_t block = journal->first; block < journal->end; block++) {
		int ret = jbd2_read(journal, block, walk->record);

		if (ret)
			return ret;
		if (jbd2_is_record(header) &&
		    jbd2_record_type(header) == JBD2_COMMIT &&
		    be32_to_cpu(header->h_sequence) - from < journal->end &&
		    jbd2_commit_is_right(journal, header))
			return -EUCLEAN;
	}
	return -ENOENT;
}

int jbd2_check_log(struct jbd2_walk *walk, void *data)
{
	int ret;

	jbd2_walk_begin(walk);
	do {
		ret = jbd2_walk_next(walk);
		if (!ret)
			ret = jbd2_check_record(walk, data);
	} while (!ret);
	if (ret == -EUCLEAN)
		ret = jbd2_check_commits(walk);
	if (ret == -EUCLEAN)
		pr_err("jbd2 %s: transaction %u in the journal is damaged",
		       walk->journal->bdev->name, walk->sequence);
	return ret == -ENOENT ? 0 : ret;
}
