// SPDX-License-Identifier: MIT
/*
 * Getting memory back.
 *
 * Whoever finds no page takes clean file pages himself, which needs no other
 * lock than theirs.  What needs a file system (dropping inodes, writing dirty
 * pages) is left to the reclaim thread and the flusher: the caller may hold
 * any lock.  Where the first way gives nothing the caller waits a moment for
 * the second.
 */
#include <arch/kmap.h>
#include <core/thread.h>
#include <core/time.h>
#include <core/waitq.h>
#include <mm/pagecache.h>

#include "mm_internal.h"

#define SCAN_FACTOR   8 /* pages looked at for each that is wanted */
#define CACHE_BATCH   64
#define WAIT_NS       (20 * NSEC_PER_MSEC)
#define WRITE_WAIT_US 5000

#define SHRINKERS_MAX 4

static reclaim_shrinker *shrinkers[SHRINKERS_MAX]; /* filled at boot */
static unsigned nr_shrinkers;
static struct thread *reclaim_thread;
static struct waitq reclaim_waitq; /* the thread sleeps here */
static struct waitq done_waitq;    /* and these who wait for it here */
static atomic_t reclaim_wanted;
static atomic_t reclaim_rounds; /* finished ones */

void reclaim_kick(void)
{
	if (reclaim_thread && !atomic_xchg(&reclaim_wanted, 1))
		waitq_wake_all(&reclaim_waitq);
}

static size_t shrink_caches(size_t nr)
{
	size_t freed = lru_shrink(nr, nr * SCAN_FACTOR);

	/* Nothing old: everything once, and what it left as used once more. */
	if (!freed)
		freed = lru_shrink(nr, 2 * lru_nr_pages());
	if (freed < nr)
		freed += slab_shrink();
	if (freed < nr)
		freed += kstack_shrink();
	return freed;
}

size_t reclaim_pages(size_t nr, unsigned flags)
{
	size_t freed;
	uint64_t before;
	int round;

	(void)flags;
	/* Its own allocations use what is left. */
	if (current_thread() == reclaim_thread)
		return 0;
	freed = shrink_caches(nr);
	if (freed || !reclaim_thread)
		return freed;

	before = page_nr_free();
	round = atomic_load(&reclaim_rounds);
	reclaim_kick();
	pagecache_flusher_kick();
	(void)waitq_wait_state(&done_waitq,
			       atomic_load(&reclaim_rounds) != round,
			       THREAD_UNINTERRUPTIBLE, (int64_t)WAIT_NS);
	/* What is being written will be free soon. */
	if (atomic64_load(&page_counts.dirty) > 0)
		sleep_us(WRITE_WAIT_US);
	return page_nr_free() > before ? page_nr_free() - before : 0;
}

void reclaim_register(reclaim_shrinker *shrink)
{
	BUG_ON(nr_shrinkers == SHRINKERS_MAX);
	shrinkers[nr_shrinkers++] = shrink;
}

/* Let the upper parts give up cached objects; true if any did. */
static bool shrink_registered(void)
{
	bool any = false;

	for (unsigned i = 0; i < nr_shrinkers; i++)
		any |= shrinkers[i](CACHE_BATCH) > 0;
	return any;
}

/* Free up to twice the low watermark, as long as something comes. */
static void reclaim_round(void)
{
	uint64_t target = 2 * page_low_watermark();
	size_t freed = 1;

	while (page_nr_free() < target && freed) {
		freed = shrink_caches(32);
		if (freed < 32 && shrink_registered())
			freed++;
		thread_resched_point();
	}
	if (page_nr_free() < target)
		pagecache_flusher_kick();
}

static void reclaim_run(void *arg)
{
	(void)arg;
	for (;;) {
		waitq_wait(&reclaim_waitq, atomic_load(&reclaim_wanted));
		atomic_store(&reclaim_wanted, 0);
		reclaim_round();
		atomic_add(&reclaim_rounds, 1);
		waitq_wake_all(&done_waitq);
	}
}

void reclaim_init(void)
{
	struct thread *thread;

	waitq_init(&reclaim_waitq);
	waitq_init(&done_waitq);
	thread = thread_create(reclaim_run, NULL, "reclaim");
	if (!thread)
		panic("no memory for the reclaim thread");
	reclaim_thread = thread;
	thread_wake(thread);
}
