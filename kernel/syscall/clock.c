// SPDX-License-Identifier: MIT
/*
 * Clocks and sleeping: clock_gettime(2), clock_nanosleep(2) and their kin.
 */
#include <syscall/handlers.h>

#include <linux/capability.h>
#include <linux/time.h>
#include <linux/time_types.h>

#include <lib/errno.h>

#include <core/thread.h>
#include <core/time.h>
#include <mm/usercopy.h>
#include <proc/task.h>

/* Seconds that fit in 64 bits of nanoseconds, with room for sums. */
#define MAX_SECONDS (INT64_MAX / (int64_t)NSEC_PER_SEC / 2)

static uint64_t process_time_ns(void)
{
	uint64_t total, user;

	process_cpu_time(current->process, &total, &user);
	return total;
}

static uint64_t thread_time_ns(void)
{
	struct thread *thread = current_thread();

	return thread->runtime_ns + time_now_ns() - thread->run_start_ns;
}

/* The time of a clock: 0 or -EINVAL. */
static int clock_read(unsigned long clock, uint64_t *ns)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_REALTIME_ALARM:
	case CLOCK_TAI:
		*ns = time_wall_ns();
		return 0;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
	case CLOCK_BOOTTIME_ALARM:
		*ns = time_now_ns();
		return 0;
	case CLOCK_PROCESS_CPUTIME_ID:
		*ns = process_time_ns();
		return 0;
	case CLOCK_THREAD_CPUTIME_ID:
		*ns = thread_time_ns();
		return 0;
	default:
		return -EINVAL;
	}
}

static struct __kernel_timespec to_timespec(uint64_t ns)
{
	return (struct __kernel_timespec){ .tv_sec = ns / NSEC_PER_SEC,
					   .tv_nsec = ns % NSEC_PER_SEC };
}

/* Check and convert; far-off times come out as the farthest. */
static int from_timespec(const struct __kernel_timespec *ts, uint64_t *ns)
{
	if (ts->tv_sec < 0 || ts->tv_nsec < 0 ||
	    ts->tv_nsec >= (long long)NSEC_PER_SEC)
		return -EINVAL;
	*ns = MIN(ts->tv_sec, MAX_SECONDS) * NSEC_PER_SEC + ts->tv_nsec;
	return 0;
}

static int get_timespec(const void __user *from, uint64_t *ns)
{
	struct __kernel_timespec ts;

	if (copy_from_user(&ts, from, sizeof(ts)))
		return -EFAULT;
	return from_timespec(&ts, ns);
}

static int put_timespec(void __user *to, uint64_t ns)
{
	struct __kernel_timespec ts = to_timespec(ns);

	return copy_to_user(to, &ts, sizeof(ts));
}

/* clock_gettime(2).  -EINVAL: no such clock. */
long sys_clock_gettime(const struct syscall_args *args)
{
	uint64_t ns;
	int ret = clock_read(args->arg[0], &ns);

	return ret ? ret : put_timespec((void __user *)args->arg[1], ns);
}

/* clock_getres(2).  What the counter can tell apart. */
long sys_clock_getres(const struct syscall_args *args)
{
	uint64_t hz = time_counter_hz();
	uint64_t ns;
	int ret = clock_read(args->arg[0], &ns);

	if (ret || !args->arg[1])
		return ret;
	return put_timespec((void __user *)args->arg[1],
			    (NSEC_PER_SEC + hz - 1) / hz);
}

/* clock_settime(2): only the wall clock can be set. */
long sys_clock_settime(const struct syscall_args *args)
{
	uint64_t ns;
	int ret;

	if (args->arg[0] != CLOCK_REALTIME)
		return -EINVAL;
	ret = get_timespec((void __user *)args->arg[1], &ns);
	if (ret)
		return ret;
	if (!capable(CAP_SYS_TIME))
		return -EPERM;
	time_set_wall_ns(ns);
	return 0;
}

/* gettimeofday(2); there is no time zone in the kernel. */
long sys_gettimeofday(const struct syscall_args *args)
{
	struct timezone zone = { 0 };
	uint64_t ns = time_wall_ns();
	struct __kernel_old_timeval tv = {
		.tv_sec = ns / NSEC_PER_SEC,
		.tv_usec = ns % NSEC_PER_SEC / NSEC_PER_USEC,
	};

	if (args->arg[0] &&
	    copy_to_user((void __user *)args->arg[0], &tv, sizeof(tv)))
		return -EFAULT;
	if (args->arg[1] &&
	    copy_to_user((void __user *)args->arg[1], &zone, sizeof(zone)))
		return -EFAULT;
	return 0;
}

/* settimeofday(2); a time zone is accepted and forgotten. */
long sys_settimeofday(const struct syscall_args *args)
{
	struct __kernel_old_timeval tv;
	struct __kernel_timespec ts;
	uint64_t ns;

	if (!args->arg[0])
		return capable(CAP_SYS_TIME) ? 0 : -EPERM;
	if (copy_from_user(&tv, (void __user *)args->arg[0], sizeof(tv)))
		return -EFAULT;
	if (tv.tv_usec < 0 || tv.tv_usec >= 1000000)
		return -EINVAL;
	ts.tv_sec = tv.tv_sec;
	ts.tv_nsec = tv.tv_usec * NSEC_PER_USEC;
	if (from_timespec(&ts, &ns))
		return -EINVAL;
	if (!capable(CAP_SYS_TIME))
		return -EPERM;
	time_set_wall_ns(ns);
	return 0;
}

/* --- Sleeping ---------------------------------------------------------- */

/* Sleep until that time of a clock.  0, or -EINTR with *left_ns. */
static int sleep_until(unsigned long clock, uint64_t deadline_ns,
		       uint64_t *left_ns)
{
	int64_t left;
	uint64_t now;
	int ret = 0;

	for (;;) {
		ret = clock_read(clock, &now);
		if (ret)
			return ret;
		if (now >= deadline_ns)
			return 0;
		*left_ns = deadline_ns - now;
		if (ret == -EINTR || signal_is_pending())
			return -EINTR;
		left = *left_ns;
		thread_set_state(THREAD_INTERRUPTIBLE);
		(void)thread_sleep(&left); /* the top of the loop sees why */
	}
}

/* What a relative sleep needs to go on after a signal: restart_data. */
enum { RESTART_CLOCK, RESTART_DEADLINE, RESTART_REMAINING };

static long nanosleep_restart(struct task *task)
{
	void __user *remaining =
		(void __user *)task->restart_data[RESTART_REMAINING];
	uint64_t left;
	int ret = sleep_until(task->restart_data[RESTART_CLOCK],
			      task->restart_data[RESTART_DEADLINE], &left);

	if (ret != -EINTR)
		return ret;
	if (remaining && put_timespec(remaining, left))
		return -EFAULT;
	return -ERESTART_RESTARTBLOCK;
}

static long do_nanosleep(unsigned long clock, bool absolute,
			 const void __user *request, void __user *remaining)
{
	struct task *task = current;
	uint64_t time, now, left;
	int ret;

	if (clock_read(clock, &now) || clock == CLOCK_THREAD_CPUTIME_ID)
		return -EINVAL;
	ret = get_timespec(request, &time);
	if (ret)
		return ret;
	if (absolute) {
		ret = sleep_until(clock, time, &left);
		return ret == -EINTR ? -ERESTARTNOHAND : ret;
	}
	task->restart = nanosleep_restart;
	task->restart_data[RESTART_CLOCK] = clock;
	task->restart_data[RESTART_DEADLINE] = now + time;
	task->restart_data[RESTART_REMAINING] = (uintptr_t)remaining;
	return nanosleep_restart(task);
}

/* nanosleep(2). */
long sys_nanosleep(const struct syscall_args *args)
{
	return do_nanosleep(CLOCK_MONOTONIC, false, (void __user *)args->arg[0],
			    (void __user *)args->arg[1]);
}

/* clock_nanosleep(2). */
long sys_clock_nanosleep(const struct syscall_args *args)
{
	return do_nanosleep(args->arg[0], args->arg[1] & TIMER_ABSTIME,
			    (void __user *)args->arg[2],
			    (void __user *)args->arg[3]);
}

/* restart_syscall(2): go on with a call that a signal interrupted. */
long sys_restart_syscall(const struct syscall_args *args)
{
	struct task *task = current;

	(void)args;
	return task->restart ? task->restart(task) : -EINTR;
}
