// SPDX-License-Identifier: MIT
/*
 * Resource limits and what was used: getrlimit(2), getrusage(2), times(2).
 */
#include <syscall/handlers.h>

#include <linux/capability.h>
#include <linux/resource.h>
#include <linux/times.h>

#include <core/lock.h>
#include <core/time.h>
#include <lib/errno.h>
#include <mm/mm.h>
#include <mm/usercopy.h>
#include <proc/cred.h>
#include <proc/limits.h>
#include <proc/task.h>
#include <syscall/user_times.h>

#define NS_PER_CLOCK_TICK (NSEC_PER_SEC / 100) /* USER_HZ */

static int change_limit(struct process *process, unsigned resource,
			const struct rlimit64 *new_limit,
			struct rlimit64 *old_limit)
{
	struct limit *limit = &process->limits.of[resource];
	unsigned long flags = spin_lock_irqsave(&process->signal_lock);
	int ret = 0;

	old_limit->rlim_cur = limit->soft;
	old_limit->rlim_max = limit->hard;
	if (new_limit) {
		if (new_limit->rlim_cur > new_limit->rlim_max) {
			ret = -EINVAL;
		} else if (new_limit->rlim_max > limit->hard &&
			   !capable(CAP_SYS_RESOURCE)) {
			ret = -EPERM;
		} else {
			limit->soft = new_limit->rlim_cur;
			limit->hard = new_limit->rlim_max;
		}
	}
	spin_unlock_irqrestore(&process->signal_lock, flags);
	return ret;
}

static bool may_see_limits(struct process *process)
{
	const struct cred *mine = current_cred();
	const struct cred *cred;
	bool same;

	if (process == current->process || capable(CAP_SYS_RESOURCE))
		return true;
	cred = task_get_cred(process->leader);
	same = mine->uid == cred->euid && mine->uid == cred->suid &&
	       mine->uid == cred->uid;
	cred_put(cred);
	return same;
}

/* prlimit64(2), number 261. */
long sys_prlimit64(const struct syscall_args *args)
{
	int pid = (int)args->arg[0];
	unsigned resource = (unsigned)args->arg[1];
	const void __user *user_new = (const void __user *)args->arg[2];
	void __user *user_old = (void __user *)args->arg[3];
	struct rlimit64 new_limit, old_limit;
	struct process *process;
	int ret;

	if (resource >= RLIM_NLIMITS)
		return -EINVAL;
	if (user_new && copy_from_user(&new_limit, user_new, sizeof(new_limit)))
		return -EFAULT;
	process = process_find(pid ? pid : current->process->pid);
	if (!process)
		return -ESRCH;
	ret = may_see_limits(process) ? 0 : -EPERM;
	if (!ret)
		ret = change_limit(process, resource,
				   user_new ? &new_limit : NULL, &old_limit);
	process_put(process);
	if (!ret && user_old)
		ret = copy_to_user(user_old, &old_limit, sizeof(old_limit));
	return ret;
}

/* getrlimit(2), number 163.  0, -EINVAL or -EFAULT. */
long sys_getrlimit(const struct syscall_args *args)
{
	struct rlimit64 limit;

	if (args->arg[0] >= RLIM_NLIMITS)
		return -EINVAL;
	(void)change_limit(current->process, (unsigned)args->arg[0], NULL,
			   &limit);
	return copy_to_user((void __user *)args->arg[1], &limit, sizeof(limit));
}

/*
 * setrlimit(2), number 164.  0, -EINVAL, -EFAULT or -EPERM (CAP_SYS_RESOURCE).
 */
long sys_setrlimit(const struct syscall_args *args)
{
	struct rlimit64 limit, old;

	if (args->arg[0] >= RLIM_NLIMITS)
		return -EINVAL;
	if (copy_from_user(&limit, (const void __user *)args->arg[1],
			   sizeof(limit)))
		return -EFAULT;
	return change_limit(current->process, (unsigned)args->arg[0], &limit,
			    &old);
}

/* --- Usage ----------------------------------------------------------- */

static void usage_set_times(struct rusage *usage, uint64_t total_ns,
			    uint64_t user_ns)
{
	user_ns = MIN(user_ns, total_ns);
	usage->ru_utime = timeval_from_ns(user_ns);
	usage->ru_stime = timeval_from_ns(total_ns - user_ns);
}

static void usage_of_self(struct process *process, struct rusage *usage)
{
	uint64_t total, user, pages;
	struct task *task;
	struct mm *mm = current->thread.mm;

	process_cpu_time(process, &total, &user);
	usage_set_times(usage, total, user);
	pages = MAX(process->max_rss_pages,
		    mm ? (uint64_t)atomic64_load(&mm->rss) : 0);
	usage->ru_maxrss = (long)(pages * 4);
	spin_lock(&tasklist_lock);
	usage->ru_minflt = (long)process->dead_minor_faults;
	usage->ru_majflt = (long)process->dead_major_faults;
	usage->ru_nvcsw = (long)process->dead_voluntary;
	usage->ru_nivcsw = (long)process->dead_preempted;
	TAILQ_FOREACH (task, &process->threads, thread_link) {
		usage->ru_minflt += (long)task->nr_minor_faults;
		usage->ru_majflt += (long)task->nr_major_faults;
		usage->ru_nvcsw += (long)task->thread.nr_voluntary;
		usage->ru_nivcsw += (long)task->thread.nr_preempted;
	}
	spin_unlock(&tasklist_lock);
}

static void usage_of_children(struct process *process, struct rusage *usage)
{
	spin_lock(&tasklist_lock);
	usage_set_times(usage, process->child_runtime_ns,
			process->child_user_ns);
	usage->ru_minflt = (long)process->child_minor_faults;
	usage->ru_majflt = (long)process->child_major_faults;
	usage->ru_maxrss = (long)(process->child_max_rss_pages * 4);
	spin_unlock(&tasklist_lock);
}

static void usage_of_thread(struct task *task, struct rusage *usage)
{
	usage_set_times(usage, task->thread.runtime_ns, task->thread.user_ns);
	usage->ru_minflt = (long)task->nr_minor_faults;
	usage->ru_majflt = (long)task->nr_major_faults;
	usage->ru_nvcsw = (long)task->thread.nr_voluntary;
	usage->ru_nivcsw = (long)task->thread.nr_preempted;
}

/* getrusage(2), number 165. */
long sys_getrusage(const struct syscall_args *args)
{
	struct rusage usage = { 0 };

	switch ((int)args->arg[0]) {
	case RUSAGE_SELF:
		usage_of_self(current->process, &usage);
		break;
	case RUSAGE_CHILDREN:
		usage_of_children(current->process, &usage);
		break;
	case RUSAGE_THREAD:
		usage_of_thread(current, &usage);
		break;
	default:
		return -EINVAL;
	}
	return copy_to_user((void __user *)args->arg[1], &usage, sizeof(usage));
}

/* times(2), number 153: clock ticks since boot. */
long sys_times(const struct syscall_args *args)
{
	struct process *process = current->process;
	uint64_t total, user, child_total, child_user;
	struct tms tms;

	process_cpu_time(process, &total, &user);
	spin_lock(&tasklist_lock);
	child_total = process->child_runtime_ns;
	child_user = MIN(process->child_user_ns, child_total);
	spin_unlock(&tasklist_lock);
	tms = (struct tms){
		.tms_utime = (long)(user / NS_PER_CLOCK_TICK),
		.tms_stime = (long)((total - user) / NS_PER_CLOCK_TICK),
		.tms_cutime = (long)(child_user / NS_PER_CLOCK_TICK),
		.tms_cstime =
			(long)((child_total - child_user) / NS_PER_CLOCK_TICK),
	};
	if (args->arg[0] &&
	    copy_to_user((void __user *)args->arg[0], &tms, sizeof(tms)))
		return -EFAULT;
	return (long)(time_now_ns() / NS_PER_CLOCK_TICK);
}
