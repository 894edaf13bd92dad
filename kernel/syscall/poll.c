// SPDX-License-Identifier: MIT
/* Waiting for descriptors: ppoll(2), pselect6(2). */
#include <syscall/handlers.h>

#include <string.h>

#include <linux/poll.h>
#include <linux/resource.h>
#include <linux/time_types.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/time.h>
#include <fs/file.h>
#include <fs/poll.h>
#include <mm/usercopy.h>
#include <proc/task.h>

#include "call_mask.h"
#include "user_times.h"

#define POLL_FDS_INLINE 16
#define SELECT_MAX      65536 /* descriptors that a set may name */

/* What each set of select(2) asks for, and what fulfils it. */
#define SELECT_IN  (POLLIN | POLLRDNORM | POLLRDBAND | POLLHUP | POLLERR)
#define SELECT_OUT (POLLOUT | POLLWRNORM | POLLWRBAND | POLLERR)
#define SELECT_EX  POLLPRI

/* --- poll -------------------------------------------------------------- */

/* Ask one; the table is NULL once anything is ready: then nobody will wait. */
static bool pollfd_ask(struct pollfd *pollfd, struct poll_set *set, bool join)
{
	unsigned wanted = (unsigned short)pollfd->events | POLLERR | POLLHUP;
	struct file *file;

	pollfd->revents = 0;
	if (pollfd->fd < 0)
		return false;
	file = fd_get(pollfd->fd);
	if (!file) {
		pollfd->revents = POLLNVAL;
		return true;
	}
	set->table.events = wanted;
	pollfd->revents =
		(short)(file_poll(file, join ? &set->table : NULL) & wanted);
	fd_put(file);
	return pollfd->revents != 0;
}

/* How many are ready; waits for one for *left_ns (< 0: for ever). */
static long poll_wait_fds(struct pollfd *fds, unsigned nr, int64_t left_ns)
{
	struct poll_set set;
	bool join = left_ns != 0;
	long ready;
	int ret = 0;

	poll_set_init(&set);
	for (;;) {
		ready = 0;
		for (unsigned i = 0; i < nr; i++)
			ready += pollfd_ask(&fds[i], &set, join && !ready);
		join = false;
		if (ready || ret == -ETIMEDOUT || !left_ns)
			break;
		ret = set.error ? set.error : poll_set_wait(&set, &left_ns);
		if (ret && ret != -ETIMEDOUT) {
			ready = ret;
			break;
		}
	}
	poll_set_end(&set);
	return ready;
}

static long poll_user(struct pollfd __user *user, unsigned nr, int64_t left_ns)
{
	struct pollfd inline_fds[POLL_FDS_INLINE];
	struct pollfd *fds = inline_fds;
	long ready;

	if (nr > rlimit_get(RLIMIT_NOFILE))
		return -EINVAL;
	if (nr > POLL_FDS_INLINE) {
		fds = kcalloc(nr, sizeof(*fds));
		if (!fds)
			return -ENOMEM;
	}
	ready = -EFAULT;
	if (!copy_from_user(fds, user, nr * sizeof(*fds)))
		ready = poll_wait_fds(fds, nr, left_ns);
	/* All of it at once: fd and events are as they came. */
	if (ready >= 0 && copy_to_user(user, fds, nr * sizeof(*fds)))
		ready = -EFAULT;
	if (fds != inline_fds)
		kfree(fds);
	return ready;
}

/* Write back what is left of a relative timeout, as Linux does. */
static void timeout_update(unsigned long user, uint64_t deadline_ns)
{
	uint64_t now = time_now_ns();
	struct __kernel_timespec ts =
		timespec_from_ns(deadline_ns > now ? deadline_ns - now : 0);

	/* Read-only memory is no error here. */
	(void)(copy_to_user((void __user *)user, &ts, sizeof(ts)) != 0);
}

/* A timeout pointer: nanoseconds, -1 without one; or -EINVAL, -EFAULT. */
static int timeout_get(unsigned long user, int64_t *left_ns,
		       uint64_t *deadline_ns)
{
	struct __kernel_timespec ts;
	uint64_t ns;

	*left_ns = -1;
	*deadline_ns = 0;
	if (!user)
		return 0;
	if (copy_from_user(&ts, (void __user *)user, sizeof(ts)))
		return -EFAULT;
	if (!timespec_to_ns(&ts, &ns))
		return -EINVAL;
	*left_ns = (int64_t)ns;
	*deadline_ns = time_now_ns() + ns;
	return 0;
}

/* ppoll(2), number 73. */
long sys_ppoll(const struct syscall_args *args)
{
	uint64_t deadline_ns;
	int64_t left_ns;
	long ret;

	ret = timeout_get(args->arg[2], &left_ns, &deadline_ns);
	if (ret)
		return ret;
	ret = call_mask_begin(args->arg[3], args->arg[4]);
	if (ret)
		return ret;
	ret = poll_user((struct pollfd __user *)args->arg[0],
			(unsigned)args->arg[1], left_ns);
	call_mask_end(args->arg[3], ret);
	if (left_ns >= 0)
		timeout_update(args->arg[2], deadline_ns);
	return ret;
}

/* --- select ------------------------------------------------------------ */

/* Three sets asked for and three to report, nr_words each. */
struct select_sets {
	unsigned nr; /* descriptors below this count */
	size_t nr_words;
	uint64_t *in[3], *out[3];
};

static const unsigned select_events[3] = { SELECT_IN, SELECT_OUT, SELECT_EX };

static bool set_has(const uint64_t *set, unsigned fd)
{
	return set && set[fd / 64] >> fd % 64 & 1;
}

/* -EBADF, or how many of the three are fulfilled. */
static int select_ask(const struct select_sets *sets, unsigned fd,
		      struct poll_set *set, bool join)
{
	unsigned wanted = 0, events;
	struct file *file;
	int ready = 0;

	for (int i = 0; i < 3; i++) {
		if (set_has(sets->in[i], fd))
			wanted |= select_events[i];
	}
	if (!wanted)
		return 0;
	file = fd_get(fd);
	if (!file)
		return -EBADF;
	set->table.events = wanted;
	events = file_poll(file, join ? &set->table : NULL);
	fd_put(file);
	for (int i = 0; i < 3; i++) {
		if (set_has(sets->in[i], fd) && (events & select_events[i])) {
			sets->out[i][fd / 64] |= 1ull << fd % 64;
			ready++;
		}
	}
	return ready;
}

static long select_ask_all(const struct select_sets *sets, struct poll_set *set,
			   bool join)
{
	long ready = 0;

	for (unsigned fd = 0; fd < sets->nr; fd++) {
		int n = select_ask(sets, fd, set, join && !ready);

		if (n < 0)
			return n;
		ready += n;
	}
	return ready;
}

static long select_wait(const struct select_sets *sets, int64_t left_ns)
{
	struct poll_set set;
	bool join = left_ns != 0;
	long ready;
	int ret = 0;

	poll_set_init(&set);
	for (;;) {
		ready = select_ask_all(sets, &set, join);
		join = false;
		if (ready || ret == -ETIMEDOUT || !left_ns)
			break;
		ret = set.error ? set.error : poll_set_wait(&set, &left_ns);
		if (ret && ret != -ETIMEDOUT) {
			ready = ret;
			break;
		}
	}
	poll_set_end(&set);
	return ready;
}

static long select_user(unsigned nr, const unsigned long user[3],
			int64_t left_ns)
{
	struct select_sets sets = { .nr = nr,
				    .nr_words = DIV_ROUND_UP(nr, 64) };
	size_t bytes = sets.nr_words * 8;
	uint64_t *words;
	long ready;

	words = kcalloc(6 * sets.nr_words + 1, sizeof(*words));
	if (!words)
		return -ENOMEM;
	ready = -EFAULT;
	for (int i = 0; i < 3; i++) {
		if (!user[i])
			continue;
		sets.in[i] = words + (size_t)i * sets.nr_words;
		sets.out[i] = sets.in[i] + 3 * sets.nr_words;
		if (copy_from_user(sets.in[i], (void __user *)user[i], bytes))
			goto out;
	}
	ready = select_wait(&sets, left_ns);
	for (int i = 0; i < 3 && ready >= 0; i++) {
		if (user[i] &&
		    copy_to_user((void __user *)user[i], sets.out[i], bytes))
			ready = -EFAULT;
	}
out:
	kfree(words);
	return ready;
}

/* pselect6(2), number 72; the last argument points to a mask and its size. */
long sys_pselect6(const struct syscall_args *args)
{
	const unsigned long user[3] = { args->arg[1], args->arg[2],
					args->arg[3] };
	unsigned long mask[2] = { 0, 0 };
	uint64_t deadline_ns;
	int64_t left_ns;
	long ret;

	if ((int)args->arg[0] < 0)
		return -EINVAL;
	if (args->arg[5] &&
	    copy_from_user(mask, (void __user *)args->arg[5], sizeof(mask)))
		return -EFAULT;
	ret = timeout_get(args->arg[4], &left_ns, &deadline_ns);
	if (ret)
		return ret;
	ret = call_mask_begin(mask[0], mask[1]);
	if (ret)
		return ret;
	ret = select_user(MIN((unsigned)args->arg[0], SELECT_MAX), user,
			  left_ns);
	call_mask_end(mask[0], ret);
	if (left_ns >= 0)
		timeout_update(args->arg[4], deadline_ns);
	return ret;
}
