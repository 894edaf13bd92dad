// SPDX-License-Identifier: MIT
/*
 * Writing file data.
 *
 * Blocks are allocated when dirty pages are written back, not when they become
 * dirty: then the size of the file is known, and many pages get adjacent blocks
 * for the price of one.  A page that needs blocks holds a promise of them
 * (PAGE_PRIVATE), one for each of its blocks, so that a lack of room is found
 * out by write(2).
 *
 * Pages are locked in ascending order; a transaction is begun with pages
 * locked, never the other way round.
 */
#include <string.h>

#include <lib/errno.h>

#include <core/panic.h>
#include <core/printk.h>

#include "page_io.h"

#define BATCH_PAGES 16

/* --- promises --- */

static void ext4_inode_add_delayed(struct ext4_inode *inode, int64_t count)
{
	/* st_blocks shows what is promised; nobody relies on it. */
	atomic64_add(&inode->delayed, count);
	inode->vfs.blocks += (uint64_t)count
			     << (ext4_fs(&inode->vfs)->block_bits - 9);
}

/* How many blocks a page may need, with the lists that lead to them. */
static uint32_t ext4_promise_size(const struct ext4_inode *inode)
{
	uint32_t count = ext4_blocks_per_page(ext4_fs(&inode->vfs));

	return ext4_has_extents(inode) ? count : count + 3;
}

static int ext4_page_promise(struct ext4_inode *inode, struct page *page)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	uint32_t count = ext4_promise_size(inode);
	int ret = ext4_reserve_blocks(fs, count);

	if (ret)
		return ret;
	ext4_inode_add_delayed(inode, count);
	atomic_fetch_or(&page->flags, PAGE_PRIVATE);
	return 0;
}

void ext4_release_page(struct mapping *mapping, struct page *page)
{
	struct ext4_inode *inode = ext4_inode(mapping->host);
	struct ext4_fs *fs = ext4_fs(mapping->host);
	uint32_t count = ext4_promise_size(inode);

	if (!(atomic_fetch_and(&page->flags, ~PAGE_PRIVATE) & PAGE_PRIVATE))
		return;
	ext4_inode_add_delayed(inode, -(int64_t)count);
	ext4_unreserve_blocks(fs, count);
}

/* --- write(2) and shared mappings --- */

/* Has every block of the page a place and contents on the disk? */
static int ext4_page_is_mapped(struct ext4_inode *inode,
			       const struct page *page, bool *mapped)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	uint32_t lblk = page->index << ext4_page_block_bits(fs);
	uint32_t end = lblk + ext4_blocks_per_page(fs);

	*mapped = true;
	while (*mapped && lblk < end) {
		struct ext4_map map = { .lblk = lblk, .len = end - lblk };
		int ret = ext4_map_blocks(inode, &map, 0);

		if (ret)
			return ret;
		*mapped = map.pblk && !map.unwritten;
		lblk += map.len;
	}
	return 0;
}

/* What of the page is not overwritten must be what the file holds. */
static int ext4_page_prepare(struct ext4_inode *inode, struct page *page,
			     unsigned from, unsigned to)
{
	char *data = page_to_virt(page);
	int ret;

	if (!ext4_page_valid(&inode->vfs, page)) {
		memset(data, 0, from);
		memset(data + to, 0, PAGE_SIZE - to);
		return 0;
	}
	if (from == 0 && to >= ext4_page_valid(&inode->vfs, page)) {
		memset(data + to, 0, PAGE_SIZE - to);
		return 0;
	}
	ret = ext4_page_transfer(inode, page, false);
	if (!ret)
		atomic_fetch_or(&page->flags, PAGE_UPTODATE);
	return ret;
}

int ext4_write_begin(struct mapping *mapping, struct page *page, unsigned from,
		     unsigned to)
{
	struct ext4_inode *inode = ext4_inode(mapping->host);
	struct ext4_fs *fs = ext4_fs(mapping->host);
	int flags = atomic_load(&page->flags);
	bool mapped;
	int ret;

	if (unlikely(!fs->writable || atomic_load(&fs->damaged)))
		return -EROFS;
	if (!(flags & PAGE_UPTODATE)) {
		ret = ext4_page_prepare(inode, page, from, to);
		if (ret)
			return ret;
	}
	/* Dirty ones have been here; but truncation may take a part's blocks. */
	if (flags & PAGE_PRIVATE ||
	    (flags & PAGE_DIRTY && ext4_blocks_per_page(fs) == 1))
		return 0;
	ret = ext4_page_is_mapped(inode, page, &mapped);
	if (ret || mapped)
		return ret;
	return ext4_page_promise(inode, page);
}

int ext4_write_end(struct mapping *mapping, struct page *page, unsigned from,
		   unsigned copied)
{
	(void)mapping;
	(void)from;
	(void)copied;
	page_set_dirty(page);
	return 0;
}

/* --- write-back --- */

/* Allocate blocks [lblk, end) as far as they are missing. */
static int ext4_allocate_range(struct ext4_inode *inode, uint32_t lblk,
			       uint32_t end)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	struct buffer_transaction tx;
	int ret;

	ret = ext4_begin(fs, &tx);
	if (ret)
		return ret;
	while (!ret && lblk < end) {
		struct ext4_map map = { .lblk = lblk, .len = end - lblk };

		ret = ext4_map_blocks(inode, &map,
				      EXT4_MAP_CREATE | EXT4_MAP_DELAYED);
		lblk += map.len;
	}
	ext4_end(&tx);
	return ret;
}

/* Give the pages, which follow one another, their blocks. */
static int ext4_allocate_pages(struct ext4_inode *inode, struct page **pages,
			       unsigned nr)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	uint64_t size = (uint64_t)inode_size(&inode->vfs);
	uint64_t first = (uint64_t)pages[0]->index << ext4_page_block_bits(fs);
	uint64_t end = first + ((uint64_t)nr << ext4_page_block_bits(fs));
	bool promised = false;
	int ret = 0;

	for (unsigned i = 0; i < nr; i++)
		promised |= !!(atomic_load(&pages[i]->flags) & PAGE_PRIVATE);
	if (!promised)
		return 0;
	end = MIN(end, DIV_ROUND_UP(size, fs->block_size));
	if (first < end)
		ret = ext4_allocate_range(inode, (uint32_t)first,
					  (uint32_t)end);
	/* Kept or broken, the promises end here. */
	for (unsigned i = 0; i < nr; i++)
		ext4_release_page(&inode->vfs.mapping, pages[i]);
	return ret;
}

static void ext4_set_mapping_error(struct mapping *mapping, int error)
{
	unsigned long flags = spin_lock_irqsave(&mapping->lock);

	if (!mapping->error)
		mapping->error = error;
	spin_unlock_irqrestore(&mapping->lock, flags);
}

/* Start writing a locked page; consumes lock and reference. */
static int ext4_write_one(struct ext4_io_batch *batch, struct ext4_inode *inode,
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

	page_clear_dirty_for_io(page);
	if (nr) {
		memset((char *)page_to_virt(page) + valid, 0,
		       PAGE_SIZE - valid);
		ret = ext4_map_blocks(inode, &map, 0);
		if (!ret && map.len == nr && map.pblk && !map.unwritten &&
		    ext4_io_add(batch, page, map.pblk, nr << fs->block_bits)) {
			/* It is not submitted yet, so it is still ours. */
			page_unlock(page);
			return 0;
		}
		if (!ret)
			ret = ext4_page_transfer(inode, page, true);
	}
	if (ret) {
		atomic_fetch_or(&page->flags, PAGE_ERROR);
		ext4_set_mapping_error(&inode->vfs.mapping, ret);
	}
	page_unlock(page);
	page_end_writeback(page);
	page_put(page);
	return ret;
}

/* Locked dirty pages that follow one another: on their way, and unlocked. */
static int ext4_write_batch(struct ext4_io_batch *batch,
			    struct ext4_inode *inode, struct page **pages,
			    unsigned nr)
{
	int ret = ext4_allocate_pages(inode, pages, nr);

	if (ret && ret != -EROFS)
		pr_err("ext4: inode %llu: data is lost, no blocks for it (%d)",
		       (unsigned long long)inode->vfs.ino, ret);
	for (unsigned i = 0; i < nr; i++) {
		int err = ext4_write_one(batch, inode, pages[i]);

		ret = ret ? ret : err;
	}
	return ret;
}

int ext4_write_pages(struct mapping *mapping, uint64_t first, uint64_t last,
		     bool wait)
{
	struct ext4_inode *inode = ext4_inode(mapping->host);
	struct ext4_io_batch batch = {
		.fs = ext4_fs(mapping->host),
		.write = true,
	};
	struct page *pages[BATCH_PAGES], *page;
	uint64_t index = first;
	unsigned nr = 0;
	int ret = 0, err;

	(void)wait; /* the page cache waits for the pages */
	do {
		page = pagecache_next_dirty(mapping, &index, last);
		if (nr && (!page || nr == BATCH_PAGES ||
			   page->index != pages[nr - 1]->index + 1)) {
			err = ext4_write_batch(&batch, inode, pages, nr);
			ret = ret ? ret : err;
			nr = 0;
		}
		if (page)
			pages[nr++] = page;
	} while (page);
	ext4_io_submit(&batch);
	return ret;
}
