// SPDX-License-Identifier: MIT
/*
 * Bios of file data, and reading pages.
 *
 * The usual page is one run of blocks from its start to its end or the file's;
 * such pages travel many to a bio.  Others, on file systems with small blocks,
 * go piece by piece, and somebody waits for them.
 */
#include <string.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <core/waitq.h>
#include <dev/block.h>

#include "page_io.h"

#define IO_VECS 32

struct ext4_io {
	struct bio bio;
	struct ext4_fs *fs;
	struct bio_vec vecs[IO_VECS];
};

/* For fs->data_writes to become 0; static, as it may outlive a mount. */
static struct waitq drain_queue = WAITQ_INIT(drain_queue);

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

static void ext4_page_end_write(struct page *page, int status)
{
	struct mapping *mapping = page->mapping;
	unsigned long flags;

	if (status) {
		atomic_fetch_or(&page->flags, PAGE_ERROR);
		flags = spin_lock_irqsave(&mapping->lock);
		if (!mapping->error)
			mapping->error = status;
		spin_unlock_irqrestore(&mapping->lock, flags);
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
	struct ext4_fs *fs = io->fs;

	for (unsigned i = 0; i < bio->nr_vecs; i++)
		ext4_page_end_write(io->vecs[i].page, bio->status);
	kfree(io);
	if (!atomic_sub_return(&fs->data_writes, 1))
		waitq_wake_all(&drain_queue);
}

void ext4_io_drain(struct ext4_fs *fs)
{
	waitq_wait(&drain_queue, !atomic_load(&fs->data_writes));
}

void ext4_io_submit(struct ext4_io_batch *batch)
{
	struct ext4_io *io = batch->io;

	if (!io)
		return;
	batch->io = NULL;
	if (batch->write)
		atomic_add(&batch->fs->data_writes, 1);
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

static int ext4_transfer_run(struct ext4_fs *fs, struct page *page,
			     uint32_t offset, const struct ext4_map *map,
			     bool write)
{
	uint32_t len = map->len << fs->block_bits;
	struct bio_vec vec = { .page = page, .offset = offset, .len = len };
	struct bio bio = {
		.bdev = fs->super->bdev,
		.op = write ? BIO_WRITE : BIO_READ,
		.sector = map->pblk << (fs->block_bits - 9),
		.nr_sectors = len / 512,
		.vecs = &vec,
		.nr_vecs = 1,
	};

	return bio_submit_wait(&bio);
}

/*
 * A hole in a page that is written: nothing was ever written there, since that
 * would have brought a promise, and with it a block.
 */
int ext4_page_transfer(struct ext4_inode *inode, struct page *page, bool write)
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
			ret = ext4_transfer_run(fs, page, offset, &map, write);
		else if (!write)
			memset(data + offset, 0, map.len << fs->block_bits);
		i += map.len;
	}
	if (!ret && !write)
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
		ret = ext4_page_transfer(inode, page, false);
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
