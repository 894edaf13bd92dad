// SPDX-License-Identifier: MIT
/*
 * What programs tell of how they will use a file: posix_fadvise(3), which is
 * fadvise64(2), and readahead(2).  Access patterns are seen by the page cache
 * itself, so such advice is checked and not needed.
 */
#include <syscall/handlers.h>

#include <linux/fadvise.h>
#include <linux/stat.h>

#include <lib/errno.h>

#include <fs/file.h>
#include <fs/inode.h>
#include <mm/page.h>
#include <mm/pagecache.h>

/* Does it have pages in the cache? */
static bool has_pages(const struct inode *inode)
{
	return S_ISREG(inode->mode) || S_ISBLK(inode->mode);
}

/*
 * Bytes [start, end) are not wanted: what is clean goes now, what is dirty is on
 * its way.  Pages that they fill only partly stay, but for the file's last.
 */
static void advise_unwanted(struct mapping *mapping, uint64_t start,
			    uint64_t end)
{
	uint64_t first = DIV_ROUND_UP(start, PAGE_SIZE);

	if (end == (uint64_t)mapping_size(mapping))
		end = ALIGN_UP(end, PAGE_SIZE);
	end >>= PAGE_SHIFT;
	if (first >= end)
		return;
	/* Errors are for fsync(2) to tell. */
	(void)pagecache_sync(mapping, first, end - 1, false);
	pagecache_drop(mapping, first, end - 1);
}

/* For len bytes from start on, or all to the end if it is 0. */
static void advise(struct mapping *mapping, uint64_t start, uint64_t len,
		   int advice)
{
	uint64_t end = (uint64_t)mapping_size(mapping);

	if (start >= end)
		return;
	if (len && len < end - start)
		end = start + len;
	if (advice == POSIX_FADV_WILLNEED)
		pagecache_read_ahead(mapping, start >> PAGE_SHIFT,
				     DIV_ROUND_UP(end, PAGE_SIZE));
	else if (advice == POSIX_FADV_DONTNEED)
		advise_unwanted(mapping, start, end);
}

/* fadvise64(2), number 223: 0, -EBADF, -EINVAL or -ESPIPE. */
long sys_fadvise64(const struct syscall_args *args)
{
	off_t offset = (off_t)args->arg[1];
	off_t len = (off_t)args->arg[2];
	int advice = (int)args->arg[3];
	struct file *file = fd_get((int)args->arg[0]);
	long ret = 0;

	if (!file)
		return -EBADF;
	if (S_ISFIFO(file->inode->mode))
		ret = -ESPIPE;
	else if (len < 0 || advice < POSIX_FADV_NORMAL ||
		 advice > POSIX_FADV_NOREUSE)
		ret = -EINVAL;
	else if (offset >= 0 && has_pages(file->inode))
		advise(&file->inode->mapping, (uint64_t)offset, (uint64_t)len,
		       advice);
	fd_put(file);
	return ret;
}

/* readahead(2), number 213: 0, -EBADF or -EINVAL. */
long sys_readahead(const struct syscall_args *args)
{
	off_t offset = (off_t)args->arg[1];
	uint64_t len = args->arg[2];
	struct file *file = fd_get((int)args->arg[0]);
	long ret = 0;

	if (!file)
		return -EBADF;
	if (!(file->mode & FMODE_READ))
		ret = -EBADF;
	else if (!has_pages(file->inode) || offset < 0)
		ret = -EINVAL;
	else if (len)
		advise(&file->inode->mapping, (uint64_t)offset, len,
		       POSIX_FADV_WILLNEED);
	fd_put(file);
	return ret;
}
