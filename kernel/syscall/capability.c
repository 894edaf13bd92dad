// SPDX-License-Identifier: MIT
/*
 * Capabilities of threads: capget(2), capset(2); capabilities(7).
 */
#include <syscall/handlers.h>

#include <linux/capability.h>

#include <lib/errno.h>
#include <mm/usercopy.h>
#include <proc/cred.h>
#include <proc/task.h>

/* Both calls begin so: the version decides how many words follow. */
static int get_cap_header(unsigned long user, int *pid, unsigned *words)
{
	struct __user_cap_header_struct header;

	if (copy_from_user(&header, (const void __user *)user, sizeof(header)))
		return -EFAULT;
	*pid = header.pid;
	if (header.version == _LINUX_CAPABILITY_VERSION_1) {
		*words = _LINUX_CAPABILITY_U32S_1;
	} else if (header.version == _LINUX_CAPABILITY_VERSION_2 ||
		   header.version == _LINUX_CAPABILITY_VERSION_3) {
		*words = _LINUX_CAPABILITY_U32S_3;
	} else {
		header.version = _LINUX_CAPABILITY_VERSION_3;
		return copy_to_user((void __user *)user, &header,
				    sizeof(header))
			       ? -EFAULT
			       : -EINVAL;
	}
	return header.pid < 0 ? -EINVAL : 0;
}

/* capget(2), number 90. */
long sys_capget(const struct syscall_args *args)
{
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	const struct cred *cred;
	struct task *task;
	unsigned words;
	int pid;
	int ret = get_cap_header(args->arg[0], &pid, &words);

	if (!args->arg[1])
		return ret == -EINVAL ? 0 : ret;
	if (ret)
		return ret;
	task = task_find(pid ? pid : current->pid);
	if (!task)
		return -ESRCH;
	cred = task_get_cred(task);
	task_put(task);
	for (unsigned i = 0; i < words; i++) {
		data[i].effective = (uint32_t)(cred->cap_effective >> 32 * i);
		data[i].permitted = (uint32_t)(cred->cap_permitted >> 32 * i);
		data[i].inheritable =
			(uint32_t)(cred->cap_inheritable >> 32 * i);
	}
	cred_put(cred);
	return copy_to_user((void __user *)args->arg[1], data,
			    words * sizeof(data[0]));
}

/* capset(2), number 91: nothing that was not permitted before. */
long sys_capset(const struct syscall_args *args)
{
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };
	uint64_t effective = 0, permitted = 0, inheritable = 0;
	const struct cred *old = current_cred();
	struct cred *cred;
	unsigned words;
	int pid;
	int ret = get_cap_header(args->arg[0], &pid, &words);

	if (ret)
		return ret;
	if (pid && pid != current->pid)
		return -EPERM;
	if (copy_from_user(data, (const void __user *)args->arg[1],
			   words * sizeof(data[0])))
		return -EFAULT;
	for (unsigned i = 0; i < words; i++) {
		effective |= (uint64_t)data[i].effective << 32 * i;
		permitted |= (uint64_t)data[i].permitted << 32 * i;
		inheritable |= (uint64_t)data[i].inheritable << 32 * i;
	}
	if ((permitted & ~old->cap_permitted) || (effective & ~permitted) ||
	    (inheritable & ~(old->cap_inheritable | old->cap_permitted)))
		return -EPERM;
	cred = cred_copy(old);
	if (!cred)
		return -ENOMEM;
	cred->cap_effective = effective;
	cred->cap_permitted = permitted;
	cred->cap_inheritable = inheritable;
	cred->cap_ambient &= permitted & inheritable;
	cred_install(cred);
	return 0;
}
