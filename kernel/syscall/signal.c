// SPDX-License-Identifier: MIT
/*
 * Signals: sending, handlers, masks, waiting for them.  Sets are 8 bytes.
 */
#include <syscall/handlers.h>

#include <linux/signal.h>

#include <arch/trap.h>
#include <core/thread.h>
#include <lib/errno.h>
#include <mm/usercopy.h>
#include <proc/hwcap.h>
#include <proc/signal.h>
#include <proc/task.h>
#include <syscall/user_times.h>

static bool signo_is_valid(long signo)
{
	return signo >= 1 && signo <= NSIG;
}

/* kill(2), number 129. */
long sys_kill(const struct syscall_args *args)
{
	return signal_kill((int)args->arg[0], (int)args->arg[1]);
}

/* Send to one thread, of process tgid if that is not 0. */
static long send_to_thread(int tgid, int tid, int signo, const siginfo_t *info)
{
	struct task *task;
	int ret;

	if (signo < 0 || signo > NSIG || tid <= 0)
		return -EINVAL;
	task = task_find(tid);
	if (!task)
		return -ESRCH;
	if (tgid && task->process->pid != tgid)
		ret = -ESRCH;
	else
		ret = signal_check_permission(task->process, signo);
	if (!ret && signo)
		ret = signal_send_task(task, signo, info);
	task_put(task);
	return ret;
}

/* tkill(2), number 130. */
long sys_tkill(const struct syscall_args *args)
{
	siginfo_t info;

	signal_fill_user_info(&info, (int)args->arg[1], SI_TKILL);
	return send_to_thread(0, (int)args->arg[0], (int)args->arg[1], &info);
}

/* tgkill(2), number 131. */
long sys_tgkill(const struct syscall_args *args)
{
	siginfo_t info;

	if ((int)args->arg[0] <= 0)
		return -EINVAL;
	signal_fill_user_info(&info, (int)args->arg[2], SI_TKILL);
	return send_to_thread((int)args->arg[0], (int)args->arg[1],
			      (int)args->arg[2], &info);
}

/* Users may not pass for the kernel, nor for kill(), towards others. */
static int get_queued_info(siginfo_t *info, unsigned long user_info, int signo,
			   int target)
{
	if (copy_from_user(info, (const void __user *)user_info, sizeof(*info)))
		return -EFAULT;
	info->si_signo = signo;
	if ((info->si_code >= 0 || info->si_code == SI_TKILL) &&
	    target != current->process->pid)
		return -EPERM;
	return 0;
}

/* rt_sigqueueinfo(2), number 138. */
long sys_rt_sigqueueinfo(const struct syscall_args *args)
{
	int pid = (int)args->arg[0];
	int signo = (int)args->arg[1];
	struct process *process;
	siginfo_t info;
	int ret = get_queued_info(&info, args->arg[2], signo, pid);

	if (ret)
		return ret;
	if (signo < 0 || signo > NSIG)
		return -EINVAL;
	process = process_find(pid);
	if (!process)
		return -ESRCH;
	ret = signal_check_permission(process, signo);
	if (!ret && signo)
		ret = signal_send_process(process, signo, &info);
	process_put(process);
	return ret;
}

/* rt_tgsigqueueinfo(2), number 240. */
long sys_rt_tgsigqueueinfo(const struct syscall_args *args)
{
	int signo = (int)args->arg[2];
	siginfo_t info;
	int ret =
		get_queued_info(&info, args->arg[3], signo, (int)args->arg[0]);

	if (ret)
		return ret;
	if ((int)args->arg[0] <= 0)
		return -EINVAL;
	return send_to_thread((int)args->arg[0], (int)args->arg[1], signo,
			      &info);
}

/* --- Handlers and masks ---------------------------------------------- */

/* rt_sigaction(2), number 134. */
long sys_rt_sigaction(const struct syscall_args *args)
{
	long signo = (int)args->arg[0];
	const void __user *user_new = (const void __user *)args->arg[1];
	void __user *user_old = (void __user *)args->arg[2];
	struct sigaction new_action, old_action;

	if (args->arg[3] != sizeof(sigset_t) || !signo_is_valid(signo))
		return -EINVAL;
	if (user_new) {
		if (copy_from_user(&new_action, user_new, sizeof(new_action)))
			return -EFAULT;
		if (SIG_BIT(signo) & SIG_UNBLOCKABLE)
			return -EINVAL;
	}
	signal_set_action((int)signo, user_new ? &new_action : NULL,
			  &old_action);
	if (user_old)
		return copy_to_user(user_old, &old_action, sizeof(old_action));
	return 0;
}

/* rt_sigprocmask(2), number 135. */
long sys_rt_sigprocmask(const struct syscall_args *args)
{
	const void __user *user_new = (const void __user *)args->arg[1];
	void __user *user_old = (void __user *)args->arg[2];
	uint64_t old = current->blocked.sig[0];
	uint64_t set;

	if (args->arg[3] != sizeof(sigset_t))
		return -EINVAL;
	if (user_new) {
		if (get_user(set, (const uint64_t __user *)user_new))
			return -EFAULT;
		switch ((int)args->arg[0]) {
		case SIG_BLOCK:
			set |= old;
			break;
		case SIG_UNBLOCK:
			set = old & ~set;
			break;
		case SIG_SETMASK:
			break;
		default:
			return -EINVAL;
		}
		signal_set_blocked(set);
	}
	return user_old ? copy_to_user(user_old, &old, sizeof(old)) : 0;
}

/* rt_sigpending(2), number 136. */
long sys_rt_sigpending(const struct syscall_args *args)
{
	uint64_t set = signal_pending_set() & current->blocked.sig[0];

	if (args->arg[1] > sizeof(sigset_t))
		return -EINVAL;
	return copy_to_user((void __user *)args->arg[0], &set, args->arg[1]);
}

/* rt_sigsuspend(2), number 133. */
long sys_rt_sigsuspend(const struct syscall_args *args)
{
	int64_t forever = -1;
	uint64_t set;

	if (args->arg[1] != sizeof(sigset_t))
		return -EINVAL;
	if (get_user(set, (const uint64_t __user *)args->arg[0]))
		return -EFAULT;
	signal_set_blocked_temporarily(set);
	while (!signal_is_pending()) {
		thread_set_state(THREAD_INTERRUPTIBLE);
		(void)thread_sleep(&forever);
	}
	thread_set_state(THREAD_RUNNABLE);
	return -ERESTARTNOHAND;
}

/* rt_sigtimedwait(2), number 137. */
long sys_rt_sigtimedwait(const struct syscall_args *args)
{
	const void __user *user_timeout = (const void __user *)args->arg[2];
	void __user *user_info = (void __user *)args->arg[1];
	struct __kernel_timespec timeout;
	int64_t left = -1;
	siginfo_t info;
	uint64_t set, ns;
	int signo;

	if (args->arg[3] != sizeof(sigset_t))
		return -EINVAL;
	if (get_user(set, (const uint64_t __user *)args->arg[0]))
		return -EFAULT;
	if (user_timeout) {
		if (copy_from_user(&timeout, user_timeout, sizeof(timeout)))
			return -EFAULT;
		if (!timespec_to_ns(&timeout, &ns))
			return -EINVAL;
		left = (int64_t)ns;
	}
	signo = signal_wait(set & ~SIG_UNBLOCKABLE, &info, left);
	if (signo < 0)
		return signo;
	if (user_info && copy_to_user(user_info, &info, sizeof(info)))
		return -EFAULT;
	return signo;
}

/* rt_sigreturn(2), number 139: a0 comes out of the frame, too. */
long sys_rt_sigreturn(const struct syscall_args *args)
{
	(void)args;
	return signal_frame_pop(user_frame());
}

/* sigaltstack(2), number 132. */
long sys_sigaltstack(const struct syscall_args *args)
{
	const void __user *user_new = (const void __user *)args->arg[0];
	void __user *user_old = (void __user *)args->arg[1];
	struct task *task = current;
	uintptr_t sp = user_frame()->sp;
	stack_t old = task->sigaltstack;
	bool in_use = !(old.ss_flags & SS_DISABLE) &&
		      sp > (uintptr_t)old.ss_sp &&
		      sp - (uintptr_t)old.ss_sp <= old.ss_size;
	stack_t new_stack;

	if (user_new) {
		int mode;

		if (copy_from_user(&new_stack, user_new, sizeof(new_stack)))
			return -EFAULT;
		mode = new_stack.ss_flags & ~(int)SS_AUTODISARM;
		if (in_use)
			return -EPERM;
		if (mode != SS_DISABLE && mode != SS_ONSTACK && mode != 0)
			return -EINVAL;
		if (mode == SS_DISABLE)
			new_stack = (stack_t){ .ss_flags = SS_DISABLE };
		else if (new_stack.ss_size < USER_MINSIGSTKSZ)
			return -ENOMEM;
		new_stack.ss_flags &= ~SS_ONSTACK;
		task->sigaltstack = new_stack;
	}
	if (!user_old)
		return 0;
	if (in_use)
		old.ss_flags |= SS_ONSTACK;
	return copy_to_user(user_old, &old, sizeof(old));
}
