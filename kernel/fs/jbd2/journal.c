// SPDX-License-Identifier: MIT
/*
 * A journal: its super block, where its blocks are, and its checksums.
 *
 * Layout: the kernel's Documentation/filesystems/ext4/journal.rst.  Every field
 * of the super block that something else relies on is checked here, once.
 *
 * A super block that is damaged is made anew, empty: we only write it while
 * nothing depends on it (jbd2.h), and Linux writes it by single sectors.  It
 * counts on from the highest number that any block of the log has, so that no
 * old transaction will ever look like a new one.
 */
#include <string.h>

#include <lib/crc.h>
#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <core/printk.h>
#include <dev/block.h>

#include "jbd2_internal.h"

#define JBD2_INCOMPAT_KNOWN                                                    \
	(JBD2_INCOMPAT_REVOKE | JBD2_INCOMPAT_64BIT |                          \
	 JBD2_INCOMPAT_ASYNC_COMMIT | JBD2_INCOMPAT_CSUM_V2 |                  \
	 JBD2_INCOMPAT_CSUM_V3 | JBD2_INCOMPAT_FAST_COMMIT)

/* --- blocks --- */

uint64_t jbd2_place(const struct jbd2 *journal, uint32_t block)
{
	const struct jbd2_run *run = journal->runs;

	ASSERT(block < journal->end);
	for (; block >= run->len; run++)
		block -= run->len;
	return run->block + block;
}

bool jbd2_has_place(const struct jbd2 *journal, uint64_t place)
{
	for (size_t i = 0; i < journal->nr_runs; i++) {
		const struct jbd2_run *run = &journal->runs[i];

		if (place >= run->block && place - run->block < run->len)
			return true;
	}
	return false;
}

static uint64_t jbd2_sector(const struct jbd2 *journal, uint32_t block)
{
	return jbd2_place(journal, block) * (journal->block_size / 512);
}

int jbd2_read(const struct jbd2 *journal, uint32_t block, void *data)
{
	return block_read(journal->bdev, jbd2_sector(journal, block), data,
			  journal->block_size);
}

/* --- checksums --- */

uint32_t jbd2_block_csum(const struct jbd2 *journal, const void *block,
			 size_t offset)
{
	const uint8_t *bytes = block;
	size_t after = offset + sizeof(be32);
	static const uint8_t zero[sizeof(be32)];
	uint32_t crc;

	crc = crc32c(journal->csum_seed, bytes, offset);
	crc = crc32c(crc, zero, sizeof(zero));
	return crc32c(crc, bytes + after, journal->block_size - after);
}

uint32_t jbd2_data_csum(const struct jbd2 *journal, uint32_t sequence,
			const void *data)
{
	be32 number = cpu_to_be32(sequence);
	uint32_t crc = crc32c(journal->csum_seed, &number, sizeof(number));

	return crc32c(crc, data, journal->block_size);
}

/* This one starts without the seed. */
static uint32_t jbd2_super_csum(const struct jbd2_super_block *super)
{
	const uint8_t *bytes = (const uint8_t *)super;
	size_t at = offsetof(struct jbd2_super_block, s_checksum);
	static const uint8_t zero[sizeof(be32)];
	uint32_t crc;

	crc = crc32c(~0u, bytes, at);
	crc = crc32c(crc, zero, sizeof(zero));
	return crc32c(crc, bytes + at + sizeof(zero),
		      JBD2_SUPER_BYTES - at - sizeof(zero));
}

uint32_t jbd2_tag_bytes(const struct jbd2 *journal)
{
	uint32_t n = sizeof(struct jbd2_tag);

	if (journal->has_csum)
		return sizeof(struct jbd2_tag3);
	/* Two bytes more, by an old mistake: t_checksum has its place anyway. */
	if (journal->has_csum2)
		n += sizeof(be16);
	return journal->wide ? n : n - (uint32_t)sizeof(be32);
}

/* --- the super block --- */

static uint32_t jbd2_incompat(const struct jbd2 *journal)
{
	return be32_to_cpu(journal->super->s_feature_incompat);
}

static void jbd2_features_read(struct jbd2 *journal)
{
	uint32_t incompat = jbd2_incompat(journal);

	journal->has_csum = incompat & JBD2_INCOMPAT_CSUM_V3;
	journal->has_csum2 = incompat & JBD2_INCOMPAT_CSUM_V2;
	journal->is_async = incompat & JBD2_INCOMPAT_ASYNC_COMMIT;
	journal->wide = incompat & JBD2_INCOMPAT_64BIT;
	journal->csum_seed = crc32c(~0u, journal->super->s_uuid,
				    sizeof(journal->super->s_uuid));
}

/* What version 1 ends before is zero in version 2, which we write. */
static void jbd2_super_upgrade(struct jbd2 *journal, const uint8_t uuid[16])
{
	struct jbd2_super_block *super = journal->super;
	size_t from = offsetof(struct jbd2_super_block, s_feature_compat);

	memset((char *)super + from, 0, journal->block_size - from);
	super->s_header.h_blocktype = cpu_to_be32(JBD2_SUPER_V2);
	super->s_nr_users = cpu_to_be32(1);
	memcpy(super->s_uuid, uuid, sizeof(super->s_uuid));
}

/* Does it look as it was written? */
static bool jbd2_super_is_whole(const struct jbd2_super_block *super)
{
	uint32_t incompat = be32_to_cpu(super->s_feature_incompat);
	uint32_t type = be32_to_cpu(super->s_header.h_blocktype);

	if (be32_to_cpu(super->s_header.h_magic) != JBD2_MAGIC)
		return false;
	if (type != JBD2_SUPER_V2)
		return type == JBD2_SUPER_V1;
	if (!(incompat & (JBD2_INCOMPAT_CSUM_V2 | JBD2_INCOMPAT_CSUM_V3)))
		return true;
	return super->s_checksum_type == JBD2_CHECKSUM_CRC32C &&
	       be32_to_cpu(super->s_checksum) == jbd2_super_csum(super);
}

static bool jbd2_features_ok(const struct jbd2 *journal)
{
	const struct jbd2_super_block *super = journal->super;
	uint32_t incompat = jbd2_incompat(journal);
	uint32_t csum = JBD2_INCOMPAT_CSUM_V2 | JBD2_INCOMPAT_CSUM_V3;

	if (incompat & ~JBD2_INCOMPAT_KNOWN || super->s_feature_ro_compat)
		return false;
	if (jbd2_is_empty(journal))
		return true;
	/* Where commits do not wait, only checksums tell if all is there. */
	if (incompat & JBD2_INCOMPAT_ASYNC_COMMIT && !(incompat & csum))
		return false;
	return !(incompat & JBD2_INCOMPAT_FAST_COMMIT);
}

static int jbd2_super_check(struct jbd2 *journal, uint32_t nr_blocks)
{
	const struct jbd2_super_block *super = journal->super;
	uint32_t end = be32_to_cpu(super->s_maxlen);
	uint32_t first = be32_to_cpu(super->s_first);
	uint32_t start = be32_to_cpu(super->s_start);

	if (!jbd2_features_ok(journal)) {
		pr_err("jbd2 %s: unknown features of the journal: %#x, %#x",
		       journal->bdev->name, jbd2_incompat(journal),
		       be32_to_cpu(super->s_feature_ro_compat));
		return -EOPNOTSUPP;
	}
	if (be32_to_cpu(super->s_blocksize) != journal->block_size ||
	    end > nr_blocks || end < JBD2_MIN_BLOCKS || !first ||
	    first > end - JBD2_MIN_BLOCKS / 2 ||
	    (start && (start < first || start >= end)) ||
	    (journal->has_csum && journal->has_csum2)) {
		pr_err("jbd2 %s: senseless super block of the journal",
		       journal->bdev->name);
		return -EUCLEAN;
	}
	journal->first = first;
	journal->end = end;
	return 0;
}

int jbd2_newest_sequence(const struct jbd2 *journal, uint32_t *newest)
{
	struct jbd2_header *header = kmalloc(journal->block_size);
	uint32_t block;
	int ret = 0;

	if (!header)
		return -ENOMEM;
	for (block = journal->first; block < journal->end; block++) {
		uint32_t type, sequence;

		ret = jbd2_read(journal, block, header);
		if (ret)
			break;
		type = be32_to_cpu(header->h_blocktype);
		sequence = be32_to_cpu(header->h_sequence);
		if (be32_to_cpu(header->h_magic) == JBD2_MAGIC &&
		    (type == JBD2_DESCRIPTOR || type == JBD2_COMMIT ||
		     type == JBD2_REVOKE) &&
		    jbd2_is_after(sequence, *newest))
			*newest = sequence;
	}
	kfree(header);
	return ret;
}

/* An empty log; in memory, until jbd2_start() or another writes it. */
static int jbd2_super_make(struct jbd2 *journal, uint32_t nr_blocks,
			   const uint8_t uuid[16])
{
	struct jbd2_super_block *super = journal->super;
	uint32_t newest = 0;
	int ret;

	pr_warn("jbd2 %s: the journal's super block is damaged: made anew",
		journal->bdev->name);
	journal->first = 1;
	journal->end = nr_blocks;
	ret = jbd2_newest_sequence(journal, &newest);
	if (ret)
		return ret;
	memset(super, 0, journal->block_size);
	super->s_header.h_magic = cpu_to_be32(JBD2_MAGIC);
	super->s_blocksize = cpu_to_be32(journal->block_size);
	super->s_maxlen = cpu_to_be32(nr_blocks);
	super->s_first = cpu_to_be32(1);
	super->s_sequence = cpu_to_be32(newest + 1);
	jbd2_super_upgrade(journal, uuid);
	jbd2_features_read(journal);
	return 0;
}

static int jbd2_super_load(struct jbd2 *journal, uint32_t nr_blocks,
			   const uint8_t uuid[16])
{
	struct jbd2_super_block *super = journal->super;
	int ret = jbd2_read(journal, 0, super);

	if (ret)
		return ret;
	if (!jbd2_super_is_whole(super)) {
		ret = jbd2_super_make(journal, nr_blocks, uuid);
	} else {
		if (super->s_header.h_blocktype == cpu_to_be32(JBD2_SUPER_V1))
			jbd2_super_upgrade(journal, uuid);
		jbd2_features_read(journal);
		ret = jbd2_super_check(journal, nr_blocks);
	}
	journal->sequence = be32_to_cpu(super->s_sequence);
	journal->head = journal->first;
	return ret;
}

int jbd2_write_super(struct jbd2 *journal, uint32_t start)
{
	struct jbd2_super_block *super = journal->super;
	int ret;

	super->s_start = cpu_to_be32(start);
	super->s_sequence = cpu_to_be32(journal->sequence);
	if (jbd2_csum_length(journal)) {
		super->s_checksum_type = JBD2_CHECKSUM_CRC32C;
		super->s_checksum = cpu_to_be32(jbd2_super_csum(super));
	}
	ret = block_flush(journal->bdev);
	if (!ret)
		ret = block_write(journal->bdev, jbd2_sector(journal, 0), super,
				  journal->block_size);
	if (!ret)
		ret = block_flush(journal->bdev);
	return ret;
}

/* --- open and close --- */

/* How many blocks the runs have; 0: not a journal's size. */
static uint32_t jbd2_count_blocks(const struct jbd2_run *runs, size_t nr_runs)
{
	uint64_t n = 0;

	for (size_t i = 0; i < nr_runs; i++)
		n += runs[i].len;
	return n < JBD2_MIN_BLOCKS || n > INT32_MAX ? 0 : (uint32_t)n;
}

static struct jbd2 *jbd2_alloc(struct block_device *bdev, uint32_t block_size,
			       const struct jbd2_run *runs, size_t nr_runs)
{
	struct jbd2 *journal = kzalloc(sizeof(*journal));

	if (!journal)
		return NULL;
	journal->bdev = bdev;
	journal->block_size = block_size;
	journal->nr_runs = nr_runs;
	journal->runs = kcalloc(nr_runs, sizeof(runs[0]));
	journal->super = kmalloc(block_size);
	if (!journal->runs || !journal->super) {
		jbd2_close(journal);
		return NULL;
	}
	memcpy(journal->runs, runs, nr_runs * sizeof(runs[0]));
	/* For jbd2_place(), until the super block says more. */
	journal->end = 1;
	return journal;
}

int jbd2_open(struct block_device *bdev, uint32_t block_size,
	      const struct jbd2_run *runs, size_t nr_runs,
	      const uint8_t uuid[16], struct jbd2 **result)
{
	uint32_t nr_blocks = jbd2_count_blocks(runs, nr_runs);
	struct jbd2 *journal;
	int ret;

	*result = NULL;
	if (!nr_blocks) {
		pr_err("jbd2 %s: the journal is too small, or too large",
		       bdev->name);
		return -EUCLEAN;
	}
	journal = jbd2_alloc(bdev, block_size, runs, nr_runs);
	if (!journal)
		return -ENOMEM;
	ret = jbd2_super_load(journal, nr_blocks, uuid);
	if (ret) {
		jbd2_close(journal);
		return ret;
	}
	*result = journal;
	return 0;
}

void jbd2_close(struct jbd2 *journal)
{
	if (!journal)
		return;
	jbd2_own_blocks_free(journal);
	kfree(journal->super);
	kfree(journal->runs);
	kfree(journal);
}

bool jbd2_lies_at(const struct jbd2 *journal, const struct jbd2_run *runs,
		  size_t nr_runs)
{
	if (nr_runs != journal->nr_runs)
		return false;
	for (size_t i = 0; i < nr_runs; i++) {
		if (runs[i].block != journal->runs[i].block ||
		    runs[i].len != journal->runs[i].len)
			return false;
	}
	return true;
}

bool jbd2_is_empty(const struct jbd2 *journal)
{
	return !journal->super->s_start;
}

int jbd2_discard(struct jbd2 *journal)
{
	uint32_t newest = journal->sequence;
	int ret = jbd2_newest_sequence(journal, &newest);

	if (ret)
		return ret;
	journal->sequence = newest + 1;
	return jbd2_write_super(journal, 0);
}
