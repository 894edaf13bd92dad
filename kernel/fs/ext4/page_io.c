// SPDX-License-Identifier: MIT
/*
 * Bios of file data, and reading pages.
 *
 * The usual page is one run of blocks from its start to its end or the file's;
 * such pages travel many to a bio.  Others, on file systems with small blocks,
 * go piece by piece, and somebody waits for them.
 *
 * A bio of data that a commit waits for is counted for it (order.c).  That ends
 * before the pages do, as a file system may be unmounted when these are done.
 */
#include <string.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <dev/block.h>

#include "page_io.h"

#define IO_VECS 32

struct ext4_io {
	struct bio bio;
	struct ext4_fs *fs;
	bool ordered;    /* that commit waits for it */
	unsigned commit; /* its number */
	struct bio_vec vecs[IO_VECS];
};

uint32_t ext4_page_valid(const struct inode *inode, const struct page *page)
{
	uint64_t size = (uint64_t)inode_size(inode);
	uint64_t start = (uint64_t)page->index << PAGE_SHIFT;

	if (start >= size)
		return 0;
	return (uint32_t)MIN(size - start, PAGE_SIZE);
}

/* What lies behind the end of the file reads as zeros, whatever is on disk. */
static void ext4_page_zero_tail(struct page *page)
{
	uint32_t valid = ext4_page_valid(page->mapping->host, page);

	memset((char *)page_to_virt(page) + valid, 0, PAGE_SIZE - valid);
}

static void ext4_page_end_read(struct page *page, int status)
{
	if (status) {
		atomic_fetch_or(&page->flags, PAGE_ERROR);
	} else {
		ext4_page_zero_tail(page);
		atomic_fetch_or(&page->flags, PAGE_UPTODATE);
	}
	page_unlock(page);
}

void ext4_mapping_failed(struct mapping *mapping, int error)
{
	unsigned long flags = spin_lock_irqsave(&mapping->lock);

	if (!mapping->error)
		mapping->error = error;
	spin_unlock_irqrestore(&mapping->lock, flags);
}

void ext4_page_end_write(struct page *page, int status)
{
	if (status) {
		atomic_fetch_or(&page->flags, PAGE_ERROR);
		ext4_mapping_failed(page->mapping, status);
	}
	page_end_writeback(page);
	page_put(page);
}

static void ext4_io_end_read(struct bio *bio)
{
	struct ext4_io *io = bio->private;

	for (unsigned i = 0; i < bio->nr_vecs; i++)
		ext4_page_end_read(io->vecs[i].page, bio->status);
	kfree(io);
}

static void ext4_io_end_write(struct bio *bio)
{
	struct ext4_io *io = bio->private;

	if (io->ordered)
		ext4_data_put(io->fs, io->commit);
	for (unsigned i = 0; i < bio->nr_vecs; i++)
		ext4_page_end_write(io->vecs[i].page, bio->status);
	kfree(io);
}

void ext4_io_submit(struct ext4_io_batch *batch)
{
	struct ext4_io *io = batch->io;

	if (!io)
		return;
	batch->io = NULL;
	io->ordered = batch->ordered;
	io->commit = batch->commit;
	if (io->ordered)
		ext4_data_get(io->fs, io->commit);
	bio_submit(&io->bio);
}

static bool ext4_io_start(struct ext4_io_batch *batch, uint64_t sector)
{
	struct ext4_io *io = kmalloc(sizeof(*io));

	if (!io)
		return false;
	io->fs = batch->fs;
	io->bio = (struct bio){
		.bdev = batch->fs->super->bdev,
		.op = batch->write ? BIO_WRITE : BIO_READ,
		.sector = sector,
		.vecs = io->vecs,
		.end_io = batch->write ? ext4_io_end_write : ext4_io_end_read,
		.private = io,
	};
	batch->io = io;
	return true;
}

/* Could the page that starts at sector go behind those collected? */
static bool ext4_io_fits(const struct ext4_io_batch *batch, uint64_t sector)
{
	const struct block_device *bdev = batch->fs->super->bdev;
	const struct bio *bio = &batch->io->bio;

	return bio->sector + bio->nr_sectors == sector &&
	       bio->nr_vecs < MIN(IO_VECS, bdev->max_vecs) &&
	       bio->nr_sectors + PAGE_SIZE / 512 <= bdev->max_sectors;
}

bool ext4_io_add(struct ext4_io_batch *batch, struct page *page, uint64_t block,
		 uint32_t len)
{
	uint64_t sector = block << (batch->fs->block_bits - 9);
	struct bio *bio;

	if (batch->io && !ext4_io_fits(batch, sector))
		ext4_io_submit(batch);
	if (!batch->io && !ext4_io_start(batch, sector))
		return false;
	bio = &batch->io->bio;
	batch->io->vecs[bio->nr_vecs++] =
		(struct bio_vec){ .page = page, .len = len };
	bio->nr_sectors += len / 512;
	return true;
}

/* --- piece by piece --- */

int ext4_io_now(struct ext4_fs *fs, enum bio_op op, struct page *page,
		uint32_t offset, uint64_t block, uint32_t nr)
{
	uint32_t len = nr << fs->block_bits;
	struct bio_vec vec = { .page = page, .offset = offset, .len = len };
	struct bio bio = {
		.bdev = fs->super->bdev,
		.op = op,
		.sector = block << (fs->block_bits - 9),
		.nr_sectors = len / 512,
		.vecs = &vec,
		.nr_vecs = 1,
	};

	return bio_submit_wait(&bio);
}

int ext4_page_fill(struct ext4_inode *inode, struct page *page)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	uint32_t valid = ext4_page_valid(&inode->vfs, page);
	uint32_t nr = DIV_ROUND_UP(valid, fs->block_size);
	uint32_t first = page->index << ext4_page_block_bits(fs);
	char *data = page_to_virt(page);
	int ret = 0;

	for (uint32_t i = 0; !ret && i < nr;) {
		struct ext4_map map = { .lblk = first + i, .len = nr - i };
		uint32_t offset = i << fs->block_bits;

		ret = ext4_map_blocks(inode, &map, 0);
		if (ret)
			break;
		if (map.pblk && !map.unwritten)
			ret = ext4_io_now(fs, BIO_READ, page, offset, map.pblk,
					  map.len);
		else
			memset(data + offset, 0, map.len << fs->block_bits);
		i += map.len;
	}
	if (!ret)
		ext4_page_zero_tail(page);
	return ret;
}

/* --- reading --- */

/*
 * Start to read a locked page; it is unlocked at the end.  0 or -errno, which
 * is also the end.
 */
static int ext4_read_one(struct ext4_io_batch *batch, struct ext4_inode *inode,
			 struct page *page)
{
	struct ext4_fs *fs = batch->fs;
	uint32_t valid = ext4_page_valid(&inode->vfs, page);
	uint32_t nr = DIV_ROUND_UP(valid, fs->block_size);
	struct ext4_map map = {
		.lblk = page->index << ext4_page_block_bits(fs),
		.len = nr,
	};
	int ret = 0;

	if (nr) {
		ret = ext4_map_blocks(inode, &map, 0);
		if (!ret && map.len == nr && map.pblk && !map.unwritten &&
		    ext4_io_add(batch, page, map.pblk, nr << fs->block_bits))
			return 0;
	}
	if (!ret)
		ret = ext4_page_fill(inode, page);
	ext4_page_end_read(page, ret);
	return ret;
}

int ext4_read_page(struct mapping *mapping, struct page *page)
{
	struct ext4_inode *inode = ext4_inode(mapping->host);
	struct ext4_io_batch batch = { .fs = ext4_fs(mapping->host) };
	int ret = ext4_read_one(&batch, inode, page);

	ext4_io_submit(&batch);
	return ret;
}

void ext4_read_ahead(struct mapping *mapping, uint64_t index, unsigned nr)
{
	struct ext4_inode *inode = ext4_inode(mapping->host);
	struct ext4_io_batch batch = { .fs = ext4_fs(mapping->host) };

	for (; nr; nr--, index++) {
		struct page *page = pagecache_add(mapping, index);

		if (!page)
			continue;
		/* An error shows when the page is wanted. */
		(void)ext4_read_one(&batch, inode, page);
		page_put(page);
	}
	ext4_io_submit(&batch);
}
