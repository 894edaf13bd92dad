// SPDX-License-Identifier: MIT
/*
 * Write-back: dirty pages get their blocks, and go to the disk.
 *
 * Only now the size of the file is known, and many pages get adjacent blocks
 * for the price of one transaction.  That transaction also makes the file on
 * the disk as long as what is being written, no longer; so after a loss of
 * power no file ends in zeros that nobody wrote.  Its commit waits for the data
 * (order.c).  So where the blocks are is looked up in the transaction, not
 * after it: a thread whose data is waited for must not wait for map_lock.
 *
 * Pages are locked in ascending order; a transaction is begun with pages
 * locked, never the other way round.
 */
#include <string.h>

#include <lib/errno.h>

#include <core/panic.h>
#include <core/printk.h>

#include "page_io.h"

#define BATCH_PAGES     32
/*
 * A transaction allocates about so many runs of blocks.  Each changes a bitmap
 * and a descriptor, and may split some nodes of the tree.
 */
#define BATCH_PIECES    16
#define PAGE_BLOCKS_MAX (PAGE_SIZE / 1024)

/* Blocks of the file that follow one another, on the disk as well. */
struct ext4_piece {
	uint64_t pblk; /* 0: a hole */
	uint32_t len;  /* blocks */
};

/* Dirty pages that follow one another, locked, on their way to the disk. */
struct ext4_writeback {
	struct ext4_inode *inode;
	struct ext4_io_batch io;
	struct page *pages[BATCH_PAGES];
	unsigned nr;
	uint64_t size; /* of the file; what is behind it is not written */
	/* Where the blocks of the next pages are; none: all are holes. */
	struct ext4_piece pieces[BATCH_PIECES + PAGE_BLOCKS_MAX];
	unsigned nr_pieces;
	unsigned at; /* the first that is not used up */
};

/* --- where --- */

static void ext4_piece_add(struct ext4_writeback *wb,
			   const struct ext4_map *map)
{
	struct ext4_piece piece = {
		.pblk = map->unwritten ? 0 : map->pblk,
		.len = map->len,
	};

	if (piece.pblk && wb->nr_pieces) {
		struct ext4_piece *last = &wb->pieces[wb->nr_pieces - 1];

		if (last->pblk && last->pblk + last->len == piece.pblk) {
			last->len += piece.len;
			return;
		}
	}
	ASSERT(wb->nr_pieces < ARRAY_SIZE(wb->pieces));
	wb->pieces[wb->nr_pieces++] = piece;
}

/*
 * Find, or with EXT4_MAP_CREATE make, the pieces of blocks [lblk, *end), as far
 * as they are not too many; *end becomes the end of those that were found, which
 * is the end of a page or as it was.  0 or the first error, which is about the
 * last page.
 */
static int ext4_find_pieces(struct ext4_writeback *wb, uint32_t lblk,
			    uint32_t *end, unsigned flags)
{
	uint32_t per_page = ext4_blocks_per_page(ext4_fs(&wb->inode->vfs));
	int ret = 0;

	while (lblk < *end) {
		struct ext4_map map = { .lblk = lblk, .len = *end - lblk };
		int err = ext4_map_blocks(wb->inode, &map, flags);

		if (err) {
			/* What else of its page has blocks must be written. */
			*end = MIN(*end, ALIGN_UP(lblk + 1, per_page));
			map.pblk = 0;
			map.len = *end - lblk;
			ret = ret ? ret : err;
		}
		if (err && flags) {
			flags = 0;
			continue;
		}
		ext4_piece_add(wb, &map);
		lblk += map.len;
		if (wb->nr_pieces >= BATCH_PIECES)
			*end = MIN(*end, ALIGN_UP(lblk, per_page));
	}
	return ret;
}

/* Find the pieces, with new blocks, within a transaction. */
static int ext4_allocate_pieces(struct ext4_writeback *wb, uint32_t lblk,
				uint32_t *end)
{
	struct ext4_inode *inode = wb->inode;
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	struct buffer_transaction tx;
	int ret;

	ret = ext4_begin_modify(&inode->vfs, &tx);
	if (ret)
		return ret;
	ret = ext4_find_pieces(wb, lblk, end,
			       EXT4_MAP_CREATE | EXT4_MAP_DELAYED);
	ext4_raise_disk_size(inode,
			     MIN((uint64_t)*end << fs->block_bits, wb->size));
	wb->io.commit = ext4_data_begin(fs);
	wb->io.ordered = true;
	ext4_end(&tx);
	return ret;
}

/* Does one of the pages need blocks, or the file a new size on the disk? */
static bool ext4_must_allocate(const struct ext4_writeback *wb, unsigned from,
			       uint32_t end)
{
	const struct ext4_fs *fs = ext4_fs(&wb->inode->vfs);

	if (MIN((uint64_t)end << fs->block_bits, wb->size) >
	    wb->inode->disk_size)
		return true;
	for (unsigned i = from; i < wb->nr; i++) {
		if (page_has_flag(wb->pages[i], PAGE_PRIVATE))
			return true;
	}
	return false;
}

/*
 * Find the pieces of some pages, the first of which is pages[from]; promises
 * end with this, kept or broken.  *n: of how many.
 */
static int ext4_prepare_pages(struct ext4_writeback *wb, unsigned from,
			      unsigned *n)
{
	struct ext4_inode *inode = wb->inode;
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	unsigned bits = ext4_page_block_bits(fs);
	uint64_t first = (uint64_t)wb->pages[from]->index << bits;
	uint64_t limit = DIV_ROUND_UP(wb->size, fs->block_size);
	uint64_t after = first + ((uint64_t)(wb->nr - from) << bits);
	uint32_t end = (uint32_t)MIN(after, limit);
	int ret = 0, err;

	wb->nr_pieces = wb->at = 0;
	*n = wb->nr - from;
	if (first < limit) {
		if (ext4_must_allocate(wb, from, end))
			ret = ext4_allocate_pieces(wb, (uint32_t)first, &end);
		if (!wb->io.ordered) {
			err = ext4_find_pieces(wb, (uint32_t)first, &end, 0);
			ret = ret ? ret : err;
		}
		if (end < MIN(after, limit))
			*n = (unsigned)((end - first) >> bits);
	}
	for (unsigned i = from; i < from + *n; i++)
		ext4_release_page(&inode->vfs.mapping, wb->pages[i]);
	return ret;
}

/* --- to the disk --- */

/* The next piece, cut to at most len blocks; they are used up with this. */
static struct ext4_piece ext4_piece_take(struct ext4_writeback *wb,
					 uint32_t len)
{
	struct ext4_piece *piece = &wb->pieces[wb->at], taken;

	if (wb->at == wb->nr_pieces)
		return (struct ext4_piece){ .len = len };
	taken.pblk = piece->pblk;
	taken.len = MIN(len, piece->len);
	piece->len -= taken.len;
	if (piece->pblk)
		piece->pblk += taken.len;
	if (!piece->len)
		wb->at++;
	return taken;
}

/*
 * A hole in a page that is written: nothing was ever written there, since that
 * would have brought a promise, and with it a block.
 */
static int ext4_write_by_pieces(struct ext4_writeback *wb, struct page *page,
				struct ext4_piece piece, uint32_t nr)
{
	struct ext4_fs *fs = wb->io.fs;
	uint32_t done = 0;
	int ret = 0;

	for (;;) {
		int err = 0;

		if (piece.pblk)
			err = ext4_io_now(fs, BIO_WRITE, page,
					  done << fs->block_bits, piece.pblk,
					  piece.len);
		ret = ret ? ret : err;
		done += piece.len;
		if (done == nr)
			return ret;
		piece = ext4_piece_take(wb, nr - done);
	}
}

/* Start writing a locked page; consumes lock and reference. */
static int ext4_write_one(struct ext4_writeback *wb, struct page *page)
{
	uint64_t start = (uint64_t)page->index << PAGE_SHIFT;
	uint32_t valid, nr;
	struct ext4_piece piece;
	int ret = 0;

	if (start < wb->size) {
		valid = (uint32_t)MIN(wb->size - start, PAGE_SIZE);
		nr = DIV_ROUND_UP(valid, wb->io.fs->block_size);
		memset((char *)page_to_virt(page) + valid, 0,
		       PAGE_SIZE - valid);
		piece = ext4_piece_take(wb, nr);
		if (piece.pblk && piece.len == nr &&
		    ext4_io_add(&wb->io, page, piece.pblk,
				nr << wb->io.fs->block_bits)) {
			/* It is not submitted yet, so it is still ours. */
			page_unlock(page);
			return 0;
		}
		ret = ext4_write_by_pieces(wb, page, piece, nr);
	}
	page_unlock(page);
	ext4_page_end_write(page, ret);
	return ret;
}

/* Some of the pages from pages[from] on; *n: how many. */
static int ext4_write_some(struct ext4_writeback *wb, unsigned from,
			   unsigned *n)
{
	struct ext4_fs *fs = wb->io.fs;
	int ret = ext4_prepare_pages(wb, from, n), err;

	if (wb->io.ordered) {
		err = ext4_data_may_start(fs, wb->io.commit);
		if (err)
			wb->nr_pieces = 0;
		ret = ret ? ret : err;
	}
	if (ret && ret != -EROFS)
		pr_err("ext4: inode %llu: data is lost, no blocks for it (%d)",
		       (unsigned long long)wb->inode->vfs.ino, ret);
	if (ret)
		ext4_mapping_failed(&wb->inode->vfs.mapping, ret);
	for (unsigned i = from; i < from + *n; i++) {
		err = ext4_write_one(wb, wb->pages[i]);
		ret = ret ? ret : err;
	}
	if (wb->io.ordered) {
		ext4_io_submit(&wb->io);
		wb->io.ordered = false;
		ext4_data_put(fs, wb->io.commit);
	}
	return ret;
}

/* All of the pages: on their way, and unlocked. */
static int ext4_write_batch(struct ext4_writeback *wb)
{
	int ret = 0, err;

	wb->size = (uint64_t)inode_size(&wb->inode->vfs);
	/* Now, as it takes locks: see ext4_data_begin(). */
	for (unsigned i = 0; i < wb->nr; i++)
		page_clear_dirty_for_io(wb->pages[i]);
	for (unsigned done = 0, n; done < wb->nr; done += n) {
		err = ext4_write_some(wb, done, &n);
		ret = ret ? ret : err;
	}
	wb->nr = 0;
	return ret;
}

int ext4_write_pages(struct mapping *mapping, uint64_t first, uint64_t last,
		     bool wait)
{
	struct ext4_writeback wb = {
		.inode = ext4_inode(mapping->host),
		.io = { .fs = ext4_fs(mapping->host), .write = true },
	};
	uint64_t index = first;
	struct page *page;
	int ret = 0, err;

	(void)wait; /* the page cache waits for the pages */
	do {
		page = pagecache_next_dirty(mapping, &index, last);
		if (wb.nr && (!page || wb.nr == BATCH_PAGES ||
			      page->index != wb.pages[wb.nr - 1]->index + 1)) {
			err = ext4_write_batch(&wb);
			ret = ret ? ret : err;
		}
		if (page)
			wb.pages[wb.nr++] = page;
	} while (page);
	ext4_io_submit(&wb.io);
	return ret;
}
