// SPDX-License-Identifier: MIT
/*
 * Writing transactions to the log ("Descriptor Block", "Revocation Block" and
 * "Commit Block" in the documentation that layout.h names).
 *
 * Two flushes make a transaction whole or nothing: one between its blocks and
 * the commit block, which says that they are there, and one behind that.
 */
#include <string.h>

#include <lib/crc.h>
#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <core/time.h>
#include <dev/block.h>

#include "jbd2_internal.h"

/* --- room --- */

static size_t jbd2_tags_per_block(const struct jbd2 *journal)
{
	size_t room = journal->block_size - sizeof(struct jbd2_header) -
		      sizeof(journal->super->s_uuid) -
		      jbd2_csum_length(journal);

	return room / jbd2_tag_bytes(journal);
}

static size_t jbd2_revoke_bytes(const struct jbd2 *journal)
{
	return journal->wide ? sizeof(be64) : sizeof(be32);
}

static size_t jbd2_revokes_per_block(const struct jbd2 *journal)
{
	size_t room = journal->block_size - sizeof(struct jbd2_revoke_header) -
		      jbd2_csum_length(journal);

	return room / jbd2_revoke_bytes(journal);
}

/* How many blocks of the log a transaction takes. */
static size_t jbd2_transaction_blocks(const struct jbd2 *journal, size_t nr,
				      size_t nr_revoked)
{
	return nr + DIV_ROUND_UP(nr, jbd2_tags_per_block(journal)) +
	       DIV_ROUND_UP(nr_revoked, jbd2_revokes_per_block(journal)) + 1;
}

size_t jbd2_limit(const struct jbd2 *journal)
{
	return (size_t)(journal->end - journal->first) * 3 / 8;
}

bool jbd2_has_room(const struct jbd2 *journal, size_t nr, size_t nr_revoked)
{
	return jbd2_transaction_blocks(journal, nr, nr_revoked) <=
	       journal->end - journal->head;
}

bool jbd2_is_full_after(const struct jbd2 *journal, size_t nr,
			size_t nr_revoked)
{
	size_t blocks = journal->end - journal->first;

	/* The next one may revoke all that is in the log. */
	return jbd2_transaction_blocks(journal, nr, nr_revoked) +
		       jbd2_transaction_blocks(journal, jbd2_limit(journal),
					       blocks) >
	       journal->end - journal->head;
}

/* --- blocks of the journal's own --- */

/*
 * One that is not on its way to the device, filled with zeros.  May wait for
 * everything that was given to the writer.
 */
static struct buffer *jbd2_own_block(struct jbd2 *journal,
				     struct buffer_writer *writer)
{
	struct buffer *buf;

	if (journal->own_used == JBD2_OWN_BLOCKS) {
		/* An error shows again when the writer is finished for good. */
		(void)buffer_writer_finish(writer);
		journal->own_used = 0;
	}
	buf = &journal->own[journal->own_used++];
	memset(buf->data, 0, journal->block_size);
	return buf;
}

static struct buffer *jbd2_new_block(struct jbd2 *journal,
				     struct buffer_writer *writer,
				     uint32_t type)
{
	struct buffer *buf = jbd2_own_block(journal, writer);
	struct jbd2_header *header = buf->data;

	header->h_magic = cpu_to_be32(JBD2_MAGIC);
	header->h_blocktype = cpu_to_be32(type);
	header->h_sequence = cpu_to_be32(journal->sequence);
	return buf;
}

/* The next block of the log. */
static void jbd2_append(struct jbd2 *journal, struct buffer_writer *writer,
			struct buffer *buf)
{
	ASSERT(journal->at < journal->end);
	buffer_writer_add(writer, buf, jbd2_place(journal, journal->at++));
}

/* The same of a descriptor or revoke block, which is complete now. */
static void jbd2_append_with_tail(struct jbd2 *journal,
				  struct buffer_writer *writer,
				  struct buffer *buf)
{
	size_t at = journal->block_size - sizeof(struct jbd2_tail);
	struct jbd2_tail *tail = (void *)((char *)buf->data + at);

	if (journal->has_csum)
		tail->t_checksum =
			cpu_to_be32(jbd2_block_csum(journal, buf->data, at));
	jbd2_append(journal, writer, buf);
}

int jbd2_own_blocks_alloc(struct jbd2 *journal)
{
	for (unsigned i = 0; i < JBD2_OWN_BLOCKS; i++) {
		if (!journal->own[i].data)
			journal->own[i].data = kmalloc(journal->block_size);
		if (!journal->own[i].data)
			return -ENOMEM;
	}
	return 0;
}

void jbd2_own_blocks_free(struct jbd2 *journal)
{
	for (unsigned i = 0; i < JBD2_OWN_BLOCKS; i++) {
		kfree(journal->own[i].data);
		journal->own[i].data = NULL;
	}
}

/* --- the parts of a transaction --- */

static void jbd2_write_revokes(struct jbd2 *journal,
			       struct buffer_writer *writer,
			       const struct buffer_list *revoked)
{
	size_t size = jbd2_revoke_bytes(journal);
	const struct buffer *buf = TAILQ_FIRST(revoked);

	while (buf) {
		struct buffer *block =
			jbd2_new_block(journal, writer, JBD2_REVOKE);
		struct jbd2_revoke_header *header = block->data;
		size_t left = jbd2_revokes_per_block(journal);
		char *at = (char *)(header + 1);

		for (; buf && left; buf = TAILQ_NEXT(buf, pending_link)) {
			be64 wide = cpu_to_be64(buf->block);
			be32 narrow = cpu_to_be32((uint32_t)buf->block);

			memcpy(at,
			       journal->wide ? (void *)&wide : (void *)&narrow,
			       size);
			at += size;
			left--;
		}
		header->r_count =
			cpu_to_be32((uint32_t)(at - (char *)block->data));
		jbd2_append_with_tail(journal, writer, block);
	}
}

/* Would it be taken for a block of the journal's own? */
static bool jbd2_must_escape(const struct buffer *buf)
{
	return be32_to_cpu(*(const be32 *)buf->data) == JBD2_MAGIC;
}

/* Of the block as the log has it. */
static uint32_t jbd2_tag_csum(const struct jbd2 *journal,
			      const struct buffer *buf, bool escaped)
{
	static const be32 zero;
	be32 sequence = cpu_to_be32(journal->sequence);
	uint32_t crc;

	if (!escaped)
		return jbd2_data_csum(journal, journal->sequence, buf->data);
	crc = crc32c(journal->csum_seed, &sequence, sizeof(sequence));
	crc = crc32c(crc, &zero, sizeof(zero));
	return crc32c(crc, (const char *)buf->data + sizeof(zero),
		      journal->block_size - sizeof(zero));
}

static void jbd2_write_tag(const struct jbd2 *journal, void *at,
			   const struct buffer *buf, uint32_t flags)
{
	bool escaped = jbd2_must_escape(buf);
	be32 low = cpu_to_be32((uint32_t)buf->block);
	be32 high = cpu_to_be32((uint32_t)(buf->block >> 32));

	flags |= escaped ? JBD2_TAG_ESCAPED : 0;
	if (journal->has_csum) {
		*(struct jbd2_tag3 *)at = (struct jbd2_tag3){
			.t_blocknr = low,
			.t_flags = cpu_to_be32(flags),
			.t_blocknr_high = high,
			.t_checksum = cpu_to_be32(
				jbd2_tag_csum(journal, buf, escaped)),
		};
	} else {
		struct jbd2_tag tag = {
			.t_blocknr = low,
			.t_flags = cpu_to_be16((uint16_t)flags),
			.t_blocknr_high = high,
		};

		memcpy(at, &tag, jbd2_tag_bytes(journal));
	}
}

/* A descriptor for the blocks from buf on; returns the first it has no tag for. */
static struct buffer *jbd2_write_descriptor(struct jbd2 *journal,
					    struct buffer_writer *writer,
					    struct buffer *buf)
{
	struct buffer *block = jbd2_new_block(journal, writer, JBD2_DESCRIPTOR);
	size_t left = jbd2_tags_per_block(journal);
	char *at = (char *)block->data + sizeof(struct jbd2_header);
	uint32_t flags = 0;

	while (buf) {
		struct buffer *next = STAILQ_NEXT(buf, io_link);

		left--;
		if (!next || !left)
			flags |= JBD2_TAG_LAST;
		jbd2_write_tag(journal, at, buf, flags);
		at += jbd2_tag_bytes(journal);
		if (!(flags & JBD2_TAG_SAME_UUID)) {
			memcpy(at, journal->super->s_uuid,
			       sizeof(journal->super->s_uuid));
			at += sizeof(journal->super->s_uuid);
		}
		buf = next;
		if (!left)
			break;
		flags = JBD2_TAG_SAME_UUID;
	}
	jbd2_append_with_tail(journal, writer, block);
	return buf;
}

static void jbd2_write_data(struct jbd2 *journal, struct buffer_writer *writer,
			    struct buffer *buf)
{
	if (jbd2_must_escape(buf)) {
		struct buffer *copy = jbd2_own_block(journal, writer);

		memcpy(copy->data, buf->data, journal->block_size);
		memset(copy->data, 0, sizeof(be32));
		buf = copy;
	}
	jbd2_append(journal, writer, buf);
}

int jbd2_write_blocks(struct jbd2 *journal, struct buffer_writer *writer,
		      const struct buffer_io_list *blocks,
		      const struct buffer_list *revoked)
{
	struct buffer *buf = STAILQ_FIRST(blocks), *end;
	int ret;

	journal->at = journal->head;
	journal->own_used = 0;
	jbd2_write_revokes(journal, writer, revoked);
	while (buf) {
		end = jbd2_write_descriptor(journal, writer, buf);
		for (; buf != end; buf = STAILQ_NEXT(buf, io_link))
			jbd2_write_data(journal, writer, buf);
	}
	ret = buffer_writer_finish(writer);
	return ret ? ret : block_flush(journal->bdev);
}

int jbd2_write_commit(struct jbd2 *journal, struct buffer_writer *writer)
{
	struct buffer *block = jbd2_new_block(journal, writer, JBD2_COMMIT);
	struct jbd2_commit_block *commit = block->data;
	uint64_t now = time_wall_ns();
	int ret;

	commit->h_commit_sec = cpu_to_be64(now / NSEC_PER_SEC);
	commit->h_commit_nsec = cpu_to_be32((uint32_t)(now % NSEC_PER_SEC));
	if (journal->has_csum)
		commit->h_chksum[0] = cpu_to_be32(jbd2_block_csum(
			journal, commit,
			offsetof(struct jbd2_commit_block, h_chksum)));
	jbd2_append(journal, writer, block);
	ret = buffer_writer_finish(writer);
	if (!ret)
		ret = block_flush(journal->bdev);
	if (ret)
		return ret;
	journal->head = journal->at;
	journal->sequence++;
	return 0;
}

/* --- the log as a whole --- */

int jbd2_start(struct jbd2 *journal, bool wide, bool csum)
{
	struct jbd2_super_block *super = journal->super;
	uint32_t features = JBD2_INCOMPAT_REVOKE;
	int ret;

	ASSERT(jbd2_is_empty(journal));
	ret = jbd2_own_blocks_alloc(journal);
	if (ret)
		return ret;
	features |= wide ? JBD2_INCOMPAT_64BIT : 0;
	features |= csum ? JBD2_INCOMPAT_CSUM_V3 : 0;
	super->s_feature_compat = cpu_to_be32(0);
	super->s_feature_incompat = cpu_to_be32(features);
	super->s_checksum_type = csum ? JBD2_CHECKSUM_CRC32C : 0;
	journal->wide = wide;
	journal->has_csum = csum;
	journal->has_csum2 = false;
	journal->is_async = false;
	return jbd2_checkpointed(journal);
}

int jbd2_checkpointed(struct jbd2 *journal)
{
	journal->head = journal->first;
	return jbd2_write_super(journal, journal->first);
}

int jbd2_stop(struct jbd2 *journal)
{
	return jbd2_write_super(journal, 0);
}
