// SPDX-License-Identifier: MIT
/*
 * Writing into pages: what write(2) and shared mappings do before a page is
 * dirty.
 *
 * Blocks are allocated when dirty pages are written back (writeback.c), not
 * when they become dirty.  A page that needs blocks holds a promise of them
 * (PAGE_PRIVATE), one for each of its blocks, so that a lack of room is found
 * out by write(2).
 */
#include <string.h>

#include <lib/errno.h>

#include "page_io.h"

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
	ret = ext4_page_fill(inode, page);
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

bool ext4_may_write_again(struct mapping *mapping, int error, unsigned *tries)
{
	return ext4_should_retry(ext4_fs(mapping->host), error, tries);
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
