// SPDX-License-Identifier: MIT
/*
 * read(2) and write(2) through the page cache.
 *
 * A read copies from pages that need not be locked: what a writer does at the
 * same time may be seen in part, as POSIX lets regular files do.  A write locks
 * one page at a time.  It must not fault while it holds the lock, since the
 * fault could want the same page: user memory is touched before, and the copy
 * itself gives up instead of faulting.
 */
#include <string.h>

#include <lib/errno.h>

#include <core/thread.h>
#include <core/time.h>
#include <mm/iov_iter.h>
#include <mm/page.h>
#include <mm/pagecache.h>

#include "mm_internal.h"

/* Found, up to date and not the cue for read-ahead: the usual case. */
static struct page *find_ready(struct mapping *mapping, uint64_t index)
{
	struct page *page = pagecache_find(mapping, index);
	int flags;

	if (unlikely(!page))
		return NULL;
	flags = atomic_load(&page->flags);
	if (likely((flags & (PAGE_UPTODATE | PAGE_READAHEAD)) ==
		   PAGE_UPTODATE)) {
		page_mark_used(page);
		return page;
	}
	page_put(page);
	return NULL;
}

ssize_t pagecache_read_iter(struct mapping *mapping, struct iov_iter *to,
			    off_t *pos)
{
	ssize_t done = 0;

	if (*pos < 0)
		return -EINVAL;
	while (to->count) {
		off_t size = mapping_size(mapping);
		uint64_t index = (uint64_t)*pos >> PAGE_SHIFT;
		size_t offset = (size_t)*pos & PAGE_MASK;
		size_t n, copied;
		struct page *page;
		int ret;

		if (*pos >= size)
			break;
		page = find_ready(mapping, index);
		if (unlikely(!page)) {
			ret = pagecache_read(mapping, index, &page);
			if (ret)
				return done ? done : ret;
			size = mapping_size(mapping);
			if (*pos >= size) {
				page_put(page);
				break;
			}
		}
		n = MIN(PAGE_SIZE - offset, to->count);
		n = MIN(n, (uint64_t)(size - *pos));
		copied = iov_iter_copy_to(
			to, (char *)page_to_virt(page) + offset, n);
		page_put(page);
		*pos += (off_t)copied;
		done += (ssize_t)copied;
		if (unlikely(copied < n))
			return done ? done : -EFAULT;
		if (to->count)
			thread_resched_point();
	}
	return done;
}

/* The parts that a file system without a disk leaves out. */
static int write_begin(struct mapping *mapping, struct page *page, size_t from,
		       size_t to)
{
	if (mapping->ops->write_begin)
		return mapping->ops->write_begin(mapping, page, (unsigned)from,
						 (unsigned)to);
	if (!page_has_flag(page, PAGE_UPTODATE)) {
		memset(page_to_virt(page), 0, from);
		memset((char *)page_to_virt(page) + to, 0, PAGE_SIZE - to);
	}
	return 0;
}

static int write_end(struct mapping *mapping, struct page *page, size_t from,
		     size_t copied)
{
	if (copied)
		atomic_fetch_or(&page->flags, PAGE_UPTODATE);
	if (mapping->ops->write_end)
		return mapping->ops->write_end(mapping, page, (unsigned)from,
					       (unsigned)copied);
	page_set_dirty(page);
	return 0;
}

/*
 * Copy up to n bytes into a locked page at offset.  Bytes, or -errno with
 * nothing copied.
 */
static ssize_t write_page(struct mapping *mapping, struct page *page,
			  struct iov_iter *from, size_t offset, size_t n)
{
	bool fresh = !page_has_flag(page, PAGE_UPTODATE);
	char *data = (char *)page_to_virt(page) + offset;
	size_t copied;
	int ret;

	ret = write_begin(mapping, page, offset, offset + n);
	if (ret)
		return ret;
	copied = iov_iter_copy_from_atomic(from, data, n);
	/* What was not copied is neither old nor new: take all of it back. */
	if (unlikely(copied < n && fresh)) {
		iov_iter_revert(from, copied);
		copied = 0;
	}
	ret = write_end(mapping, page, offset, copied);
	return ret ? ret : (ssize_t)copied;
}

/* The part of a write that lies in one page, tried once. */
static ssize_t write_chunk_once(struct mapping *mapping, struct iov_iter *from,
				off_t pos)
{
	size_t offset = (size_t)pos & PAGE_MASK;
	size_t n = MIN(PAGE_SIZE - offset, from->count);
	struct page *page;
	ssize_t ret;

	n = iov_iter_fault_in(from, n);
	if (!n)
		return -EFAULT;
	page = pagecache_grab(mapping, (uint64_t)pos >> PAGE_SHIFT);
	if (!page)
		return -ENOMEM;
	ret = write_page(mapping, page, from, offset, n);
	/* Before the lock goes: write-back must not take it for a tail. */
	if (ret > 0 && pos + ret > mapping_size(mapping))
		mapping_set_size(mapping, pos + ret);
	page_unlock(page);
	page_mark_used(page);
	page_put(page);
	return ret;
}

static ssize_t write_chunk(struct mapping *mapping, struct iov_iter *from,
			   off_t pos)
{
	unsigned tries = 0;
	ssize_t ret;

	do
		ret = write_chunk_once(mapping, from, pos);
	while (unlikely(ret < 0) &&
	       mapping_may_write_again(mapping, (int)ret, &tries));
	return ret;
}

int pagecache_prepare_hole(struct mapping *mapping)
{
	pagecache_truncate(mapping, mapping_size(mapping));
	return mapping->ops->prepare_hole ? mapping->ops->prepare_hole(mapping)
					  : 0;
}

ssize_t pagecache_write_iter(struct mapping *mapping, struct iov_iter *from,
			     off_t *pos)
{
	ssize_t done = 0;
	ssize_t ret = 0;

	if (*pos < 0)
		return -EINVAL;
	if (unlikely(*pos > mapping_size(mapping)))
		ret = pagecache_prepare_hole(mapping);
	if (ret)
		return ret;
	while (from->count) {
		ret = write_chunk(mapping, from, *pos);
		if (ret < 0)
			return done ? done : ret;
		/* 0: the memory went away between touch and copy; again. */
		*pos += ret;
		done += ret;
		if (!mapping->no_writeback)
			writeback_throttle(mapping);
		if (atomic_load(&current_thread()->flags) & THREAD_KILLED)
			return done ? done : -EINTR;
		if (from->count)
			thread_resched_point();
	}
	return done;
}
