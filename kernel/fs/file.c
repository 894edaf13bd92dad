// SPDX-License-Identifier: MIT
/*
 * Open files: birth, death, reading and writing.
 */
#include <fs/file.h>

#include <string.h>

#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/stat.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <fs/dentry.h>
#include <fs/eventpoll.h>
#include <fs/inode.h>
#include <mm/iov_iter.h>
#include <proc/task.h>

static struct slab_cache *file_slab;

static unsigned mode_of_flags(unsigned flags)
{
	static const unsigned char modes[] = {
		[O_RDONLY] = FMODE_READ,
		[O_WRONLY] = FMODE_WRITE,
		[O_RDWR] = FMODE_READ | FMODE_WRITE,
		[O_ACCMODE] = 0, /* for ioctls alone */
	};

	return modes[flags & O_ACCMODE];
}

static struct file *file_alloc_raw(unsigned flags)
{
	struct file *file = slab_zalloc(file_slab);

	if (!file)
		return NULL;
	refcount_set(&file->refs, 1);
	file->flags = flags;
	file->mode = mode_of_flags(flags);
	mutex_init(&file->pos_lock, LOCK_FILE_POS);
	return file;
}

struct file *file_alloc(const struct path *path, unsigned flags)
{
	struct file *file = file_alloc_raw(flags);

	if (!file)
		return NULL;
	path_get(path);
	file->path = *path;
	file->inode = dentry_inode(path->dentry);
	file->ops = file->inode->file_ops;
	return file;
}

int file_create_anon(const struct file_ops *ops, void *private, unsigned flags,
		     const char *name, struct file **result)
{
	struct file *file = file_alloc_raw(flags & ~(unsigned)O_CLOEXEC);

	if (!file)
		return -ENOMEM;
	file->ops = ops;
	file->private = private;
	file->mode |= FMODE_OPENED;
	file->anon_name = name;
	file->inode = anon_inode(0);
	*result = file;
	return 0;
}

void file_put(struct file *file)
{
	if (!refcount_put(&file->refs))
		return;
	if (!LIST_EMPTY(&file->watchers))
		eventpoll_file_closed(file);
	if (file->inode->locks)
		file_locks_release(file);
	if ((file->mode & FMODE_OPENED) && file->ops->release)
		file->ops->release(file);
	if (file->mode & FMODE_WRITE_COUNTED)
		inode_put_write(file->inode);
	if (file->path.mount)
		path_put(&file->path);
	slab_free(file_slab, file);
}

ssize_t file_read(struct file *file, struct iov_iter *to, off_t *pos)
{
	if (unlikely(!(file->mode & FMODE_READ)))
		return -EBADF;
	if (unlikely(!file->ops->read))
		return S_ISDIR(file->inode->mode) ? -EISDIR : -EINVAL;
	return file->ops->read(file, to, pos);
}

ssize_t file_write(struct file *file, struct iov_iter *from, off_t *pos)
{
	if (unlikely(!(file->mode & FMODE_WRITE)))
		return -EBADF;
	if (unlikely(!file->ops->write))
		return -EINVAL;
	return file->ops->write(file, from, pos);
}

bool file_pos_lock(struct file *file)
{
	if (file->ops->stream)
		return false;
	if (refcount_read(&file->refs) == 1 &&
	    !files_are_shared(current->files))
		return false;
	mutex_lock(&file->pos_lock);
	return true;
}

void file_pos_unlock(struct file *file, bool locked)
{
	if (locked)
		mutex_unlock(&file->pos_lock);
}

ssize_t file_read_pos(struct file *file, struct iov_iter *to)
{
	bool locked = file_pos_lock(file);
	ssize_t n = file_read(file, to, &file->pos);

	file_pos_unlock(file, locked);
	return n;
}

ssize_t file_write_pos(struct file *file, struct iov_iter *from)
{
	bool locked = file_pos_lock(file);
	ssize_t n = file_write(file, from, &file->pos);

	file_pos_unlock(file, locked);
	return n;
}

off_t file_seek(struct file *file, off_t offset, int whence)
{
	bool locked;
	off_t pos;

	if (file->ops->stream || !file->ops->seek)
		return -ESPIPE;
	locked = file_pos_lock(file);
	pos = file->ops->seek(file, offset, whence);
	if (pos >= 0)
		file->pos = pos;
	file_pos_unlock(file, locked);
	return pos;
}

ssize_t file_read_kernel(struct file *file, void *buf, size_t len, off_t pos)
{
	struct iov_iter to;
	size_t done = 0;

	while (done < len) {
		ssize_t n;

		iov_iter_kernel(&to, (char *)buf + done, len - done);
		n = file_read(file, &to, &pos);
		if (n < 0)
			return done ? (ssize_t)done : n;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

ssize_t file_write_kernel(struct file *file, const void *buf, size_t len,
			  off_t pos)
{
	struct iov_iter from;
	size_t done = 0;

	while (done < len) {
		ssize_t n;

		iov_iter_kernel(&from, (char *)(uintptr_t)buf + done,
				len - done);
		n = file_write(file, &from, &pos);
		if (n <= 0)
			return done ? (ssize_t)done : n;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

void file_cache_init(void)
{
	file_slab = slab_cache_create("file", sizeof(struct file), 8, NULL);
}
