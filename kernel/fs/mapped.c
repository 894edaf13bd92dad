// SPDX-License-Identifier: MIT
/*
 * What memory asks of files: open ones that areas show and programs run from,
 * and inodes whose pages are cached.  mm/ knows neither; it calls the two tables
 * at the end.
 */
#include <fs/file.h>

#include <linux/mman.h>
#include <linux/mount.h>

#include <lib/errno.h>

#include <fs/inode.h>
#include <mm/mm.h>
#include <mm/pagecache.h>

static struct file *mapped_get(struct file *file)
{
	return file_get(file);
}

/* What mmap(2) asks of the file and of the kind of sharing. */
static int mapped_check(const struct file *file, unsigned prot, bool shared)
{
	if (!(file->mode & FMODE_READ))
		return -EACCES;
	if (shared && prot & PROT_WRITE && !(file->mode & FMODE_WRITE))
		return -EACCES;
	if (prot & PROT_EXEC && file->path.mount &&
	    file->path.mount->flags & MS_NOEXEC)
		return -EPERM;
	return file->ops->mmap ? 0 : -ENODEV;
}

static bool mapped_may_write(const struct file *file)
{
	return file->mode & FMODE_WRITE;
}

static int mapped_map(struct file *file, struct vma *vma)
{
	return file->ops->mmap(file, vma);
}

static int mapped_sync(struct file *file, off_t from, off_t to)
{
	if (file->ops->fsync)
		return file->ops->fsync(file, from, to, true);
	return pagecache_sync(&file->inode->mapping,
			      (uint64_t)from >> PAGE_SHIFT,
			      (uint64_t)to >> PAGE_SHIFT, true);
}

/* While a program runs from it, nobody may open the file for writing. */
static struct file *mapped_get_program(struct file *file)
{
	/* The caller's denial holds, so one more is granted. */
	(void)inode_deny_write(file->inode);
	return file_get(file);
}

static void mapped_put_program(struct file *file)
{
	inode_allow_write(file->inode);
	file_put(file);
}

static void mapped_note_dirty(struct mapping *mapping)
{
	inode_mark_dirty_pages(mapping->host);
}

static void mapped_touch(struct mapping *mapping)
{
	inode_touch(mapping->host, ATTR_MTIME | ATTR_CTIME);
}

static const struct mm_file_ops mapped_file_ops = {
	.get = mapped_get,
	.put = file_put,
	.check_map = mapped_check,
	.may_write = mapped_may_write,
	.map = mapped_map,
	.sync = mapped_sync,
	.get_program = mapped_get_program,
	.put_program = mapped_put_program,
};

static const struct pagecache_hosts mapped_inodes = {
	.sync_all = fs_sync_all,
	.note_dirty = mapped_note_dirty,
	.touch = mapped_touch,
};

void mapped_init(void)
{
	mm_register_files(&mapped_file_ops);
	pagecache_register(&mapped_inodes);
}
