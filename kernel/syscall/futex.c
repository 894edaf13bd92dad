// SPDX-License-Identifier: MIT
/*
 * futex(2) and the lists of robust mutexes.
 */
#include <syscall/handlers.h>

#include <linux/futex.h>
#include <linux/time_types.h>

#include <lib/errno.h>

#include <core/time.h>
#include <mm/usercopy.h>
#include <proc/futex.h>
#include <proc/task.h>

/* The deadline of a timeout argument, in nanoseconds since boot. */
static int get_deadline(const void __user *timeout, bool absolute,
			bool realtime, uint64_t *deadline)
{
	struct __kernel_timespec ts;
	uint64_t now = realtime ? time_wall_ns() : time_now_ns();
	uint64_t time;

	*deadline = UINT64_MAX;
	if (!timeout)
		return 0;
	if (copy_from_user(&ts, timeout, sizeof(ts)))
		return -EFAULT;
	if (ts.tv_sec < 0 || ts.tv_nsec < 0 ||
	    ts.tv_nsec >= (long long)NSEC_PER_SEC)
		return -EINVAL;
	if (ts.tv_sec > (long long)(INT64_MAX / NSEC_PER_SEC / 2))
		return 0; /* centuries away */
	time = ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
	if (!absolute)
		*deadline = time_now_ns() + time;
	else
		*deadline = time > now ? time_now_ns() + (time - now) : 0;
	return 0;
}

/* restart_data of a wait with a relative timeout. */
enum {
	RESTART_ADDR,
	RESTART_EXPECTED,
	RESTART_DEADLINE,
	RESTART_BITS /* bitset, and whether shared in bit 32 */
};

static long futex_wait_restart(struct task *task)
{
	uint64_t *data = task->restart_data;
	int ret = futex_wait((uint32_t __user *)data[RESTART_ADDR],
			     data[RESTART_BITS] >> 32, data[RESTART_EXPECTED],
			     data[RESTART_DEADLINE], data[RESTART_BITS]);

	return ret == -EINTR ? -ERESTART_RESTARTBLOCK : ret;
}

/* FUTEX_WAIT has a relative timeout, FUTEX_WAIT_BITSET an absolute one. */
static long do_wait(const struct syscall_args *args, int op, bool shared)
{
	bool absolute = (op & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET;
	uint32_t bitset = absolute ? args->arg[5] : FUTEX_BITSET_MATCH_ANY;
	struct task *task = current;
	uint64_t deadline;
	int ret;

	ret = get_deadline((void __user *)args->arg[3], absolute,
			   op & FUTEX_CLOCK_REALTIME, &deadline);
	if (ret)
		return ret;
	ret = futex_wait((uint32_t __user *)args->arg[0], shared, args->arg[2],
			 deadline, bitset);
	if (ret != -EINTR)
		return ret;
	if (absolute || deadline == UINT64_MAX)
		return -ERESTARTSYS;
	task->restart = futex_wait_restart;
	task->restart_data[RESTART_ADDR] = args->arg[0];
	task->restart_data[RESTART_EXPECTED] = args->arg[2];
	task->restart_data[RESTART_DEADLINE] = deadline;
	task->restart_data[RESTART_BITS] = (uint64_t)shared << 32 | bitset;
	return -ERESTART_RESTARTBLOCK;
}

/* futex(2), number 98.  Priority inheritance is left out: -ENOSYS. */
long sys_futex(const struct syscall_args *args)
{
	uint32_t __user *addr = (uint32_t __user *)args->arg[0];
	uint32_t __user *target = (uint32_t __user *)args->arg[4];
	int op = args->arg[1];
	bool shared = !(op & FUTEX_PRIVATE_FLAG);
	uint32_t expected = args->arg[5];
	int n = args->arg[2];
	int max = args->arg[3];

	if (op & FUTEX_CLOCK_REALTIME &&
	    (op & FUTEX_CMD_MASK) != FUTEX_WAIT_BITSET &&
	    (op & FUTEX_CMD_MASK) != FUTEX_WAIT)
		return -ENOSYS;
	switch (op & FUTEX_CMD_MASK) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
		return do_wait(args, op, shared);
	case FUTEX_WAKE:
		return futex_wake(addr, shared, n, FUTEX_BITSET_MATCH_ANY);
	case FUTEX_WAKE_BITSET:
		return futex_wake(addr, shared, n, args->arg[5]);
	case FUTEX_REQUEUE:
		return futex_requeue(addr, target, shared, n, max, NULL);
	case FUTEX_CMP_REQUEUE:
		return futex_requeue(addr, target, shared, n, max, &expected);
	case FUTEX_WAKE_OP:
		return futex_wake_op(addr, target, shared, n, max,
				     args->arg[5]);
	default:
		return -ENOSYS;
	}
}

/* set_robust_list(2): only remembered until the thread ends. */
long sys_set_robust_list(const struct syscall_args *args)
{
	if (args->arg[1] != sizeof(struct robust_list_head))
		return -EINVAL;
	current->robust_list = (void __user *)args->arg[0];
	return 0;
}

/* get_robust_list(2): of this thread or one of the same user. */
long sys_get_robust_list(const struct syscall_args *args)
{
	int pid = args->arg[0];
	struct task *task = task_find(pid ? pid : current->pid);
	const struct cred *cred = current_cred();
	void __user *list;
	bool allowed;

	if (!task)
		return -ESRCH;
	list = task->robust_list;
	allowed = task->process == current->process || !cred->euid;
	task_put(task);
	if (!allowed)
		return -EPERM;
	if (put_user(list, (void __user *__user *)args->arg[1]))
		return -EFAULT;
	return put_user(sizeof(struct robust_list_head),
			(size_t __user *)args->arg[2]);
}
