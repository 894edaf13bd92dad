// SPDX-License-Identifier: MIT
/*
 * FIFOs: pipes with a name.  See fifo(7).
 *
 * The pipe hangs on inode->pipe while somebody has the FIFO open (or is about
 * to); inode->lock guards that pointer and comes before pipe->lock.
 */
#include <linux/fcntl.h>
#include <linux/poll.h>

#include <lib/errno.h>

#include <fs/file.h>
#include <fs/inode.h>
#include <ipc/pipe.h>

#include "pipe_internal.h"

/* Wait until the other side was opened, too, if only for a moment. */
static int fifo_wait_partner(struct pipe *pipe, const struct file *file)
{
	unsigned seen;

	if (file->mode & FMODE_READ) {
		seen = pipe->nr_opened_write;
		return waitq_wait_interruptible(
			&pipe->readers,
			pipe->nr_writers || pipe->nr_opened_write != seen);
	}
	seen = pipe->nr_opened_read;
	return waitq_wait_interruptible(&pipe->writers,
					pipe->nr_readers ||
						pipe->nr_opened_read != seen);
}

/* inode->lock held.  The inode's pipe, referenced; NULL: no memory. */
static struct pipe *fifo_get_pipe(struct inode *inode)
{
	struct pipe *pipe = inode->pipe;

	if (pipe)
		refcount_get(&pipe->refs);
	else
		pipe = inode->pipe = pipe_alloc();
	return pipe;
}

/* inode->lock held.  Nobody has it open: the next user makes a new one. */
static void fifo_put_pipe(struct inode *inode, struct pipe *pipe)
{
	if (!pipe->nr_readers && !pipe->nr_writers)
		inode->pipe = NULL;
	pipe_unref(pipe);
}

/* Join the inode's pipe, which may have to be made. */
static int fifo_join(struct inode *inode, struct file *file)
{
	struct pipe *pipe;
	int ret = 0;

	rwsem_write_lock(&inode->lock);
	pipe = fifo_get_pipe(inode);
	if (!pipe) {
		ret = -ENOMEM;
		goto out;
	}
	mutex_lock(&pipe->lock);
	if (file->mode == FMODE_WRITE && (file->flags & O_NONBLOCK) &&
	    !pipe->nr_readers)
		ret = -ENXIO;
	else
		pipe_opened(pipe, file);
	mutex_unlock(&pipe->lock);
	if (ret)
		fifo_put_pipe(inode, pipe);
	else
		file->private = pipe;
out:
	rwsem_write_unlock(&inode->lock);
	return ret;
}

void fifo_leave(struct file *file)
{
	struct inode *inode = file->inode;
	struct pipe *pipe = file->private;

	rwsem_write_lock(&inode->lock);
	pipe_closed(pipe, file);
	fifo_put_pipe(inode, pipe);
	rwsem_write_unlock(&inode->lock);
}

static int fifo_open(struct inode *inode, struct file *file)
{
	unsigned both = FMODE_READ | FMODE_WRITE;
	struct pipe *pipe;
	int ret;

	ret = fifo_join(inode, file);
	if (ret)
		return ret;
	pipe = file->private;
	if (file->mode & FMODE_READ)
		waitq_wake_all(&pipe->writers);
	if (file->mode & FMODE_WRITE)
		waitq_wake_all(&pipe->readers);

	if ((file->mode & both) != both && !(file->flags & O_NONBLOCK)) {
		ret = fifo_wait_partner(pipe, file);
		if (ret) {
			fifo_leave(file);
			return ret;
		}
	}
	file->ops = &fifo_opened_ops;
	return 0;
}

const struct file_ops fifo_file_ops = {
	.open = fifo_open,
};
