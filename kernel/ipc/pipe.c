// SPDX-License-Identifier: MIT
/*
 * Pipes: a ring of bytes between those who have its two ends open.
 * See pipe(7) for what is atomic, what blocks, and what wakes whom.
 *
 * pipe->lock is held over the copy to or from user memory: faults need no
 * pipe.  Whoever waits does it without the lock.  A writer wakes readers when
 * the pipe was empty, a reader wakes writers when it was so full that PIPE_BUF
 * bytes did not fit: nobody sleeps in between.
 */
#include <ipc/pipe.h>

#include <string.h>

#include <asm/ioctls.h>
#include <linux/capability.h>
#include <linux/fcntl.h>
#include <linux/limits.h>
#include <linux/poll.h>
#include <linux/stat.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <core/thread.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <mm/iov_iter.h>
#include <mm/usercopy.h>
#include <proc/cred.h>
#include <proc/signal.h>
#include <proc/task.h>

#include "pipe_internal.h"

#define PIPE_PAGES     16  /* 64 KiB, as on Linux */
#define PIPE_PAGES_MAX 256 /* 1 MiB, what F_SETPIPE_SZ may reach */

static struct slab_cache *pipe_slab;

static size_t pipe_used(const struct pipe *pipe)
{
	return pipe->head - pipe->tail;
}

static size_t pipe_room(const struct pipe *pipe)
{
	return pipe->nr_pages * PAGE_SIZE - pipe_used(pipe);
}

struct pipe *pipe_alloc(void)
{
	struct pipe *pipe = slab_zalloc(pipe_slab);

	if (!pipe)
		return NULL;
	pipe->pages = kcalloc(PIPE_PAGES, sizeof(*pipe->pages));
	if (!pipe->pages) {
		slab_free(pipe_slab, pipe);
		return NULL;
	}
	refcount_set(&pipe->refs, 1);
	pipe->nr_pages = PIPE_PAGES;
	mutex_init(&pipe->lock, LOCK_PIPE);
	waitq_init(&pipe->readers);
	waitq_init(&pipe->writers);
	return pipe;
}

void pipe_unref(struct pipe *pipe)
{
	if (!refcount_put(&pipe->refs))
		return;
	for (unsigned i = 0; i < pipe->nr_pages; i++) {
		if (pipe->pages[i])
			page_free_virt(pipe->pages[i]);
	}
	kfree(pipe->pages);
	slab_free(pipe_slab, pipe);
}

void pipe_opened(struct pipe *pipe, const struct file *file)
{
	if (file->mode & FMODE_READ) {
		pipe->nr_readers++;
		pipe->nr_opened_read++;
	}
	if (file->mode & FMODE_WRITE) {
		pipe->nr_writers++;
		pipe->nr_opened_write++;
	}
}

void pipe_closed(struct pipe *pipe, const struct file *file)
{
	mutex_lock(&pipe->lock);
	if (file->mode & FMODE_READ)
		pipe->nr_readers--;
	if (file->mode & FMODE_WRITE)
		pipe->nr_writers--;
	if (!pipe->nr_writers)
		waitq_wake_poll(&pipe->readers, POLLIN | POLLHUP);
	if (!pipe->nr_readers)
		waitq_wake_poll(&pipe->writers, POLLOUT | POLLERR);
	mutex_unlock(&pipe->lock);
}

/* The contiguous piece at a position of the ring. */
static size_t ring_piece(uint64_t pos, size_t n)
{
	return MIN(n, PAGE_SIZE - (pos & PAGE_MASK));
}

static void **ring_slot(const struct pipe *pipe, uint64_t pos)
{
	return &pipe->pages[(pos >> PAGE_SHIFT) & (pipe->nr_pages - 1)];
}

/* lock held.  Bytes taken out; *fault: user memory failed. */
static size_t pipe_take(struct pipe *pipe, struct iov_iter *to, bool *fault)
{
	size_t done = 0;

	while (to->count && pipe_used(pipe)) {
		size_t n =
			ring_piece(pipe->tail, MIN(to->count, pipe_used(pipe)));
		char *page = *ring_slot(pipe, pipe->tail);
		size_t copied = iov_iter_copy_to(
			to, page + (pipe->tail & PAGE_MASK), n);

		pipe->tail += copied;
		done += copied;
		if (copied < n) {
			*fault = true;
			break;
		}
	}
	/* Empty: start in the first page again, which is warm. */
	if (pipe->tail == pipe->head)
		pipe->tail = pipe->head = 0;
	return done;
}

/* lock held.  Bytes put in, at most room; *error: why not all. */
static size_t pipe_put(struct pipe *pipe, struct iov_iter *from, int *error)
{
	size_t room = pipe_room(pipe);
	size_t done = 0;

	while (from->count && done < room) {
		size_t n =
			ring_piece(pipe->head, MIN(from->count, room - done));
		void **slot = ring_slot(pipe, pipe->head);
		size_t copied;

		if (!*slot)
			*slot = page_alloc_virt(ALLOC_USER);
		if (!*slot) {
			*error = -ENOMEM;
			break;
		}
		copied = iov_iter_copy_from(
			from, (char *)*slot + (pipe->head & PAGE_MASK), n);
		pipe->head += copied;
		done += copied;
		if (copied < n) {
			*error = -EFAULT;
			break;
		}
	}
	return done;
}

static bool pipe_can_read(const struct pipe *pipe)
{
	return pipe_used(pipe) || !pipe->nr_writers;
}

static ssize_t pipe_read(struct file *file, struct iov_iter *to, off_t *pos)
{
	struct pipe *pipe = file->private;
	bool fault = false;
	bool was_full;
	size_t n;
	int ret;

	(void)pos;
	if (!to->count)
		return 0;
	mutex_lock(&pipe->lock);
	while (!pipe_used(pipe)) {
		bool at_end = !pipe->nr_writers;

		mutex_unlock(&pipe->lock);
		if (at_end)
			return 0;
		if (file->flags & O_NONBLOCK)
			return -EAGAIN;
		ret = waitq_wait_interruptible(&pipe->readers,
					       pipe_can_read(pipe));
		if (ret)
			return ret;
		mutex_lock(&pipe->lock);
	}
	was_full = pipe_room(pipe) < PIPE_BUF;
	n = pipe_take(pipe, to, &fault);
	if (was_full && pipe_room(pipe) >= PIPE_BUF)
		waitq_wake_poll(&pipe->writers, POLLOUT);
	mutex_unlock(&pipe->lock);
	return n || !fault ? (ssize_t)n : -EFAULT;
}

/* Room for all that must go in one piece, or for anything of the rest. */
static bool pipe_can_write(const struct pipe *pipe, size_t wanted)
{
	return !pipe->nr_readers ||
	       pipe_room(pipe) >= MIN(wanted, (size_t)PIPE_BUF);
}

/* lock held.  Put in what fits now; readers learn of it. */
static size_t write_some(struct pipe *pipe, struct iov_iter *from, int *error)
{
	bool was_empty = !pipe_used(pipe);
	size_t n = pipe_put(pipe, from, error);

	if (was_empty && n)
		waitq_wake_poll(&pipe->readers, POLLIN);
	return n;
}

static ssize_t pipe_broken(size_t done)
{
	if (done)
		return (ssize_t)done;
	signal_send_task(current, SIGPIPE, NULL);
	return -EPIPE;
}

static ssize_t pipe_write(struct file *file, struct iov_iter *from, off_t *pos)
{
	struct pipe *pipe = file->private;
	size_t done = 0;
	int error = 0;

	(void)pos;
	if (!from->count)
		return 0;
	mutex_lock(&pipe->lock);
	for (;;) {
		/* Up to PIPE_BUF bytes go in one piece or not yet. */
		if (!pipe->nr_readers) {
			mutex_unlock(&pipe->lock);
			return pipe_broken(done);
		}
		if (pipe_can_write(pipe, from->count))
			done += write_some(pipe, from, &error);
		if (!from->count || error)
			break;
		if (file->flags & O_NONBLOCK) {
			error = -EAGAIN;
			break;
		}
		mutex_unlock(&pipe->lock);
		error = waitq_wait_interruptible(
			&pipe->writers, pipe_can_write(pipe, from->count));
		mutex_lock(&pipe->lock);
		if (error)
			break;
	}
	mutex_unlock(&pipe->lock);
	return done ? (ssize_t)done : error;
}

static unsigned pipe_poll(struct file *file, struct poll_table *table)
{
	struct pipe *pipe = file->private;
	unsigned events = 0;

	if (file->mode & FMODE_READ) {
		poll_wait(file, &pipe->readers, table);
		if (pipe_used(pipe))
			events |= POLLIN | POLLRDNORM;
		if (!pipe->nr_writers && pipe->nr_opened_write)
			events |= POLLHUP;
	}
	if (file->mode & FMODE_WRITE) {
		poll_wait(file, &pipe->writers, table);
		if (pipe_room(pipe) >= PIPE_BUF)
			events |= POLLOUT | POLLWRNORM;
		if (!pipe->nr_readers)
			events |= POLLERR;
	}
	return events;
}

static long pipe_ioctl(struct file *file, unsigned cmd, unsigned long arg)
{
	struct pipe *pipe = file->private;

	if (cmd != FIONREAD)
		return -ENOTTY;
	return put_user((int)pipe_used(pipe), (int __user *)arg);
}

static void pipe_release(struct file *file)
{
	struct pipe *pipe = file->private;

	pipe_closed(pipe, file);
	pipe_unref(pipe);
}

static const struct file_ops pipe_file_ops = {
	.release = pipe_release,
	.read = pipe_read,
	.write = pipe_write,
	.ioctl = pipe_ioctl,
	.poll = pipe_poll,
	.stream = true,
};

const struct file_ops fifo_opened_ops = {
	.release = fifo_leave,
	.read = pipe_read,
	.write = pipe_write,
	.ioctl = pipe_ioctl,
	.poll = pipe_poll,
	.stream = true,
};

static int pipe_make_end(struct pipe *pipe, unsigned flags,
			 struct file **result)
{
	int ret;

	ret = file_create_anon(&pipe_file_ops, pipe, flags, "pipe", result);
	if (ret)
		return ret;
	(*result)->inode = anon_inode(S_IFIFO);
	pipe_opened(pipe, *result);
	return 0;
}

int pipe_create(unsigned flags, struct file *ends[2])
{
	struct pipe *pipe = pipe_alloc();
	int ret;

	if (!pipe)
		return -ENOMEM;
	flags &= O_NONBLOCK;
	ret = pipe_make_end(pipe, flags | O_RDONLY, &ends[0]);
	if (ret) {
		pipe_unref(pipe);
		return ret;
	}
	refcount_get(&pipe->refs);
	ret = pipe_make_end(pipe, flags | O_WRONLY, &ends[1]);
	if (ret) {
		pipe_unref(pipe);
		file_put(ends[0]);
	}
	return ret;
}

static int pipe_reopen(struct inode *inode, struct file *file)
{
	struct pipe *pipe = inode->private;

	mutex_lock(&pipe->lock);
	refcount_get(&pipe->refs);
	pipe_opened(pipe, file);
	mutex_unlock(&pipe->lock);
	file->private = pipe;
	file->ops = &pipe_file_ops;
	file->anon_name = "pipe";
	return 0;
}

static const struct file_ops pipe_reopen_ops = {
	.open = pipe_reopen,
};

int pipe_make_path(struct file *file, struct path *result)
{
	struct pipe *pipe = file->private;
	int ret;

	if (file->ops != &pipe_file_ops)
		return -ENXIO;
	refcount_get(&pipe->refs);
	ret = anon_make_path(S_IFIFO | 0600, &pipe_reopen_ops, pipe, result);
	if (ret)
		pipe_unref(pipe);
	return ret;
}

static struct pipe *pipe_of(const struct file *file)
{
	return S_ISFIFO(file->inode->mode) ? file->private : NULL;
}

long pipe_get_size(struct file *file)
{
	const struct pipe *pipe = pipe_of(file);

	return pipe ? (long)(pipe->nr_pages * PAGE_SIZE) : -EBADF;
}

long pipe_get_room(struct file *file)
{
	const struct pipe *pipe = pipe_of(file);

	return pipe ? (long)pipe_room(pipe) : -EBADF;
}

/* lock held.  Only an empty ring changes its size. */
static int pipe_resize(struct pipe *pipe, unsigned nr_pages)
{
	void **pages;

	if (pipe_used(pipe))
		return -EBUSY;
	pages = kcalloc(nr_pages, sizeof(*pages));
	if (!pages)
		return -ENOMEM;
	for (unsigned i = 0; i < pipe->nr_pages; i++) {
		if (i < nr_pages)
			pages[i] = pipe->pages[i];
		else if (pipe->pages[i])
			page_free_virt(pipe->pages[i]);
	}
	kfree(pipe->pages);
	pipe->pages = pages;
	pipe->nr_pages = nr_pages;
	return 0;
}

long pipe_set_size(struct file *file, unsigned size)
{
	struct pipe *pipe = pipe_of(file);
	unsigned nr_pages = 1;
	int ret = 0;

	if (!pipe)
		return -EBADF;
	if (size > PIPE_PAGES_MAX * PAGE_SIZE)
		return size > INT32_MAX ? -EINVAL : -EPERM;
	while (nr_pages * PAGE_SIZE < size)
		nr_pages *= 2;
	mutex_lock(&pipe->lock);
	if (nr_pages != pipe->nr_pages)
		ret = pipe_resize(pipe, nr_pages);
	mutex_unlock(&pipe->lock);
	return ret ? ret : (long)(nr_pages * PAGE_SIZE);
}

void pipe_init(void)
{
	pipe_slab = slab_cache_create("pipe", sizeof(struct pipe), 8, NULL);
}
