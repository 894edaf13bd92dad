// SPDX-License-Identifier: MIT
/*
 * Advisory locks: whole files by flock(2), which belong to the open file, and
 * ranges by fcntl(2), which belong to the process (or with F_OFD_* to the open
 * file).  The two kinds do not see each other.
 *
 * An inode with locks has a struct flock_state, made with the first and kept
 * until the inode goes.  One spinlock, state_lock, guards all of them: locks
 * are rare.  Those who wait for a lock of an inode are all woken when one is
 * given back or made weaker, and try again.  Deadlocks are not detected.
 */
#include <fs/locks.h>

#include <sys/queue.h>

#include <linux/fcntl.h>
#include <linux/fs.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/lock.h>
#include <core/waitq.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <proc/task.h>

struct file_lock {
	TAILQ_ENTRY(file_lock) link; /* [state_lock] */
	const void *owner;           /* [I] */
	bool whole;                  /* [I] of flock(2) */
	bool exclusive;              /* [state_lock] */
	int pid;                     /* [I] to report; -1: of a file */
	uint64_t start, last;        /* [state_lock] bytes, last inclusive */
};

TAILQ_HEAD(file_lock_list, file_lock);

struct flock_state {
	struct file_lock_list locks; /* [state_lock] */
	struct waitq wait;           /* for a lock that is in the way */
};

static spinlock_t state_lock = SPINLOCK_INIT(LOCK_LEAF);

static int state_make(struct inode *inode)
{
	struct flock_state *state;

	if (inode->locks)
		return 0;
	state = kzalloc(sizeof(*state));
	if (!state)
		return -ENOLCK;
	TAILQ_INIT(&state->locks);
	waitq_init(&state->wait);
	spin_lock(&state_lock);
	if (!inode->locks) {
		inode->locks = state;
		state = NULL;
	}
	spin_unlock(&state_lock);
	kfree(state);
	return 0;
}

void inode_locks_free(struct inode *inode)
{
	kfree(inode->locks);
}

/* The first lock that forbids this one; state_lock held. */
static struct file_lock *conflict_find(const struct inode *inode,
				       const struct file_lock *wanted)
{
	struct file_lock *lock;

	TAILQ_FOREACH (lock, &inode->locks->locks, link) {
		if (lock->whole == wanted->whole &&
		    lock->owner != wanted->owner &&
		    (lock->exclusive || wanted->exclusive) &&
		    lock->start <= wanted->last && wanted->start <= lock->last)
			return lock;
	}
	return NULL;
}

/*
 * Take the owner's locks out of [start, last].  A lock around it is split, its
 * second half goes into *spare.  Returns whether there was one.  state_lock
 * held.
 */
static bool range_clear(struct inode *inode, const struct file_lock *wanted,
			struct file_lock **spare, struct file_lock_list *dead)
{
	struct file_lock *lock, *next;
	bool was_there = false;

	TAILQ_FOREACH_SAFE (lock, &inode->locks->locks, link, next) {
		if (lock->whole != wanted->whole ||
		    lock->owner != wanted->owner ||
		    lock->start > wanted->last || wanted->start > lock->last)
			continue;
		was_there = true;
		if (lock->start < wanted->start && lock->last > wanted->last) {
			**spare = *lock;
			(*spare)->start = wanted->last + 1;
			lock->last = wanted->start - 1;
			TAILQ_INSERT_AFTER(&inode->locks->locks, lock, *spare,
					   link);
			*spare = NULL;
		} else if (lock->start < wanted->start) {
			lock->last = wanted->start - 1;
		} else if (lock->last > wanted->last) {
			lock->start = wanted->last + 1;
		} else {
			TAILQ_REMOVE(&inode->locks->locks, lock, link);
			TAILQ_INSERT_TAIL(dead, lock, link);
		}
	}
	return was_there;
}

static void list_free(struct file_lock_list *list)
{
	struct file_lock *lock;

	while ((lock = TAILQ_FIRST(list)) != NULL) {
		TAILQ_REMOVE(list, lock, link);
		kfree(lock);
	}
}

/* Put the lock there (or only clear the range); false: another is in the way. */
static bool lock_apply(struct inode *inode, struct file_lock **fresh,
		       struct file_lock **spare, bool unlock)
{
	struct file_lock_list dead = TAILQ_HEAD_INITIALIZER(dead);
	bool weaker = unlock || !(*fresh)->exclusive;
	bool ok, was_there = false;

	spin_lock(&state_lock);
	ok = unlock || !conflict_find(inode, *fresh);
	if (ok) {
		was_there = range_clear(inode, *fresh, spare, &dead);
		if (!unlock) {
			TAILQ_INSERT_TAIL(&inode->locks->locks, *fresh, link);
			*fresh = NULL;
		}
	}
	spin_unlock(&state_lock);
	list_free(&dead);
	/* What is as strong as before is no news to those who wait. */
	if (was_there && weaker)
		waitq_wake_all(&inode->locks->wait);
	return ok;
}

/* wanted->exclusive etc. are set.  -EAGAIN: in the way, and wait is false. */
static int lock_set(struct inode *inode, const struct file_lock *wanted,
		    bool unlock, bool wait)
{
	struct file_lock *fresh = kmalloc(sizeof(*fresh));
	struct file_lock *spare = kmalloc(sizeof(*spare));
	int ret = state_make(inode);

	if (!fresh || !spare)
		ret = -ENOLCK;
	if (!ret) {
		*fresh = *wanted;
		if (!lock_apply(inode, &fresh, &spare, unlock))
			ret = -EAGAIN;
		if (ret && wait)
			ret = waitq_wait_interruptible(
				&inode->locks->wait,
				lock_apply(inode, &fresh, &spare, unlock));
	}
	kfree(fresh);
	kfree(spare);
	return ret;
}

int file_flock(struct file *file, unsigned operation)
{
	struct file_lock wanted = { .owner = file,
				    .whole = true,
				    .last = UINT64_MAX };
	unsigned what = operation & ~(unsigned)LOCK_NB;

	if (what != LOCK_SH && what != LOCK_EX && what != LOCK_UN)
		return -EINVAL;
	wanted.exclusive = what == LOCK_EX;
	return lock_set(file->inode, &wanted, what == LOCK_UN,
			!(operation & LOCK_NB));
}

/* A struct flock as a range.  0, -EINVAL or -EOVERFLOW. */
static int range_of(const struct file *file, const struct flock *lock,
		    struct file_lock *wanted)
{
	int64_t start = lock->l_start;
	int64_t len = lock->l_len;

	if (lock->l_whence == SEEK_CUR)
		start += file->pos;
	else if (lock->l_whence == SEEK_END)
		start += inode_size(file->inode);
	else if (lock->l_whence != SEEK_SET)
		return -EINVAL;
	if (len < 0) {
		start += len;
		len = -len;
	}
	if (start < 0)
		return -EINVAL;
	if (len > INT64_MAX - start)
		return -EOVERFLOW;
	wanted->start = (uint64_t)start;
	wanted->last = len ? (uint64_t)(start + len - 1) : INT64_MAX;
	return 0;
}

int file_lock_set(struct file *file, const struct flock *lock,
		  const void *owner, bool wait)
{
	struct file_lock wanted = {
		.owner = owner,
		.exclusive = lock->l_type == F_WRLCK,
		.pid = owner == file ? -1 : current->process->pid,
	};
	int ret;

	if (lock->l_type != F_RDLCK && lock->l_type != F_WRLCK &&
	    lock->l_type != F_UNLCK)
		return -EINVAL;
	if ((lock->l_type == F_RDLCK && !(file->mode & FMODE_READ)) ||
	    (lock->l_type == F_WRLCK && !(file->mode & FMODE_WRITE)))
		return -EBADF;
	ret = range_of(file, lock, &wanted);
	if (ret)
		return ret;
	return lock_set(file->inode, &wanted, lock->l_type == F_UNLCK, wait);
}

int file_lock_get(struct file *file, struct flock *lock, const void *owner)
{
	struct file_lock wanted = { .owner = owner,
				    .exclusive = lock->l_type == F_WRLCK };
	const struct file_lock *found = NULL;
	int ret;

	if (lock->l_type != F_RDLCK && lock->l_type != F_WRLCK)
		return -EINVAL;
	ret = range_of(file, lock, &wanted);
	if (ret)
		return ret;
	lock->l_type = F_UNLCK;
	spin_lock(&state_lock);
	if (file->inode->locks)
		found = conflict_find(file->inode, &wanted);
	if (found) {
		lock->l_type = found->exclusive ? F_WRLCK : F_RDLCK;
		lock->l_whence = SEEK_SET;
		lock->l_start = (int64_t)found->start;
		lock->l_len =
			found->last == INT64_MAX
				? 0
				: (int64_t)(found->last - found->start + 1);
		lock->l_pid = found->pid;
	}
	spin_unlock(&state_lock);
	return 0;
}

void file_locks_release_owner(struct file *file, const void *owner)
{
	struct file_lock_list dead = TAILQ_HEAD_INITIALIZER(dead);
	struct inode *inode = file->inode;
	struct file_lock *lock, *next;

	spin_lock(&state_lock);
	TAILQ_FOREACH_SAFE (lock, &inode->locks->locks, link, next) {
		if (lock->owner == owner) {
			TAILQ_REMOVE(&inode->locks->locks, lock, link);
			TAILQ_INSERT_TAIL(&dead, lock, link);
		}
	}
	spin_unlock(&state_lock);
	if (TAILQ_EMPTY(&dead))
		return;
	list_free(&dead);
	waitq_wake_all(&inode->locks->wait);
}

void file_locks_release(struct file *file)
{
	file_locks_release_owner(file, file);
}
