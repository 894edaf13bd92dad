// SPDX-License-Identifier: MIT
/*
 * Processes: making, changing and ending them, and waiting for their end.
 */
#include <syscall/handlers.h>

#include <linux/fcntl.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/wait.h>

#include <arch/trap.h>
#include <lib/errno.h>
#include <mm/usercopy.h>
#include <proc/signal.h>
#include <proc/task.h>
#include <proc/wait.h>
#include <syscall/user_struct.h>
#include <syscall/user_times.h>

/* clone(2), number 220; riscv64 has the arguments in this order. */
long sys_clone(const struct syscall_args *args)
{
	struct clone_args clone = {
		.flags = args->arg[0] & ~(unsigned long)CSIGNAL & UINT32_MAX,
		.exit_signal = args->arg[0] & CSIGNAL,
		.stack = args->arg[1],
		.parent_tid = args->arg[2],
		.tls = args->arg[3],
		.child_tid = args->arg[4],
	};

	/* One pointer for two purposes: of the two, pidfds are not there. */
	if (clone.flags & CLONE_PIDFD)
		return -EINVAL;
	return task_clone(&clone);
}

/* clone3(2), number 435: the stack is given by its lowest address and size. */
long sys_clone3(const struct syscall_args *args)
{
	struct clone_args clone;
	int ret = copy_struct_from_user(&clone, sizeof(clone), args->arg[0],
					args->arg[1], CLONE_ARGS_SIZE_VER0);

	if (ret)
		return ret;
	if (clone.set_tid_size || clone.cgroup || (clone.flags & CSIGNAL))
		return -EINVAL;
	if (!clone.stack != !clone.stack_size)
		return -EINVAL;
	if (clone.stack > UINT64_MAX - clone.stack_size)
		return -EINVAL;
	return task_clone(&clone);
}

/* execve(2), number 221. */
long sys_execve(const struct syscall_args *args)
{
	return task_exec(AT_FDCWD, (const char __user *)args->arg[0],
			 (const char __user *const __user *)args->arg[1],
			 (const char __user *const __user *)args->arg[2], 0);
}

/* execveat(2), number 281. */
long sys_execveat(const struct syscall_args *args)
{
	int flags = (int)args->arg[4];

	if (flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW))
		return -EINVAL;
	return task_exec((int)args->arg[0], (const char __user *)args->arg[1],
			 (const char __user *const __user *)args->arg[2],
			 (const char __user *const __user *)args->arg[3],
			 flags);
}

/* _exit(2) of one thread, number 93. */
long sys_exit(const struct syscall_args *args)
{
	task_exit((int)(args->arg[0] & 0xff) << 8);
}

/* exit_group(2), number 94. */
long sys_exit_group(const struct syscall_args *args)
{
	task_exit_group((int)(args->arg[0] & 0xff) << 8);
}

/* --- Waiting --------------------------------------------------------- */

static int put_wait_usage(void __user *user_usage,
			  const struct wait_result *result)
{
	struct rusage usage = { 0 };

	if (!user_usage)
		return 0;
	usage.ru_utime = timeval_from_ns(result->user_ns);
	usage.ru_stime = timeval_from_ns(result->runtime_ns - result->user_ns);
	usage.ru_minflt = (long)result->minor_faults;
	usage.ru_majflt = (long)result->major_faults;
	usage.ru_maxrss = (long)(result->max_rss_pages * (4096 / 1024));
	return copy_to_user(user_usage, &usage, sizeof(usage));
}

/* wait4(2), number 260. */
long sys_wait4(const struct syscall_args *args)
{
	int pid = (int)args->arg[0];
	int __user *user_status = (int __user *)args->arg[1];
	unsigned options = (unsigned)args->arg[2];
	struct wait_request request = { .options = options | WEXITED };
	struct wait_result result;
	int ret;

	if (options & ~(unsigned)(WNOHANG | WUNTRACED | WCONTINUED |
				  __WNOTHREAD | __WCLONE | __WALL))
		return -EINVAL;
	if (pid == INT32_MIN)
		return -ESRCH;
	if (pid == -1) {
		request.which = P_ALL;
	} else if (pid > 0) {
		request.which = P_PID;
		request.id = pid;
	} else {
		request.which = P_PGID;
		request.id = pid ? -pid : current->process->pgid;
	}

	ret = process_wait(&request, &result);
	if (ret)
		return ret;
	if (!result.pid)
		return 0;
	if (user_status && put_user(result.status, user_status))
		return -EFAULT;
	if (put_wait_usage((void __user *)args->arg[3], &result))
		return -EFAULT;
	return result.pid;
}

/* The siginfo that waitid(2) stores; all zero when no child was ready. */
static int put_wait_info(siginfo_t __user *user_info,
			 const struct wait_result *result)
{
	siginfo_t info = { .si_errno = 0 };

	if (!user_info)
		return 0;
	if (result->pid) {
		info.si_signo = SIGCHLD;
		info.si_code = result->code;
		info._sifields._sigchld._pid = result->pid;
		info._sifields._sigchld._uid = result->uid;
		info._sifields._sigchld._status = result->value;
	}
	return copy_to_user(user_info, &info, sizeof(info));
}

/* waitid(2), number 95.  No pidfds. */
long sys_waitid(const struct syscall_args *args)
{
	struct wait_request request = {
		.which = (int)args->arg[0],
		.id = (int)args->arg[1],
		.options = (unsigned)args->arg[3],
	};
	struct wait_result result;
	int ret;

	if (request.options &
	    ~(unsigned)(WNOHANG | WNOWAIT | WEXITED | WSTOPPED | WCONTINUED |
			__WNOTHREAD | __WCLONE | __WALL))
		return -EINVAL;
	if (!(request.options & (WEXITED | WSTOPPED | WCONTINUED)))
		return -EINVAL;
	if (request.which != P_ALL && request.which != P_PID &&
	    request.which != P_PGID)
		return -EINVAL;
	if (request.id < 0 || (request.which == P_PID && !request.id))
		return -EINVAL;
	if (request.which == P_PGID && !request.id)
		request.id = current->process->pgid;

	ret = process_wait(&request, &result);
	if (ret)
		return ret;
	if (put_wait_info((siginfo_t __user *)args->arg[2], &result))
		return -EFAULT;
	if (result.pid && put_wait_usage((void __user *)args->arg[4], &result))
		return -EFAULT;
	return 0;
}

/* set_tid_address(2), number 96. */
long sys_set_tid_address(const struct syscall_args *args)
{
	current->clear_child_tid = (int __user *)args->arg[0];
	return current->pid;
}
