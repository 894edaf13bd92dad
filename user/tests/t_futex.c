// SPDX-License-Identifier: MIT
/*
 * Futexes, by themselves and below pthread's locks.
 */
#include "check.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

static long futex(volatile uint32_t *word, int op, uint32_t value,
		  const struct timespec *timeout, volatile uint32_t *other,
		  uint32_t value3)
{
	return syscall(SYS_futex, word, op, value, timeout, other, value3);
}

static void wait_checks_the_value(void)
{
	volatile uint32_t word = 5;

	EXPECT_ERRNO(futex(&word, FUTEX_WAIT, 4, NULL, NULL, 0), EAGAIN);
	EXPECT_EQ(futex(&word, FUTEX_WAKE, 1, NULL, NULL, 0), 0);
	EXPECT_ERRNO(futex((uint32_t *)((char *)&word + 1), FUTEX_WAIT, 5, NULL,
			   NULL, 0),
		     EINVAL);
	EXPECT_ERRNO(futex((uint32_t *)16, FUTEX_WAIT, 5, NULL, NULL, 0),
		     EFAULT);
	EXPECT_ERRNO(futex(&word, 126, 0, NULL, NULL, 0), ENOSYS);
}

static void wait_times_out(void)
{
	struct timespec time = { .tv_nsec = 30000000 };
	struct timespec start, end;
	volatile uint32_t word = 5;
	long ms;

	clock_gettime(CLOCK_MONOTONIC, &start);
	EXPECT_ERRNO(futex(&word, FUTEX_WAIT_PRIVATE, 5, &time, NULL, 0),
		     ETIMEDOUT);
	clock_gettime(CLOCK_MONOTONIC, &end);
	ms = (end.tv_sec - start.tv_sec) * 1000 +
	     (end.tv_nsec - start.tv_nsec) / 1000000;
	EXPECT(ms >= 29);
	time.tv_nsec = -1;
	EXPECT_ERRNO(futex(&word, FUTEX_WAIT, 5, &time, NULL, 0), EINVAL);
}

static void on_alarm(int sig)
{
	(void)sig;
}

static void wait_is_interrupted(void)
{
	struct itimerval timer = { .it_value.tv_usec = 50000 };
	struct sigaction action = { .sa_handler = on_alarm };
	volatile uint32_t word = 5;

	EXPECT_OK(sigaction(SIGALRM, &action, NULL));
	EXPECT_OK(setitimer(ITIMER_REAL, &timer, NULL));
	EXPECT_ERRNO(futex(&word, FUTEX_WAIT, 5, NULL, NULL, 0), EINTR);
}

struct shared {
	volatile uint32_t word;
	volatile uint32_t other;
	volatile int waiting;
	volatile int woken;
};

static int wait_on_word(void *arg)
{
	struct shared *shared = arg;

	__atomic_add_fetch(&shared->waiting, 1, __ATOMIC_SEQ_CST);
	while (shared->word == 0)
		futex(&shared->word, FUTEX_WAIT, 0, NULL, NULL, 0);
	__atomic_add_fetch(&shared->woken, 1, __ATOMIC_SEQ_CST);
	return 0;
}

static void wake_crosses_processes(void)
{
	struct shared *shared = check_shared(4096);
	pid_t pids[3];

	for (int i = 0; i < 3; i++)
		pids[i] = check_child(wait_on_word, shared);
	while (shared->waiting < 3)
		sched_yield();
	shared->word = 1;
	/* Some may not sleep yet: they see the new value. */
	while (shared->woken < 3)
		futex(&shared->word, FUTEX_WAKE, 3, NULL, NULL, 0);
	for (int i = 0; i < 3; i++)
		check_exited(pids[i], 0);
}

static void *wait_once(void *arg)
{
	struct shared *shared = arg;

	__atomic_add_fetch(&shared->waiting, 1, __ATOMIC_SEQ_CST);
	futex(&shared->word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
	__atomic_add_fetch(&shared->woken, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

static void requeue_moves_waiters(void)
{
	static struct shared shared;
	pthread_t threads[3];
	long moved = 0;

	for (int i = 0; i < 3; i++)
		EXPECT_EQ(pthread_create(&threads[i], NULL, wait_once, &shared),
			  0);
	/* Until all three sleep on the other word. */
	while (moved < 3) {
		long ret = futex(&shared.word, FUTEX_CMP_REQUEUE_PRIVATE, 0,
				 (void *)3L, &shared.other, 0);

		EXPECT_OK(ret);
		moved += ret;
		sched_yield();
	}
	EXPECT_EQ(shared.woken, 0);
	EXPECT_EQ(futex(&shared.word, FUTEX_WAKE_PRIVATE, 3, NULL, NULL, 0), 0);
	EXPECT_EQ(futex(&shared.other, FUTEX_WAKE_PRIVATE, 3, NULL, NULL, 0),
		  3);
	for (int i = 0; i < 3; i++)
		EXPECT_EQ(pthread_join(threads[i], NULL), 0);
	EXPECT_ERRNO(futex(&shared.word, FUTEX_CMP_REQUEUE_PRIVATE, 0,
			   (void *)3L, &shared.other, 77),
		     EAGAIN);
}

static void bitsets_select(void)
{
	struct timespec past = { 0, 0 };
	volatile uint32_t word = 0;

	EXPECT_ERRNO(futex(&word, FUTEX_WAIT_BITSET, 0, &past, NULL, 1),
		     ETIMEDOUT);
	EXPECT_ERRNO(futex(&word, FUTEX_WAIT_BITSET, 0, &past, NULL, 0),
		     EINVAL);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static long guarded;

static void *add_under_lock(void *arg)
{
	for (long i = 0; i < (long)(intptr_t)arg; i++) {
		pthread_mutex_lock(&mutex);
		guarded++;
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

static void mutexes_exclude(void)
{
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		EXPECT_EQ(pthread_create(&threads[i], NULL, add_under_lock,
					 (void *)20000L),
			  0);
	for (int i = 0; i < 4; i++)
		EXPECT_EQ(pthread_join(threads[i], NULL), 0);
	EXPECT_EQ(guarded, 80000);
}

static void *take_turns(void *arg)
{
	long me = (long)(intptr_t)arg;

	for (int i = 0; i < 500; i++) {
		pthread_mutex_lock(&mutex);
		while (guarded % 2 != me)
			pthread_cond_wait(&condition, &mutex);
		guarded++;
		pthread_cond_broadcast(&condition);
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

static void conditions_hand_over(void)
{
	pthread_t threads[2];

	for (long i = 0; i < 2; i++)
		EXPECT_EQ(pthread_create(&threads[i], NULL, take_turns,
					 (void *)(intptr_t)i),
			  0);
	for (int i = 0; i < 2; i++)
		EXPECT_EQ(pthread_join(threads[i], NULL), 0);
	EXPECT_EQ(guarded, 1000);
}

static int post_semaphore(void *arg)
{
	return sem_post(arg);
}

static void semaphores_cross_processes(void)
{
	sem_t *semaphore = check_shared(4096);
	pid_t pid;

	EXPECT_OK(sem_init(semaphore, 1, 0));
	pid = check_child(post_semaphore, semaphore);
	EXPECT_OK(sem_wait(semaphore));
	check_exited(pid, 0);
}

static int die_with_lock(void *arg)
{
	pthread_mutex_lock(arg);
	return 0;
}

static void robust_locks_survive_their_owner(void)
{
	pthread_mutex_t *lock = check_shared(4096);
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	if (pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST))
		check_skip("no robust lists");
	pthread_mutex_init(lock, &attributes);
	check_exited(check_child(die_with_lock, lock), 0);
	EXPECT_EQ(pthread_mutex_lock(lock), EOWNERDEAD);
	EXPECT_EQ(pthread_mutex_consistent(lock), 0);
	EXPECT_EQ(pthread_mutex_unlock(lock), 0);
}

static const struct check_test tests[] = {
	{ "wait_checks_the_value", wait_checks_the_value, 0 },
	{ "wait_times_out", wait_times_out, 0 },
	{ "wait_is_interrupted", wait_is_interrupted, 0 },
	{ "wake_crosses_processes", wake_crosses_processes, 0 },
	{ "requeue_moves_waiters", requeue_moves_waiters, 0 },
	{ "bitsets_select", bitsets_select, 0 },
	{ "mutexes_exclude", mutexes_exclude, 60 },
	{ "conditions_hand_over", conditions_hand_over, 60 },
	{ "semaphores_cross_processes", semaphores_cross_processes, 0 },
	{ "robust_locks_survive_their_owner", robust_locks_survive_their_owner,
	  0 },
};

CHECK_MAIN(tests)
