// SPDX-License-Identifier: MIT
/*
 * Futexes: the queues of waiters, and waking them.
 *
 * A waiter enqueues itself first and reads the word after: whoever changes the
 * word and then wakes either changed it before it was read, or finds the waiter
 * queued.  So user memory is never touched under a bucket's lock.
 *
 * bucket->lock guards the queue and, while queued, the waiter.  A waker wakes
 * under the lock, and a waiter takes the lock once more before it leaves, so
 * that its stack stays until the waker is done with it.
 */
#include <proc/futex.h>

#include <linux/futex.h>
#include <sys/queue.h>

#include <lib/errno.h>

#include <arch/uaccess.h>
#include <core/alloc.h>
#include <core/lock.h>
#include <core/panic.h>
#include <core/thread.h>
#include <core/time.h>
#include <fs/file.h>
#include <mm/mm.h>
#include <mm/usercopy.h>
#include <proc/task.h>

#define BUCKETS 64 /* power of two; 24 bytes each */

/* Which word: object and offset in it. */
struct futex_key {
	const void *object; /* struct mm, or the inode of shared memory */
	uint64_t offset;
};

struct bucket {
	spinlock_t lock;
	TAILQ_HEAD(, futex_waiter) waiters; /* [lock] */
};

struct futex_waiter {
	TAILQ_ENTRY(futex_waiter) link; /* [bucket lock] */
	struct bucket *bucket;          /* [bucket lock] NULL: woken */
	struct futex_key key;           /* [bucket lock] */
	uint32_t bitset;                /* [I] */
	struct thread *thread;          /* [I] */
};

static struct bucket *buckets; /* [I] BUCKETS of them */

void futex_init(void)
{
	int i;

	buckets = kcalloc(BUCKETS, sizeof(*buckets));
	if (!buckets)
		panic("no memory for futexes");
	for (i = 0; i < BUCKETS; i++) {
		spin_init(&buckets[i].lock, LOCK_FUTEX);
		TAILQ_INIT(&buckets[i].waiters);
	}
}

/* --- Keys ------------------------------------------------------------ */

static struct bucket *key_bucket(const struct futex_key *key)
{
	uint64_t hash = (uintptr_t)key->object / 64 + key->offset / 4;

	hash *= 0x9e3779b97f4a7c15; /* 2^64 / golden ratio */
	return &buckets[hash / (UINT64_MAX / BUCKETS + 1)];
}

static bool key_equal(const struct futex_key *a, const struct futex_key *b)
{
	return a->object == b->object && a->offset == b->offset;
}

/* Shared memory has the same key in every address space that maps it. */
static void key_from_area(struct mm *mm, uintptr_t addr, struct futex_key *key)
{
	struct vma *vma;

	rwsem_read_lock(&mm->lock);
	vma = mm_find_vma(mm, addr);
	if (vma && vma->start <= addr && vma->flags & VMA_SHARED) {
		key->object =
			vma->mapping ? (void *)vma->mapping : vma->private;
		key->offset = (vma->pgoff << PAGE_SHIFT) + addr - vma->start;
	}
	rwsem_read_unlock(&mm->lock);
}

static int key_get(uint32_t __user *addr, bool shared, struct futex_key *key)
{
	struct mm *mm = current->thread.mm;

	if ((uintptr_t)addr % sizeof(*addr))
		return -EINVAL;
	if (!user_range_ok(addr, sizeof(*addr)))
		return -EFAULT;
	key->object = mm;
	key->offset = (uintptr_t)addr;
	if (shared)
		key_from_area(mm, (uintptr_t)addr, key);
	return 0;
}

/* --- Waiting --------------------------------------------------------- */

static void waiter_enqueue(struct futex_waiter *waiter)
{
	struct bucket *bucket = key_bucket(&waiter->key);

	spin_lock(&bucket->lock);
	waiter->bucket = bucket;
	TAILQ_INSERT_TAIL(&bucket->waiters, waiter, link);
	spin_unlock(&bucket->lock);
}

/* Lock the bucket that the waiter is in, which a requeue may change. */
static struct bucket *waiter_lock_bucket(struct futex_waiter *waiter)
{
	struct bucket *bucket;

	for (;;) {
		bucket = __atomic_load_n(&waiter->bucket, __ATOMIC_ACQUIRE);
		if (!bucket)
			return NULL;
		spin_lock(&bucket->lock);
		if (waiter->bucket == bucket)
			return bucket;
		spin_unlock(&bucket->lock);
	}
}

/* Leave the queue.  True: had been woken (and so was not in it any more). */
static bool waiter_dequeue(struct futex_waiter *waiter)
{
	struct bucket *bucket = waiter_lock_bucket(waiter);

	if (!bucket) {
		/* The waker may still hold the lock that it woke us under. */
		bucket = key_bucket(&waiter->key);
		spin_lock(&bucket->lock);
		spin_unlock(&bucket->lock);
		return true;
	}
	TAILQ_REMOVE(&bucket->waiters, waiter, link);
	spin_unlock(&bucket->lock);
	return false;
}

static bool waiter_is_woken(const struct futex_waiter *waiter)
{
	return !__atomic_load_n(&waiter->bucket, __ATOMIC_ACQUIRE);
}

/* Sleep until woken, a signal or the deadline. */
static int waiter_sleep(struct futex_waiter *waiter, uint64_t deadline_ns)
{
	int64_t left = -1;
	uint64_t now;
	int ret = 0;

	while (!ret && !waiter_is_woken(waiter)) {
		if (deadline_ns != UINT64_MAX) {
			now = time_now_ns();
			if (now >= deadline_ns)
				return -ETIMEDOUT;
			left = deadline_ns - now;
		}
		thread_set_state(THREAD_INTERRUPTIBLE);
		if (waiter_is_woken(waiter))
			break;
		ret = thread_sleep(&left);
	}
	thread_set_state(THREAD_RUNNABLE);
	return ret;
}

int futex_wait(uint32_t __user *addr, bool shared, uint32_t expected,
	       uint64_t deadline_ns, uint32_t bitset)
{
	struct futex_waiter waiter = { .bitset = bitset,
				       .thread = current_thread() };
	uint32_t value;
	int ret;

	if (!bitset)
		return -EINVAL;
	ret = key_get(addr, shared, &waiter.key);
	if (ret)
		return ret;

	waiter_enqueue(&waiter);
	ret = uaccess_load32(&value, addr);
	if (!ret && value != expected)
		ret = -EAGAIN;
	if (!ret)
		ret = waiter_sleep(&waiter, deadline_ns);
	/* A wake-up that was meant for us must not be lost: it counts first. */
	return waiter_dequeue(&waiter) ? 0 : ret;
}

/* --- Waking ---------------------------------------------------------- */

/* Bucket locked.  The waiter's stack may be gone once the lock is released. */
static void wake_waiter_locked(struct bucket *bucket,
			       struct futex_waiter *waiter)
{
	struct thread *thread = waiter->thread;

	ASSERT(spin_is_held(&bucket->lock));
	TAILQ_REMOVE(&bucket->waiters, waiter, link);
	__atomic_store_n(&waiter->bucket, NULL, __ATOMIC_RELEASE);
	thread_wake(thread);
}

static int wake_key(const struct futex_key *key, int n, uint32_t bitset)
{
	struct bucket *bucket = key_bucket(key);
	struct futex_waiter *waiter, *next;
	int woken = 0;

	spin_lock(&bucket->lock);
	for (waiter = TAILQ_FIRST(&bucket->waiters); waiter && woken < n;
	     waiter = next) {
		next = TAILQ_NEXT(waiter, link);
		if (!key_equal(&waiter->key, key) || !(waiter->bitset & bitset))
			continue;
		wake_waiter_locked(bucket, waiter);
		woken++;
	}
	spin_unlock(&bucket->lock);
	return woken;
}

int futex_wake(uint32_t __user *addr, bool shared, int n, uint32_t bitset)
{
	struct futex_key key;
	int ret;

	if (!bitset)
		return -EINVAL;
	ret = key_get(addr, shared, &key);
	return ret ? ret : wake_key(&key, n, bitset);
}

/* --- Requeue and wake-op --------------------------------------------- */

static void lock_two(struct bucket *a, struct bucket *b)
{
	/* Equal ranks in order of address. */
	spin_lock(a < b ? &a->lock : &b->lock);
	if (a != b)
		spin_lock(a < b ? &b->lock : &a->lock);
}

static void unlock_two(struct bucket *a, struct bucket *b)
{
	if (a != b)
		spin_unlock(a < b ? &b->lock : &a->lock);
	spin_unlock(a < b ? &a->lock : &b->lock);
}

int futex_requeue(uint32_t __user *addr, uint32_t __user *target, bool shared,
		  int n, int max, const uint32_t *expected)
{
	struct futex_waiter *waiter, *next;
	struct futex_key from, to;
	struct bucket *source, *sink;
	uint32_t value;
	int done = 0;
	int ret;

	if (n < 0 || max < 0)
		return -EINVAL;
	ret = key_get(addr, shared, &from);
	if (!ret)
		ret = key_get(target, shared, &to);
	if (!ret && expected)
		ret = uaccess_load32(&value, addr);
	if (ret)
		return ret;
	if (expected && value != *expected)
		return -EAGAIN;

	source = key_bucket(&from);
	sink = key_bucket(&to);
	lock_two(source, sink);
	for (waiter = TAILQ_FIRST(&source->waiters); waiter && done - n < max;
	     waiter = next) {
		next = TAILQ_NEXT(waiter, link);
		if (!key_equal(&waiter->key, &from))
			continue;
		if (done++ < n) {
			wake_waiter_locked(source, waiter);
			continue;
		}
		TAILQ_REMOVE(&source->waiters, waiter, link);
		waiter->key = to;
		__atomic_store_n(&waiter->bucket, sink, __ATOMIC_RELEASE);
		TAILQ_INSERT_TAIL(&sink->waiters, waiter, link);
	}
	unlock_two(source, sink);
	return done;
}

/* The word that FUTEX_OP() packs, unpacked; linux/futex.h. */
struct wake_op {
	int op;
	int cmp;
	int32_t op_arg;
	int32_t cmp_arg;
};

static struct wake_op wake_op_unpack(uint32_t op)
{
	struct wake_op unpacked = {
		.op = op >> 28 & 7,
		.cmp = op >> 24 & 15,
		.op_arg = (int32_t)(op << 8) >> 20,
		.cmp_arg = (int32_t)(op << 20) >> 20,
	};

	if (op >> 28 & 8) /* FUTEX_OP_OPARG_SHIFT */
		unpacked.op_arg = 1 << (unpacked.op_arg & 31);
	return unpacked;
}

static int wake_op_apply(const struct wake_op *op, uint32_t old,
			 uint32_t *changed)
{
	switch (op->op) {
	case FUTEX_OP_SET:
		*changed = op->op_arg;
		return 0;
	case FUTEX_OP_ADD:
		*changed = old + op->op_arg;
		return 0;
	case FUTEX_OP_OR:
		*changed = old | op->op_arg;
		return 0;
	case FUTEX_OP_ANDN:
		*changed = old & ~op->op_arg;
		return 0;
	case FUTEX_OP_XOR:
		*changed = old ^ op->op_arg;
		return 0;
	default:
		return -ENOSYS;
	}
}

/* 1 or 0: the comparison of the old value; -ENOSYS: there is none such. */
static int wake_op_compare(const struct wake_op *op, int32_t old)
{
	switch (op->cmp) {
	case FUTEX_OP_CMP_EQ:
		return old == op->cmp_arg;
	case FUTEX_OP_CMP_NE:
		return old != op->cmp_arg;
	case FUTEX_OP_CMP_LT:
		return old < op->cmp_arg;
	case FUTEX_OP_CMP_LE:
		return old <= op->cmp_arg;
	case FUTEX_OP_CMP_GT:
		return old > op->cmp_arg;
	case FUTEX_OP_CMP_GE:
		return old >= op->cmp_arg;
	default:
		return -ENOSYS;
	}
}

/* Change *target atomically; its old value. */
static int wake_op_change(const struct wake_op *op, uint32_t __user *target,
			  uint32_t *old)
{
	uint32_t seen, changed;
	int ret = uaccess_load32(old, target);

	while (!ret) {
		ret = wake_op_apply(op, *old, &changed);
		if (ret)
			break;
		seen = *old;
		ret = uaccess_cmpxchg32(target, &seen, changed);
		if (ret || seen == *old)
			break;
		*old = seen;
	}
	return ret;
}

int futex_wake_op(uint32_t __user *addr, uint32_t __user *target, bool shared,
		  int n, int max, uint32_t encoded)
{
	struct wake_op op = wake_op_unpack(encoded);
	struct futex_key key, target_key;
	uint32_t old;
	int woken;
	int ret;

	ret = key_get(addr, shared, &key);
	if (!ret)
		ret = key_get(target, shared, &target_key);
	if (!ret)
		ret = wake_op_compare(&op, 0) < 0 ? -ENOSYS : 0;
	if (!ret)
		ret = wake_op_change(&op, target, &old);
	if (ret)
		return ret;

	woken = wake_key(&key, n, FUTEX_BITSET_MATCH_ANY);
	if (wake_op_compare(&op, old))
		woken += wake_key(&target_key, max, FUTEX_BITSET_MATCH_ANY);
	return woken;
}

void futex_wake_user(int __user *uaddr, int nr)
{
	uint32_t __user *word = (uint32_t __user *)uaddr;

	/* Who waits may have called it private or shared. */
	if (futex_wake(word, false, nr, FUTEX_BITSET_MATCH_ANY) == 0)
		(void)futex_wake(word, true, nr, FUTEX_BITSET_MATCH_ANY);
}
