// SPDX-License-Identifier: MIT
/*
 * prctl(2), and what of unsharing and of the processor processes may ask for.
 */
#include <syscall/handlers.h>

#include <string.h>

#include <asm/hwprobe.h>
#include <linux/capability.h>
#include <linux/prctl.h>
#include <linux/sched.h>

#include <arch/hart.h>
#include <arch/misaligned.h>
#include <arch/pgtable.h>
#include <core/lock.h>
#include <fs/file.h>
#include <lib/errno.h>
#include <mm/usercopy.h>
#include <proc/cred.h>
#include <proc/hwcap.h>
#include <proc/signal.h>
#include <proc/task.h>

static long set_name(const char __user *user_name)
{
	struct task *task = current;
	char name[TASK_COMM_LEN] = { 0 };
	ssize_t len = copy_string_from_user(name, user_name, sizeof(name));
	unsigned long flags;

	/* Longer names are cut, not refused. */
	if (len < 0 && len != -ENAMETOOLONG)
		return len;
	name[TASK_COMM_LEN - 1] = '\0';
	flags = spin_lock_irqsave(&task->process->signal_lock);
	memcpy(task->comm, name, sizeof(task->comm));
	spin_unlock_irqrestore(&task->process->signal_lock, flags);
	return 0;
}

static long set_flag(bool *flag, unsigned long value)
{
	if (value > 1)
		return -EINVAL;
	*flag = value;
	return 0;
}

static long read_bounding_set(unsigned long cap)
{
	if (cap > CAP_LAST_CAP)
		return -EINVAL;
	return current_cred()->cap_bounding >> cap & 1;
}

static long drop_from_bounding_set(unsigned long cap)
{
	struct cred *cred;

	if (cap > CAP_LAST_CAP)
		return -EINVAL;
	if (!capable(CAP_SETPCAP))
		return -EPERM;
	cred = cred_copy(current_cred());
	if (!cred)
		return -ENOMEM;
	cred->cap_bounding &= ~(1ull << cap);
	cred_install(cred);
	return 0;
}

/* prctl(2), number 167. */
long sys_prctl(const struct syscall_args *args)
{
	struct task *task = current;
	unsigned long arg = args->arg[1];

	switch ((int)args->arg[0]) {
	case PR_SET_NAME:
		return set_name((const char __user *)arg);
	case PR_GET_NAME:
		return copy_to_user((void __user *)arg, task->comm,
				    TASK_COMM_LEN);
	case PR_SET_PDEATHSIG:
		if (arg > NSIG)
			return -EINVAL;
		task->parent_death_signal = (int)arg;
		return 0;
	case PR_GET_PDEATHSIG:
		return put_user(task->parent_death_signal, (int __user *)arg);
	case PR_SET_DUMPABLE:
		return set_flag(&task->process->dumpable, arg);
	case PR_GET_DUMPABLE:
		return task->process->dumpable;
	case PR_SET_CHILD_SUBREAPER:
		task->process->is_subreaper = arg;
		return 0;
	case PR_GET_CHILD_SUBREAPER:
		return put_user((int)task->process->is_subreaper,
				(int __user *)arg);
	case PR_SET_NO_NEW_PRIVS:
		if (arg != 1 || args->arg[2] || args->arg[3] || args->arg[4])
			return -EINVAL;
		task->no_new_privs = true;
		return 0;
	case PR_GET_NO_NEW_PRIVS:
		return task->no_new_privs;
	case PR_SET_TIMERSLACK:
		task->timer_slack_ns = (unsigned)arg;
		return 0;
	case PR_GET_TIMERSLACK:
		return task->timer_slack_ns;
	case PR_CAPBSET_READ:
		return read_bounding_set(arg);
	case PR_CAPBSET_DROP:
		return drop_from_bounding_set(arg);
	default:
		return -EINVAL;
	}
}

static int unshare_fs(void)
{
	struct fs_context *old = current->fs;
	struct fs_context *copy = fs_context_clone(old);

	if (!copy)
		return -ENOMEM;
	task_set_fs(copy);
	fs_context_put(old);
	return 0;
}

/* unshare(2), number 97: files and directories; there are no name spaces. */
long sys_unshare(const struct syscall_args *args)
{
	unsigned long flags = args->arg[0];
	int ret = 0;

	if (flags & ~(unsigned long)(CLONE_FILES | CLONE_FS | CLONE_SYSVSEM))
		return -EINVAL;
	if (flags & CLONE_FILES)
		ret = fd_unshare();
	if (!ret && (flags & CLONE_FS))
		ret = unshare_fs();
	return ret;
}

/*
 * riscv_flush_icache(2), number 259: for all harts, whatever range was meant.
 */
long sys_riscv_flush_icache(const struct syscall_args *args)
{
	const unsigned long local = 1; /* SYS_RISCV_FLUSH_ICACHE_LOCAL */

	if (args->arg[2] & ~local)
		return -EINVAL;
	icache_flush_all();
	return 0;
}

/* One key of riscv_hwprobe(2); unknown ones become -1. */
static void probe_key(struct riscv_hwprobe *pair)
{
	uint64_t caps = user_hwcap();

	switch (pair->key) {
	case RISCV_HWPROBE_KEY_BASE_BEHAVIOR:
		pair->value = RISCV_HWPROBE_BASE_BEHAVIOR_IMA;
		break;
	case RISCV_HWPROBE_KEY_IMA_EXT_0:
		pair->value = RISCV_HWPROBE_IMA_C;
		if (caps >> ('d' - 'a') & 1)
			pair->value |= RISCV_HWPROBE_IMA_FD;
		break;
	/* The older key and the newer have the same values. */
	case RISCV_HWPROBE_KEY_CPUPERF_0:
	case RISCV_HWPROBE_KEY_MISALIGNED_SCALAR_PERF:
		pair->value = misaligned_is_fast()
				      ? RISCV_HWPROBE_MISALIGNED_SCALAR_FAST
				      : RISCV_HWPROBE_MISALIGNED_SCALAR_SLOW;
		break;
	default:
		pair->key = -1;
		pair->value = 0;
	}
}

/* riscv_hwprobe(2), number 258: the same for every set of harts. */
long sys_riscv_hwprobe(const struct syscall_args *args)
{
	struct riscv_hwprobe __user *pairs =
		(struct riscv_hwprobe __user *)args->arg[0];
	struct riscv_hwprobe pair;

	if (args->arg[4])
		return -EINVAL;
	for (unsigned long i = 0; i < args->arg[1]; i++) {
		if (signal_is_fatal_pending())
			return -EINTR;
		if (copy_from_user(&pair, &pairs[i], sizeof(pair)))
			return -EFAULT;
		probe_key(&pair);
		if (copy_to_user(&pairs[i], &pair, sizeof(pair)))
			return -EFAULT;
	}
	return 0;
}
