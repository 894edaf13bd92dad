// SPDX-License-Identifier: MIT
/*
 * Numbers of threads and processes: a bitmap, searched upwards from the number
 * given out last, so that a number comes back as late as possible.
 *
 * pid_lock guards everything.  Whether a number may be freed (a process group
 * may outlive the process it is named after) is for process.c to know.
 */
#include <proc/pid.h>

#include <string.h>

#include <core/lock.h>
#include <core/panic.h>
#include <lib/errno.h>
#include <lib/types.h>

#define WORD_BITS 64u

static spinlock_t pid_lock = SPINLOCK_INIT(LOCK_LEAF);
static uint64_t pid_map[PID_MAX / WORD_BITS]; /* [pid_lock] set: in use */
static unsigned pid_last;                     /* [pid_lock] */
static unsigned nr_used;                      /* [pid_lock] for changes */

void pid_init(void)
{
	memset(pid_map, 0, sizeof(pid_map));
	pid_map[0] = 1; /* 0 means "myself" or "nobody" everywhere */
	pid_last = 0;
	nr_used = 0;
}

/* The first free number in [from, end), or 0. */
static unsigned find_free(unsigned from, unsigned end)
{
	while (from < end) {
		uint64_t word =
			~pid_map[from / WORD_BITS] & ~0ull << from % WORD_BITS;

		from = ALIGN_DOWN(from, WORD_BITS);
		if (word) {
			from += (unsigned)__builtin_ctzll(word);
			return from < end ? from : 0;
		}
		from += WORD_BITS;
	}
	return 0;
}

int pid_alloc(void)
{
	unsigned pid;

	spin_lock(&pid_lock);
	pid = find_free(pid_last + 1, PID_MAX);
	if (!pid)
		pid = find_free(PID_FIRST_AGAIN, pid_last);
	if (pid) {
		pid_map[pid / WORD_BITS] |= 1ull << pid % WORD_BITS;
		pid_last = pid;
		nr_used++;
	}
	spin_unlock(&pid_lock);
	return pid ? (int)pid : -EAGAIN;
}

void pid_free(int pid)
{
	unsigned n = (unsigned)pid;

	spin_lock(&pid_lock);
	ASSERT(n < PID_MAX && (pid_map[n / WORD_BITS] >> n % WORD_BITS & 1));
	pid_map[n / WORD_BITS] &= ~(1ull << n % WORD_BITS);
	nr_used--;
	spin_unlock(&pid_lock);
}

unsigned pid_count(void)
{
	return __atomic_load_n(&nr_used, __ATOMIC_RELAXED);
}
