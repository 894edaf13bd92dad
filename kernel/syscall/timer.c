// SPDX-License-Identifier: MIT
/*
 * Timers that send signals: setitimer(2) and alarm(2), timer_create(2).
 */
#include <syscall/handlers.h>

#include <linux/time.h>
#include <linux/time_types.h>

#include <lib/errno.h>
#include <mm/usercopy.h>
#include <proc/itimer.h>
#include <proc/posix_timer.h>
#include <proc/task.h>
#include <syscall/user_times.h>

/* --- setitimer -------------------------------------------------------------- */

static struct __kernel_old_itimerval itimer_to_user(const struct itimer *timer)
{
	return (struct __kernel_old_itimerval){
		.it_interval = timeval_from_ns(timer->interval_ns),
		.it_value = timeval_from_ns(timer->left_ns),
	};
}

static bool timeval_to_ns(const struct __kernel_old_timeval *tv, uint64_t *ns)
{
	struct __kernel_timespec ts = {
		.tv_sec = tv->tv_sec,
		.tv_nsec = tv->tv_usec * (long)NSEC_PER_USEC,
	};

	if (tv->tv_usec < 0 || tv->tv_usec >= 1000000)
		return false;
	return timespec_to_ns(&ts, ns);
}

static bool itimer_is_known(int which)
{
	return which == ITIMER_REAL || which == ITIMER_VIRTUAL ||
	       which == ITIMER_PROF;
}

/* getitimer(2), number 102. */
long sys_getitimer(const struct syscall_args *args)
{
	struct __kernel_old_itimerval user;
	struct itimer timer;

	if (!itimer_is_known((int)args->arg[0]))
		return -EINVAL;
	itimer_get(current->process, (int)args->arg[0], &timer);
	user = itimer_to_user(&timer);
	return copy_to_user((void __user *)args->arg[1], &user, sizeof(user));
}

/* setitimer(2), number 103. */
long sys_setitimer(const struct syscall_args *args)
{
	struct __kernel_old_itimerval user = { 0 };
	struct itimer timer, old;

	if (!itimer_is_known((int)args->arg[0]))
		return -EINVAL;
	if (args->arg[1] &&
	    copy_from_user(&user, (const void __user *)args->arg[1],
			   sizeof(user)))
		return -EFAULT;
	if (!timeval_to_ns(&user.it_value, &timer.left_ns) ||
	    !timeval_to_ns(&user.it_interval, &timer.interval_ns))
		return -EINVAL;
	itimer_set(current->process, (int)args->arg[0], &timer, &old);
	user = itimer_to_user(&old);
	if (!args->arg[2])
		return 0;
	return copy_to_user((void __user *)args->arg[2], &user, sizeof(user));
}

/* --- timer_create ------------------------------------------------------------ */

/* timer_create(2), number 107; without an event it is SIGALRM. */
long sys_timer_create(const struct syscall_args *args)
{
	const void __user *user_event = (const void __user *)args->arg[1];
	struct sigevent event = {
		.sigev_notify = SIGEV_SIGNAL,
		.sigev_signo = SIGALRM,
	};
	int id;

	if (user_event && copy_from_user(&event, user_event, sizeof(event)))
		return -EFAULT;
	id = posix_timer_create((int)args->arg[0], &event);
	if (id < 0)
		return id;
	if (put_user(id, (int __user *)args->arg[2])) {
		(void)posix_timer_delete(id);
		return -EFAULT;
	}
	return 0;
}

/* timer_delete(2), number 111. */
long sys_timer_delete(const struct syscall_args *args)
{
	return posix_timer_delete((int)args->arg[0]);
}

/* timer_getoverrun(2), number 109. */
long sys_timer_getoverrun(const struct syscall_args *args)
{
	return posix_timer_overrun((int)args->arg[0]);
}

static int put_itimerspec(unsigned long user_value, const struct itimer *timer)
{
	struct __kernel_itimerspec value = {
		.it_interval = timespec_from_ns(timer->interval_ns),
		.it_value = timespec_from_ns(timer->left_ns),
	};

	return copy_to_user((void __user *)user_value, &value, sizeof(value));
}

/* timer_gettime(2), number 108. */
long sys_timer_gettime(const struct syscall_args *args)
{
	struct itimer timer;
	int ret = posix_timer_get((int)args->arg[0], &timer);

	return ret ? ret : put_itimerspec(args->arg[1], &timer);
}

/* timer_settime(2), number 110. */
long sys_timer_settime(const struct syscall_args *args)
{
	struct __kernel_itimerspec value;
	struct itimer timer, old;
	int ret;

	if (copy_from_user(&value, (const void __user *)args->arg[2],
			   sizeof(value)))
		return -EFAULT;
	if (!timespec_to_ns(&value.it_value, &timer.left_ns) ||
	    !timespec_to_ns(&value.it_interval, &timer.interval_ns))
		return -EINVAL;
	ret = posix_timer_set((int)args->arg[0],
			      (args->arg[1] & TIMER_ABSTIME) != 0, &timer,
			      &old);
	if (ret || !args->arg[3])
		return ret;
	return put_itimerspec(args->arg[3], &old);
}
