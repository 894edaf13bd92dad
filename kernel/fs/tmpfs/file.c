// SPDX-License-Identifier: MIT
/*
 * tmpfs: contents of files.  They are the page cache and nothing else; a page
 * that was written carries PAGE_PRIVATE and counts against the size limit.
 */
#include <string.h>

#include <lib/errno.h>

#include <fs/file.h>
#include <mm/page.h>
#include <mm/pagecache.h>

#include "tmpfs_internal.h"

static void page_fill_zero(struct page *page)
{
	memset(page_to_virt(page), 0, PAGE_SIZE);
	atomic_fetch_or(&page->flags, PAGE_UPTODATE);
}

/* Only holes are ever read. */
static int tmpfs_read_page(struct mapping *mapping, struct page *page)
{
	(void)mapping;
	page_fill_zero(page);
	page_unlock(page);
	return 0;
}

static int page_charge(struct tmpfs *fs, struct page *page)
{
	if (atomic_load(&page->flags) & PAGE_PRIVATE)
		return 0;
	if (fs->max_pages &&
	    (uint64_t)atomic64_load(&fs->nr_pages) >= fs->max_pages)
		return -ENOSPC;
	atomic64_add(&fs->nr_pages, 1);
	atomic_fetch_or(&page->flags, PAGE_PRIVATE);
	return 0;
}

static int tmpfs_write_begin(struct mapping *mapping, struct page *page,
			     unsigned from, unsigned to)
{
	int ret = page_charge(tmpfs_of(mapping->host->super), page);

	if (ret)
		return ret;
	/* A page that is about to be written whole needs no zeros. */
	if (!(atomic_load(&page->flags) & PAGE_UPTODATE) &&
	    (from != 0 || to != PAGE_SIZE))
		page_fill_zero(page);
	return 0;
}

static int tmpfs_write_end(struct mapping *mapping, struct page *page,
			   unsigned from, unsigned copied)
{
	(void)mapping;
	if (!(atomic_load(&page->flags) & PAGE_UPTODATE)) {
		/* Less came than was announced: do not show what was there. */
		memset((char *)page_to_virt(page) + from + copied, 0,
		       PAGE_SIZE - from - copied);
		atomic_fetch_or(&page->flags, PAGE_UPTODATE);
	}
	page_set_dirty(page);
	return 0;
}

static void tmpfs_release_page(struct mapping *mapping, struct page *page)
{
	if (atomic_fetch_and(&page->flags, ~(int)PAGE_PRIVATE) & PAGE_PRIVATE)
		atomic64_sub(&tmpfs_of(mapping->host->super)->nr_pages, 1);
}

static int tmpfs_fsync(struct file *file, off_t start, off_t end,
		       bool data_only)
{
	(void)file;
	(void)start;
	(void)end;
	(void)data_only;
	return 0;
}

const struct mapping_ops tmpfs_mapping_ops = {
	.read_page = tmpfs_read_page,
	.write_begin = tmpfs_write_begin,
	.write_end = tmpfs_write_end,
	.release_page = tmpfs_release_page,
};

const struct inode_ops tmpfs_file_inode_ops = { 0 };

const struct file_ops tmpfs_file_ops = {
	.read = generic_read,
	.write = generic_write,
	.seek = generic_seek,
	.mmap = generic_mmap,
	.fsync = tmpfs_fsync,
};
