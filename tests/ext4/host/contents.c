// SPDX-License-Identifier: MIT
/* Contents of files and of directories. */
#include <string.h>

#include <lib/errno.h>

#include <mm/page.h>

#include "host_internal.h"

ssize_t host_read(struct inode *inode, void *buf, size_t len, off_t pos)
{
	size_t done = 0;

	while (done < len && pos < inode_size(inode)) {
		size_t offset = (size_t)pos & PAGE_MASK;
		size_t n = MIN(PAGE_SIZE - offset, len - done);
		struct page *page;
		int ret;

		n = MIN(n, (size_t)(inode_size(inode) - pos));
		ret = pagecache_read(&inode->mapping, (uint64_t)pos / PAGE_SIZE,
				     &page);
		if (ret)
			return ret;
		memcpy((char *)buf + done, (char *)page_to_virt(page) + offset,
		       n);
		page_put(page);
		done += n;
		pos += (off_t)n;
	}
	return (ssize_t)done;
}

static int write_page(struct inode *inode, struct page *page, const void *buf,
		      unsigned from, unsigned to)
{
	struct mapping *mapping = &inode->mapping;
	int ret = mapping->ops->write_begin(mapping, page, from, to);

	if (ret)
		return ret;
	memcpy((char *)page_to_virt(page) + from, buf, to - from);
	atomic_fetch_or(&page->flags, PAGE_UPTODATE);
	return mapping->ops->write_end(mapping, page, from, to - from);
}

ssize_t host_write(struct inode *inode, const void *buf, size_t len, off_t pos)
{
	struct mapping *mapping = &inode->mapping;
	size_t done = 0;
	unsigned tries = 0;
	int ret = 0;

	rwsem_write_lock(&inode->lock);
	/* Its times come first, as in the kernel. */
	inode_mark_dirty(inode);
	if (pos > inode_size(inode))
		ret = pagecache_prepare_hole(mapping);
	while (!ret && done < len) {
		size_t offset = (size_t)pos & PAGE_MASK;
		size_t n = MIN(PAGE_SIZE - offset, len - done);
		struct page *page =
			host_page_grab(mapping, (uint64_t)pos / PAGE_SIZE);

		if (!page) {
			ret = -ENOMEM;
			break;
		}
		ret = write_page(inode, page, (const char *)buf + done,
				 (unsigned)offset, (unsigned)(offset + n));
		if (!ret) {
			done += n;
			pos += (off_t)n;
			if (pos > inode_size(inode))
				inode_set_size(inode, pos);
		}
		page_unlock(page);
		page_put(page);
		if (ret && mapping->ops->may_write_again(mapping, ret, &tries))
			ret = 0;
	}
	rwsem_write_unlock(&inode->lock);
	return done ? (ssize_t)done : ret;
}

int host_truncate(struct inode *inode, off_t size)
{
	struct inode_attr attr = { .valid = ATTR_SIZE, .size = size };
	int ret;

	rwsem_write_lock(&inode->lock);
	ret = inode->ops->setattr(inode, &attr);
	rwsem_write_unlock(&inode->lock);
	return ret;
}

int host_fallocate(struct inode *inode, int mode, off_t pos, off_t len)
{
	struct file file = { .inode = inode };

	return inode->file_ops->fallocate(&file, mode, pos, len);
}

int host_readdir(struct inode *dir, struct dir_context *ctx)
{
	struct file file = { .inode = dir };

	return dir->file_ops->readdir(&file, ctx);
}
