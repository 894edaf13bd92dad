// SPDX-License-Identifier: MIT
/*
 * The scheduler: pre-emption, yielding, sleeping, clocks, many processes.
 */
#include "check.h"

#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <time.h>

static long ms_between(const struct timespec *from, const struct timespec *to)
{
	return (to->tv_sec - from->tv_sec) * 1000 +
	       (to->tv_nsec - from->tv_nsec) / 1000000;
}

static int spin_until_flag(void *arg)
{
	volatile int *flag = arg;

	flag[1]++;
	while (!flag[0])
		; /* never yields: only pre-emption lets others run */
	return 0;
}

static void spinning_is_preempted(void)
{
	volatile int *flag = check_shared(4096);
	pid_t pids[10];

	/* More spinners than harts, so that some hart has two. */
	for (int i = 0; i < 10; i++)
		pids[i] = check_child(spin_until_flag, (void *)flag);
	while (flag[1] < 1)
		sched_yield();
	flag[0] = 1;
	for (int i = 0; i < 10; i++)
		check_exited(pids[i], 0);
}

static int spin_until_stop(void *arg)
{
	volatile int *stop = arg;

	while (!*stop)
		;
	return 0;
}

/* What a child that ended well had of the harts. */
static long child_cpu_us(pid_t pid)
{
	struct rusage usage;
	int status;

	EXPECT_EQ(wait4(pid, &status, 0, &usage), pid);
	EXPECT_EQ(status, 0);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
	       usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

/*
 * Their time is compared, not what they did in it: a busy host takes away from
 * one what the kernel under test cannot see.
 */
static void equal_tasks_share_a_hart(void)
{
	struct timespec time = { .tv_nsec = 600000000 };
	volatile int *stop = check_shared(4096);
	long least = LONG_MAX, most = 0;
	cpu_set_t one;
	pid_t pids[3];

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		check_skip("cannot stay on one hart");
	for (int i = 0; i < 3; i++)
		pids[i] = check_child(spin_until_stop, (void *)stop);
	nanosleep(&time, NULL);
	*stop = 1;
	for (int i = 0; i < 3; i++) {
		long used = child_cpu_us(pids[i]);

		least = used < least ? used : least;
		most = used > most ? used : most;
	}
	if (least * 4 < most)
		check_fail("expected similar shares, got %ld to %ld us", least,
			   most);
}

static int yield_often(void *arg)
{
	(void)arg;
	for (int i = 0; i < 2000; i++)
		sched_yield();
	return 0;
}

static void yielding_ends(void)
{
	pid_t pids[4];

	for (int i = 0; i < 4; i++)
		pids[i] = check_child(yield_often, NULL);
	for (int i = 0; i < 4; i++)
		check_exited(pids[i], 0);
}

static void sleeping_takes_its_time(void)
{
	struct timespec time = { .tv_nsec = 120000000 }, start, end;

	clock_gettime(CLOCK_MONOTONIC, &start);
	EXPECT_OK(nanosleep(&time, NULL));
	clock_gettime(CLOCK_MONOTONIC, &end);
	EXPECT(ms_between(&start, &end) >= 119);
	time.tv_nsec = 1000000000;
	EXPECT_ERRNO(nanosleep(&time, NULL), EINVAL);
}

static void absolute_sleep(void)
{
	struct timespec until, now;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += 50000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	EXPECT_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL),
		  0);
	clock_gettime(CLOCK_MONOTONIC, &now);
	EXPECT(ms_between(&until, &now) >= 0);
}

static void clocks_go_forward(void)
{
	struct timespec last, now;

	clock_gettime(CLOCK_MONOTONIC, &last);
	for (int i = 0; i < 20000; i++) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		EXPECT(now.tv_sec > last.tv_sec ||
		       (now.tv_sec == last.tv_sec &&
			now.tv_nsec >= last.tv_nsec));
		last = now;
	}
	EXPECT_OK(clock_gettime(CLOCK_REALTIME, &now));
	EXPECT(now.tv_sec > 1000000000); /* after 2001: the clock was read */
	EXPECT_OK(clock_getres(CLOCK_MONOTONIC, &now));
	EXPECT_ERRNO(clock_gettime(77, &now), EINVAL);
}

static void cpu_time_counts_work_only(void)
{
	struct timespec time = { .tv_nsec = 100000000 }, start, end;
	volatile long work = 0;

	EXPECT_OK(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start));
	nanosleep(&time, NULL);
	EXPECT_OK(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end));
	EXPECT(ms_between(&start, &end) < 60);
	do {
		for (int i = 0; i < 1000000; i++)
			work += i;
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	} while (ms_between(&start, &end) < 20);
}

static int sleep_a_little(void *arg)
{
	struct timespec time = { .tv_nsec = 1000000 * (1 + *(int *)arg % 7) };

	for (int i = 0; i < 5; i++)
		nanosleep(&time, NULL);
	return *(int *)arg & 0x7f;
}

static void many_processes_at_once(void)
{
	pid_t pids[60];

	for (int i = 0; i < 60; i++)
		pids[i] = check_child(sleep_a_little, &i);
	for (int i = 59; i >= 0; i--)
		check_exited(pids[i], i & 0x7f);
}

static void affinity_is_kept(void)
{
	cpu_set_t set, now;
	unsigned int cpu = 99;

	EXPECT_OK(sched_getaffinity(0, sizeof(set), &set));
	EXPECT(CPU_COUNT(&set) >= 1);
	CPU_ZERO(&now);
	EXPECT_ERRNO(sched_setaffinity(0, sizeof(now), &now), EINVAL);
	for (int i = 0; i < CPU_SETSIZE; i++) {
		if (!CPU_ISSET(i, &set))
			continue;
		CPU_ZERO(&now);
		CPU_SET(i, &now);
		EXPECT_OK(sched_setaffinity(0, sizeof(now), &now));
		EXPECT_OK(syscall(SYS_getcpu, &cpu, NULL, NULL));
		EXPECT_EQ(cpu, i);
	}
}

static void priorities_are_kept(void)
{
	EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 0);
	EXPECT_OK(setpriority(PRIO_PROCESS, 0, 5));
	errno = 0;
	EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 5);
	EXPECT_OK(setpriority(PRIO_PROCESS, 0, 100));
	EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 19);
	EXPECT_ERRNO(setpriority(PRIO_PROCESS, 1 << 29, 5), ESRCH);
}

static const struct check_test tests[] = {
	{ "spinning_is_preempted", spinning_is_preempted, 60 },
	{ "equal_tasks_share_a_hart", equal_tasks_share_a_hart, 60 },
	{ "yielding_ends", yielding_ends, 0 },
	{ "sleeping_takes_its_time", sleeping_takes_its_time, 0 },
	{ "absolute_sleep", absolute_sleep, 0 },
	{ "clocks_go_forward", clocks_go_forward, 0 },
	{ "cpu_time_counts_work_only", cpu_time_counts_work_only, 0 },
	{ "many_processes_at_once", many_processes_at_once, 0 },
	{ "affinity_is_kept", affinity_is_kept, 0 },
	{ "priorities_are_kept", priorities_are_kept, 0 },
};

CHECK_MAIN(tests)
