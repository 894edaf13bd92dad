// SPDX-License-Identifier: MIT
/*
 * Terminals as files: read, write, poll, and job control.
 *
 * General terminal interface of POSIX.1-2017, chapter 11; ioctl_tty(2).
 * /dev/tty is the controlling terminal of the opener, /dev/console the
 * terminal that the device tree or console= chose.
 */
#include <fs/ttyfile.h>

#include <asm/ioctls.h>
#include <linux/fcntl.h>
#include <linux/major.h>
#include <linux/poll.h>

#include <lib/errno.h>

#include <dev/tty.h>
#include <fs/file.h>
#include <fs/ttyioctl.h>
#include <mm/iov_iter.h>
#include <proc/task.h>

/* --- Job control ----------------------------------------------------- */

static bool signal_is_ignored_or_blocked(int signo)
{
	struct task *task = current;

	return task->blocked.sig[0] & 1ull << (signo - 1) ||
	       task->process->sighand->action[signo - 1].sa_handler == SIG_IGN;
}

int ttyfile_check_foreground(struct tty *tty, int signo)
{
	struct process *process = current->process;

	if (process_tty() != tty || !tty->pgrp || tty->pgrp == process->pgid)
		return 0;
	if (signal_is_ignored_or_blocked(signo))
		return signo == SIGTTIN ? -EIO : 0;
	if (pgrp_is_orphaned(process->pgid))
		return -EIO;
	pgrp_signal(process->pgid, signo);
	return -ERESTARTSYS;
}

/* --- Reading --------------------------------------------------------- */

/* The timeout of a read with ICANON off: VTIME tenths of a second. */
static int64_t read_timeout_ns(const struct tty *tty)
{
	return tty->termios.c_cc[VTIME] * (NSEC_PER_SEC / 10);
}

/*
 * Wait until a read may begin or go on, given the bytes that it has.
 * 0: there are bytes.  -ETIMEDOUT: it ends with what it has.
 */
static int tty_wait_readable(struct tty *tty, unsigned file_flags, size_t got)
{
	bool canonical = tty->termios.c_lflag & ICANON;
	unsigned vmin = canonical ? 1 : tty->termios.c_cc[VMIN];
	int64_t timeout = -1;

	if (tty_readable(tty))
		return 0;
	if (got && (canonical || got >= vmin))
		return -ETIMEDOUT;
	if (!canonical && tty->termios.c_cc[VTIME] && (got || !vmin))
		timeout = read_timeout_ns(tty);
	else if (!vmin)
		return -ETIMEDOUT; /* a polling read */
	if (file_flags & O_NONBLOCK)
		return -EAGAIN;
	return waitq_wait_timeout(&tty->readable, tty_readable(tty), timeout);
}

/* One helping: up to 256 bytes to the reader.  *end: the read is complete. */
static ssize_t tty_read_some(struct tty *tty, struct iov_iter *to, bool *end)
{
	char buf[256];
	size_t n;

	mutex_lock(&tty->discipline);
	n = tty_read_line(tty, buf, MIN(sizeof(buf), to->count), end);
	/* In canonical mode one line is one read, however long the buffer. */
	if (tty->termios.c_lflag & ICANON &&
	    (n < sizeof(buf) || buf[n - 1] == '\n'))
		*end = true;
	mutex_unlock(&tty->discipline);
	return n && !iov_iter_copy_to(to, buf, n) ? -EFAULT : (ssize_t)n;
}

static ssize_t ttyfile_read(struct file *file, struct iov_iter *to, off_t *pos)
{
	struct tty *tty = file->private;
	bool end = false;
	size_t got = 0;
	ssize_t n;
	int ret;

	(void)pos;
	ret = ttyfile_check_foreground(tty, SIGTTIN);
	if (ret)
		return ret;
	while (to->count && !end) {
		ret = tty_wait_readable(tty, file->flags, got);
		if (ret == -ETIMEDOUT)
			break;
		if (ret)
			return got ? (ssize_t)got
				   : (ret == -EINTR ? -ERESTARTSYS : ret);
		n = tty_read_some(tty, to, &end);
		if (n < 0)
			return got ? (ssize_t)got : n;
		got += n;
	}
	return got;
}

/* --- Writing --------------------------------------------------------- */

/* Put a kernel buffer out, waiting for room.  Bytes done, or -errno if none. */
static ssize_t tty_write_buffer(struct tty *tty, const char *buf, size_t len,
				bool nonblock)
{
	size_t done = 0;
	int ret;

	for (;;) {
		done += tty_write_output(tty, buf + done, len - done);
		if (done == len)
			return done;
		if (nonblock)
			return done ? (ssize_t)done : -EAGAIN;
		ret = waitq_wait_interruptible(&tty->writable,
					       tty_output_room(tty) >= 2);
		if (ret)
			return done ? (ssize_t)done : -ERESTARTSYS;
	}
}

static ssize_t ttyfile_write(struct file *file, struct iov_iter *from,
			     off_t *pos)
{
	struct tty *tty = file->private;
	bool nonblock = file->flags & O_NONBLOCK;
	size_t done = 0;
	char buf[256];
	ssize_t ret = 0;
	size_t n;

	(void)pos;
	if (tty->termios.c_lflag & TOSTOP) {
		ret = ttyfile_check_foreground(tty, SIGTTOU);
		if (ret)
			return ret;
	}
	if (mutex_lock_interruptible(&tty->write_lock))
		return -ERESTARTSYS;
	while (from->count) {
		n = iov_iter_copy_from(from, buf,
				       MIN(sizeof(buf), from->count));
		ret = n ? tty_write_buffer(tty, buf, n, nonblock) : -EFAULT;
		if (ret < 0)
			break;
		done += ret;
		if ((size_t)ret < n)
			break;
	}
	mutex_unlock(&tty->write_lock);
	return done ? (ssize_t)done : ret;
}

/* --- The rest of the file --------------------------------------------- */

static unsigned ttyfile_poll(struct file *file, struct poll_table *table)
{
	struct tty *tty = file->private;
	unsigned events = 0;

	poll_wait(file, &tty->readable, table);
	poll_wait(file, &tty->writable, table);
	if (tty_readable(tty))
		events |= POLLIN | POLLRDNORM;
	if (tty_output_room(tty) >= TTY_OUTPUT_SIZE / 4)
		events |= POLLOUT | POLLWRNORM;
	return events;
}

/* A session leader without a terminal gets the first one that it opens. */
static int ttyfile_open(struct inode *inode, struct file *file)
{
	(void)inode;
	if (!(file->flags & O_NOCTTY))
		ttyfile_acquire(file->private);
	return 0;
}

static int console_open(struct inode *inode, struct file *file)
{
	(void)inode;
	file->private = tty_console();
	return file->private ? 0 : -ENODEV;
}

static int controlling_tty_open(struct inode *inode, struct file *file)
{
	(void)inode;
	file->private = process_tty();
	return file->private ? 0 : -ENXIO;
}

#define TTYFILE_OPS(open_fn)                                                   \
	{                                                                      \
		.open = (open_fn), .read = ttyfile_read,                       \
		.write = ttyfile_write, .poll = ttyfile_poll,                  \
		.ioctl = ttyfile_ioctl, .stream = true,                        \
	}

static const struct file_ops tty_ops = TTYFILE_OPS(ttyfile_open);
static const struct file_ops console_ops = TTYFILE_OPS(console_open);
static const struct file_ops controlling_tty_ops =
	TTYFILE_OPS(controlling_tty_open);

static void signal_group(int pgrp, int signo)
{
	pgrp_signal(pgrp, signo);
}

static struct chrdev console_cdev = {
	.name = "console",
	.major = TTYAUX_MAJOR,
	.minor = 1,
	.mode = 0600,
	.ops = &console_ops,
};

static struct chrdev controlling_tty_cdev = {
	.name = "tty",
	.major = TTYAUX_MAJOR,
	.minor = 0,
	.mode = 0666,
	.ops = &controlling_tty_ops,
};

void ttyfile_init(void)
{
	static const struct tty_upper_ops upper = {
		.file_ops = &tty_ops,
		.signal_group = signal_group,
	};

	tty_upper_register(&upper);
	/* First users of their numbers: cannot fail. */
	(void)chrdev_register(&console_cdev);
	(void)chrdev_register(&controlling_tty_cdev);
}
