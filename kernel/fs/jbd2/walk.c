// SPDX-License-Identifier: MIT
/* See walk.h.  Nothing that the log holds is trusted. */
#include "walk.h"

#include <string.h>

#include <lib/errno.h>

void jbd2_walk_begin(struct jbd2_walk *walk)
{
	const struct jbd2_super_block *super = walk->journal->super;

	walk->at = be32_to_cpu(super->s_start);
	walk->sequence = be32_to_cpu(super->s_sequence);
	walk->left = walk->journal->end - walk->journal->first;
}

uint32_t jbd2_walk_step(struct jbd2_walk *walk)
{
	uint32_t block = walk->at;

	if (!walk->left)
		return 0;
	walk->left--;
	walk->at++;
	if (walk->at == walk->journal->end)
		walk->at = walk->journal->first;
	return block;
}

bool jbd2_is_record(const struct jbd2_header *header)
{
	uint32_t type = be32_to_cpu(header->h_blocktype);

	return be32_to_cpu(header->h_magic) == JBD2_MAGIC &&
	       (type == JBD2_DESCRIPTOR || type == JBD2_COMMIT ||
		type == JBD2_REVOKE);
}

int jbd2_walk_next(struct jbd2_walk *walk)
{
	const struct jbd2_header *header = walk->record;
	uint32_t block = jbd2_walk_step(walk);
	int ret;

	if (!block)
		return -ENOENT;
	ret = jbd2_read(walk->journal, block, walk->record);
	if (ret)
		return ret;
	if (!jbd2_is_record(header) ||
	    be32_to_cpu(header->h_sequence) != walk->sequence)
		return -ENOENT;
	return 0;
}

static void jbd2_tag_decode(const struct jbd2 *journal, const void *at,
			    struct jbd2_tag_info *info)
{
	uint64_t high;

	/* Some kinds of tags are not aligned, and shorter. */
	if (journal->has_csum) {
		struct jbd2_tag3 tag;

		memcpy(&tag, at, sizeof(tag));
		info->place = be32_to_cpu(tag.t_blocknr);
		high = be32_to_cpu(tag.t_blocknr_high);
		info->flags = be32_to_cpu(tag.t_flags);
		info->csum = be32_to_cpu(tag.t_checksum);
	} else {
		struct jbd2_tag tag = { 0 };

		memcpy(&tag, at, MIN(jbd2_tag_bytes(journal), sizeof(tag)));
		info->place = be32_to_cpu(tag.t_blocknr);
		high = be32_to_cpu(tag.t_blocknr_high);
		info->flags = be16_to_cpu(tag.t_flags);
		info->csum = be16_to_cpu(tag.t_checksum);
	}
	if (journal->wide)
		info->place |= high << 32;
}

bool jbd2_walk_tag(const struct jbd2_walk *walk, uint32_t *offset,
		   struct jbd2_tag_info *info)
{
	const struct jbd2 *journal = walk->journal;
	uint32_t end = journal->block_size - jbd2_csum_length(journal);
	uint32_t bytes = jbd2_tag_bytes(journal);

	if (*offset > end - bytes)
		return false;
	jbd2_tag_decode(journal, (const char *)walk->record + *offset, info);
	*offset += bytes;
	if (!(info->flags & JBD2_TAG_SAME_UUID))
		*offset += sizeof(journal->super->s_uuid);
	if (info->flags & JBD2_TAG_LAST)
		*offset = end;
	return true;
}
