// SPDX-License-Identifier: MIT
/* Moving pages between the page cache and the device, in long bios. */
#pragma once

#include <dev/block.h>
#include <mm/page.h>

#include "ext4_internal.h"

struct ext4_io;

/* Collects pages that follow one another on the disk into one bio. */
struct ext4_io_batch {
	struct ext4_fs *fs;
	bool write;
	bool ordered;       /* some of it is counted for a commit, */
	unsigned commit;    /* which is this one */
	struct ext4_io *io; /* being filled, or NULL */
};

/*
 * Read or write the first len bytes of a page at a block.  Reading: the page
 * is locked, and unlocked when it has been read.  Writing: it is under
 * write-back, which ends when it is written, as does the reference that is
 * handed over.  False: no memory; nothing was done.
 */
bool ext4_io_add(struct ext4_io_batch *batch, struct page *page, uint64_t block,
		 uint32_t len);
/* Start what has been collected.  To be called at the end. */
void ext4_io_submit(struct ext4_io_batch *batch);
/* A page that was under write-back is written (0), or not; puts it. */
void ext4_page_end_write(struct page *page, int status);
/* Have the next fsync(2) of the file return that error. */
void ext4_mapping_failed(struct mapping *mapping, int error);

/*
 * Move nr blocks between block and byte offset of the page, and wait: 0, -EIO.
 */
int ext4_io_now(struct ext4_fs *fs, enum bio_op op, struct page *page,
		uint32_t offset, uint64_t block, uint32_t nr);
/*
 * Read all blocks of a locked page that are mapped, and wait.  Holes become
 * zeros.  0, -EIO, -EUCLEAN ...
 */
int ext4_page_fill(struct ext4_inode *inode, struct page *page);

/* Bytes of the page that lie before the end of file. */
uint32_t ext4_page_valid(const struct inode *inode, const struct page *page);

/*
 * mapping_ops; <mm/pagecache.h> has their contract, here is what ext4 adds.
 *
 * Holes and what lies behind the end of file read as zeros.
 */
int ext4_read_page(struct mapping *mapping, struct page *page);
/*
 * Starts nr pages that are not in the cache yet; errors show when one is read.
 */
void ext4_read_ahead(struct mapping *mapping, uint64_t index, unsigned nr);
/*
 * Before bytes [from, to) of the page change: read what stays, and promise the
 * page its blocks if it has none, so that a full disk is seen here.  0, -EROFS,
 * -ENOSPC, -EIO, -ENOMEM, -EUCLEAN.
 */
int ext4_write_begin(struct mapping *mapping, struct page *page, unsigned from,
		     unsigned to);
/* It failed: may it be called again?  See ext4_should_retry(). */
bool ext4_may_write_again(struct mapping *mapping, int error, unsigned *tries);
/* After it: the page is dirty.  0. */
int ext4_write_end(struct mapping *mapping, struct page *page, unsigned from,
		   unsigned copied);
/*
 * Allocate what dirty pages [first, last] were promised, in long runs, and
 * start to write them; does not wait.  0 or the first error, which the mapping
 * also keeps.  In no transaction.
 */
int ext4_write_pages(struct mapping *mapping, uint64_t first, uint64_t last,
		     bool wait);
/* The page goes, or is written: end the promise, if it has one. */
void ext4_release_page(struct mapping *mapping, struct page *page);

static inline unsigned ext4_page_block_bits(const struct ext4_fs *fs)
{
	return PAGE_SHIFT - fs->block_bits;
}

static inline uint32_t ext4_blocks_per_page(const struct ext4_fs *fs)
{
	return 1u << ext4_page_block_bits(fs);
}
