// SPDX-License-Identifier: MIT
/*
 * Calls about the system as a whole: its name, load, log, randomness and end.
 */
#include <syscall/handlers.h>

#include <linux/capability.h>
#include <linux/random.h>
#include <linux/reboot.h>
#include <linux/sysinfo.h>
#include <string.h>

#include <lib/errno.h>

#include <arch/hart.h>
#include <core/alloc.h>
#include <core/printk.h>
#include <core/time.h>
#include <dev/device.h>
#include <dev/random.h>
#include <fs/inode.h>
#include <mm/page.h>
#include <mm/usercopy.h>
#include <proc/hostname.h>
#include <proc/loadavg.h>
#include <proc/task.h>

/* uname(2). */
long sys_uname(const struct syscall_args *args)
{
	struct new_utsname name;

	uts_name_get(&name);
	return copy_to_user((void __user *)args->arg[0], &name, sizeof(name));
}

/*
 * args: text, len in bytes (no NUL is needed).  0, -EPERM (CAP_SYS_ADMIN),
 * -EINVAL (more than 64 bytes) or -EFAULT.
 */
static long set_name(enum uts_field field, const struct syscall_args *args)
{
	char name[__NEW_UTS_LEN + 1] = "";
	size_t len = args->arg[1];

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (len > __NEW_UTS_LEN)
		return -EINVAL;
	if (copy_from_user(name, (void __user *)args->arg[0], len))
		return -EFAULT;
	uts_name_set(field, name);
	return 0;
}

/* sethostname(2), number 161. */
long sys_sethostname(const struct syscall_args *args)
{
	return set_name(UTS_HOSTNAME, args);
}

/* setdomainname(2), number 162. */
long sys_setdomainname(const struct syscall_args *args)
{
	return set_name(UTS_DOMAINNAME, args);
}

/* What sysinfo(2) calls processes are threads. */
static unsigned count_threads(void)
{
	struct process *process;
	unsigned n = 0;
	int pid;

	for (pid = 1; (process = process_next(pid)) != NULL;) {
		n += process->nr_threads;
		pid = process->pid + 1;
		process_put(process);
	}
	return n;
}

/* sysinfo(2).  Loads are fixed point with 16 bits of fraction. */
long sys_sysinfo(const struct syscall_args *args)
{
	struct sysinfo info = { .mem_unit = PAGE_SIZE };
	struct mem_stats memory;
	uint32_t loads[3];

	mem_stats_get(&memory);
	info.uptime = time_now_ns() / NSEC_PER_SEC;
	info.totalram = memory.total;
	info.freeram = memory.free;
	info.sharedram = memory.shmem;
	loadavg_get(loads);
	for (int i = 0; i < 3; i++)
		info.loads[i] = (unsigned long)loads[i]
				<< (SI_LOAD_SHIFT - LOAD_SHIFT);
	info.procs = count_threads();
	return copy_to_user((void __user *)args->arg[0], &info, sizeof(info));
}

/*
 * getrandom(2).  The generator is always seeded, so GRND_NONBLOCK and
 * GRND_RANDOM change nothing.
 */
long sys_getrandom(const struct syscall_args *args)
{
	char __user *to = (char __user *)args->arg[0];
	size_t len = MIN(args->arg[1], 0x7ffff000ul);
	unsigned flags = args->arg[2];
	char buf[256];
	size_t done = 0;
	size_t n;

	if (flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE) ||
	    (flags & GRND_RANDOM && flags & GRND_INSECURE))
		return -EINVAL;
	for (; done < len; done += n) {
		n = MIN(len - done, sizeof(buf));
		random_bytes(buf, n);
		if (copy_to_user(to + done, buf, n))
			return done ? (long)done : -EFAULT;
		if (signal_is_pending() && done)
			break;
		thread_resched_point();
	}
	return done;
}

/* getcpu(2): the hart, and node 0. */
long sys_getcpu(const struct syscall_args *args)
{
	unsigned __user *cpu = (unsigned __user *)args->arg[0];
	unsigned __user *node = (unsigned __user *)args->arg[1];
	unsigned index = current_thread()->hart->index;

	if (cpu && put_user(index, cpu))
		return -EFAULT;
	return node ? put_user(0u, node) : 0;
}

/* personality(2): remembered; nothing depends on it. */
long sys_personality(const struct syscall_args *args)
{
	struct task *task = current;
	unsigned old = task->personality;

	if ((unsigned)args->arg[0] != 0xffffffff)
		task->personality = args->arg[0];
	return old;
}

/* --- The log ------------------------------------------------------------ */

/* Actions of syslog(2), which no UAPI header names. */
enum {
	SYSLOG_ACTION_CLOSE,
	SYSLOG_ACTION_OPEN,
	SYSLOG_ACTION_READ,
	SYSLOG_ACTION_READ_ALL,
	SYSLOG_ACTION_READ_CLEAR,
	SYSLOG_ACTION_CLEAR,
	SYSLOG_ACTION_CONSOLE_OFF,
	SYSLOG_ACTION_CONSOLE_ON,
	SYSLOG_ACTION_CONSOLE_LEVEL,
	SYSLOG_ACTION_SIZE_UNREAD,
	SYSLOG_ACTION_SIZE_BUFFER
};

#define LOG_CHUNK 1024

static uint64_t log_cleared; /* [racy] where SYSLOG_ACTION_CLEAR cut */

/* Copy the end of the log that fits into len bytes. */
static long log_copy(char __user *to, size_t len)
{
	char *buf = kmalloc(LOG_CHUNK);
	uint64_t pos = log_cleared;
	size_t total = 0;
	long done = 0;
	size_t n;

	if (!buf)
		return -ENOMEM;
	while ((n = klog_read(&pos, buf, LOG_CHUNK)) != 0)
		total += n;
	/* Skip whole lines until the rest fits. */
	for (pos = log_cleared; total > len; total -= n) {
		n = klog_read(&pos, buf, 256);
		if (!n)
			break;
	}
	while ((n = klog_read(&pos, buf, LOG_CHUNK)) != 0) {
		if (n > len - done)
			break;
		if (copy_to_user(to + done, buf, n)) {
			done = -EFAULT;
			break;
		}
		done += n;
	}
	kfree(buf);
	return done;
}

/* syslog(2).  Reading does not wait; console levels are accepted and ignored. */
long sys_syslog(const struct syscall_args *args)
{
	int action = args->arg[0];
	char __user *buf = (char __user *)args->arg[1];
	int len = args->arg[2];
	long ret;

	switch (action) {
	case SYSLOG_ACTION_CLOSE:
	case SYSLOG_ACTION_OPEN:
	case SYSLOG_ACTION_CONSOLE_OFF:
	case SYSLOG_ACTION_CONSOLE_ON:
	case SYSLOG_ACTION_CONSOLE_LEVEL:
	case SYSLOG_ACTION_SIZE_UNREAD:
		return 0;
	case SYSLOG_ACTION_READ:
	case SYSLOG_ACTION_READ_ALL:
	case SYSLOG_ACTION_READ_CLEAR:
	case SYSLOG_ACTION_CLEAR:
		break;
	case SYSLOG_ACTION_SIZE_BUFFER:
		return klog_size();
	default:
		return -EINVAL;
	}
	ret = 0;
	if (action != SYSLOG_ACTION_CLEAR) {
		if (!buf || len < 0)
			return -EINVAL;
		ret = log_copy(buf, len);
	}
	if (action == SYSLOG_ACTION_CLEAR ||
	    (action == SYSLOG_ACTION_READ_CLEAR && ret >= 0)) {
		log_cleared = klog_end();
	}
	return ret;
}

/* --- The end ------------------------------------------------------------ */

/* Write everything out and quiesce the devices. */
static void prepare_end(const char *what)
{
	pr_info("%s", what);
	fs_sync_all(true);
	device_shutdown_all();
}

/*
 * reboot(2).  File systems are the caller's to unmount; what is dirty is
 * written here whatever the caller forgot.
 */
long sys_reboot(const struct syscall_args *args)
{
	unsigned magic2 = args->arg[1];

	if (!capable(CAP_SYS_BOOT))
		return -EPERM;
	if ((unsigned)args->arg[0] != LINUX_REBOOT_MAGIC1 ||
	    (magic2 != LINUX_REBOOT_MAGIC2 && magic2 != LINUX_REBOOT_MAGIC2A &&
	     magic2 != LINUX_REBOOT_MAGIC2B && magic2 != LINUX_REBOOT_MAGIC2C))
		return -EINVAL;
	switch ((unsigned)args->arg[2]) {
	case LINUX_REBOOT_CMD_RESTART:
	case LINUX_REBOOT_CMD_RESTART2:
		prepare_end("restarting");
		arch_reboot();
	case LINUX_REBOOT_CMD_HALT:
	case LINUX_REBOOT_CMD_POWER_OFF:
		prepare_end("power off");
		arch_poweroff(false);
	case LINUX_REBOOT_CMD_CAD_ON:
	case LINUX_REBOOT_CMD_CAD_OFF:
		return 0; /* no keyboard has that key combination here */
	default:
		return -EINVAL;
	}
}
