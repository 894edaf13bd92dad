// SPDX-License-Identifier: MIT
/*
 * Scheduling: yielding, priorities, policies, affinity.  sched(7).
 */
#include <syscall/handlers.h>

#include <linux/capability.h>
#include <linux/resource.h>
#include <linux/sched.h>

#include <arch/hart.h>
#include <core/thread.h>
#include <lib/errno.h>
#include <mm/usercopy.h>
#include <proc/cred.h>
#include <proc/sched.h>
#include <proc/task.h>
#include <syscall/user_times.h>

#define RT_PRIORITY_MAX 99

struct sched_param_abi {
	int priority;
};

/* sched_yield(2), number 124. */
long sys_sched_yield(const struct syscall_args *args)
{
	(void)args;
	thread_yield();
	return 0;
}

/* A live thread by number, 0 being the caller; referenced, or NULL. */
static struct task *find_thread(long pid)
{
	return pid < 0 ? NULL : task_find(pid ? (int)pid : current->pid);
}

static bool may_change(struct task *task)
{
	const struct cred *mine = current_cred();
	const struct cred *cred = task_get_cred(task);
	bool same = mine->euid == cred->uid || mine->euid == cred->euid;

	cred_put(cred);
	return same || capable(CAP_SYS_NICE);
}

/* --- Policies -------------------------------------------------------- */

static bool policy_is_rt(int policy)
{
	return policy == SCHED_FIFO || policy == SCHED_RR;
}

static int check_policy(int policy, int priority)
{
	if (policy_is_rt(policy))
		return priority >= 1 && priority <= RT_PRIORITY_MAX ? 0
								    : -EINVAL;
	if (policy != SCHED_NORMAL && policy != SCHED_BATCH &&
	    policy != SCHED_IDLE)
		return -EINVAL;
	return priority ? -EINVAL : 0;
}

static int check_policy_permission(struct task *task, int policy, int priority)
{
	if (!may_change(task))
		return -EPERM;
	if (policy_is_rt(policy) && !capable(CAP_SYS_NICE) &&
	    (uint64_t)priority > rlimit_get(RLIMIT_RTPRIO))
		return -EPERM;
	return 0;
}

static long set_policy(long pid, int policy, unsigned long user_param)
{
	struct sched_param_abi param;
	struct task *task;
	int ret;

	if (!user_param || pid < 0)
		return -EINVAL;
	if (copy_from_user(&param, (const void __user *)user_param,
			   sizeof(param)))
		return -EFAULT;
	task = find_thread(pid);
	if (!task)
		return -ESRCH;
	if (policy < 0)
		policy = task->thread.policy;
	ret = check_policy(policy, param.priority);
	if (!ret)
		ret = check_policy_permission(task, policy, param.priority);
	if (!ret)
		sched_set_policy(&task->thread, (unsigned)policy,
				 (unsigned)param.priority);
	task_put(task);
	return ret;
}

/* sched_setscheduler(2), number 119; RESET_ON_FORK is not kept. */
long sys_sched_setscheduler(const struct syscall_args *args)
{
	int policy = (int)args->arg[1] & ~SCHED_RESET_ON_FORK;

	return policy < 0 ? -EINVAL
			  : set_policy((int)args->arg[0], policy, args->arg[2]);
}

/* sched_setparam(2), number 118. */
long sys_sched_setparam(const struct syscall_args *args)
{
	return set_policy((int)args->arg[0], -1, args->arg[1]);
}

/* sched_getscheduler(2), number 120. */
long sys_sched_getscheduler(const struct syscall_args *args)
{
	struct task *task = find_thread((int)args->arg[0]);
	long policy;

	if (!task)
		return (int)args->arg[0] < 0 ? -EINVAL : -ESRCH;
	policy = task->thread.policy;
	task_put(task);
	return policy;
}

/* sched_getparam(2), number 121. */
long sys_sched_getparam(const struct syscall_args *args)
{
	struct task *task = find_thread((int)args->arg[0]);
	struct sched_param_abi param;

	if (!args->arg[1] || (int)args->arg[0] < 0) {
		if (task)
			task_put(task);
		return -EINVAL;
	}
	if (!task)
		return -ESRCH;
	param.priority = task->thread.rt_priority;
	task_put(task);
	return copy_to_user((void __user *)args->arg[1], &param, sizeof(param));
}

/* sched_get_priority_max(2), number 125: the priority, or -EINVAL. */
long sys_sched_get_priority_max(const struct syscall_args *args)
{
	int policy = (int)args->arg[0];

	if (policy_is_rt(policy))
		return RT_PRIORITY_MAX;
	return check_policy(policy, 0);
}

/* sched_get_priority_min(2), number 126: the priority, or -EINVAL. */
long sys_sched_get_priority_min(const struct syscall_args *args)
{
	int policy = (int)args->arg[0];

	if (policy_is_rt(policy))
		return 1;
	return check_policy(policy, 0);
}

/* sched_rr_get_interval(2), number 127. */
long sys_sched_rr_get_interval(const struct syscall_args *args)
{
	struct task *task = find_thread((int)args->arg[0]);
	struct __kernel_timespec interval;

	if (!task)
		return (int)args->arg[0] < 0 ? -EINVAL : -ESRCH;
	interval = timespec_from_ns(
		task->thread.policy == SCHED_RR ? SCHED_RR_SLICE_NS : 0);
	task_put(task);
	return copy_to_user((void __user *)args->arg[1], &interval,
			    sizeof(interval));
}

/* --- Affinity -------------------------------------------------------- */

/* sched_setaffinity(2), number 122. */
long sys_sched_setaffinity(const struct syscall_args *args)
{
	size_t len = MIN(args->arg[1], sizeof(uint64_t));
	uint64_t mask = 0;
	struct task *task;
	int ret = 0;

	if (copy_from_user(&mask, (const void __user *)args->arg[2], len))
		return -EFAULT;
	task = find_thread((int)args->arg[0]);
	if (!task)
		return -ESRCH;
	if (!may_change(task))
		ret = -EPERM;
	else if (!(mask & harts_online()))
		ret = -EINVAL;
	else
		thread_set_affinity(&task->thread, mask);
	task_put(task);
	return ret;
}

/* sched_getaffinity(2), number 123: the bytes stored. */
long sys_sched_getaffinity(const struct syscall_args *args)
{
	struct task *task = find_thread((int)args->arg[0]);
	uint64_t mask;

	if (!task)
		return -ESRCH;
	mask = task->thread.affinity & harts_online();
	task_put(task);
	if (args->arg[1] < sizeof(mask) || args->arg[1] % sizeof(mask))
		return -EINVAL;
	if (copy_to_user((void __user *)args->arg[2], &mask, sizeof(mask)))
		return -EFAULT;
	return sizeof(mask);
}

/* --- Nice values ----------------------------------------------------- */

/* Does setpriority(which, who) mean this thread? */
static bool priority_means(const struct task *task, int which, uint32_t who)
{
	switch (which) {
	case PRIO_PROCESS:
		return task->pid == (int)(who ? who : (uint32_t)current->pid);
	case PRIO_PGRP:
		return task->process->pgid ==
		       (int)(who ? who : (uint32_t)current->process->pgid);
	default:
		return task->cred->uid == (who ? who : current_cred()->uid);
	}
}

static int set_nice(struct task *task, int nice)
{
	/* RLIMIT_NICE counts 20 - nice. */
	if (!may_change(task))
		return -EPERM;
	if (nice < task->thread.nice && !capable(CAP_SYS_NICE) &&
	    (uint64_t)(20 - nice) > rlimit_get(RLIMIT_NICE))
		return -EACCES;
	sched_set_nice(&task->thread, nice);
	return 0;
}

/* Call fn for all threads that are meant; -ESRCH if there are none. */
static int for_each_meant(int which, uint32_t who, int value,
			  int (*fn)(struct task *task, int value, int *result),
			  int *result)
{
	struct process *process;
	int ret = -ESRCH;

	for (int pid = 1; (process = process_next(pid));) {
		struct task *task;

		for (int tid = 1; (task = process_next_thread(process, tid));) {
			if (priority_means(task, which, who))
				ret = fn(task, value, result);
			tid = task->pid + 1;
			task_put(task);
		}
		pid = process->pid + 1;
		process_put(process);
	}
	return ret;
}

static int apply_nice(struct task *task, int value, int *result)
{
	(void)result;
	return set_nice(task, value);
}

static int best_nice(struct task *task, int value, int *result)
{
	(void)value;
	*result = MAX(*result, 20 - task->thread.nice);
	return 0;
}

/* setpriority(2), number 140. */
long sys_setpriority(const struct syscall_args *args)
{
	int which = (int)args->arg[0];
	int nice = MIN(MAX((int)args->arg[2], -20), 19);

	if (which < PRIO_PROCESS || which > PRIO_USER)
		return -EINVAL;
	return for_each_meant(which, (uint32_t)args->arg[1], nice, apply_nice,
			      NULL);
}

/* getpriority(2), number 141: 20 - nice, so that it is no error. */
long sys_getpriority(const struct syscall_args *args)
{
	int which = (int)args->arg[0];
	int best = 0;
	int ret;

	if (which < PRIO_PROCESS || which > PRIO_USER)
		return -EINVAL;
	ret = for_each_meant(which, (uint32_t)args->arg[1], 0, best_nice,
			     &best);
	return ret ? ret : best;
}
