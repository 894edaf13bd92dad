// SPDX-License-Identifier: MIT
/*
 * Numbers of processes, threads, groups and sessions.  POSIX.1, setpgid() and
 * setsid(); the tasklist lock guards them.
 */
#include <syscall/handlers.h>

#include <core/lock.h>
#include <lib/errno.h>
#include <proc/task.h>

/* getpid(2), number 172. */
long sys_getpid(const struct syscall_args *args)
{
	(void)args;
	return current->process->pid;
}

/* getppid(2), number 173. */
long sys_getppid(const struct syscall_args *args)
{
	(void)args;
	return process_parent_pid(current->process);
}

/* gettid(2), number 178. */
long sys_gettid(const struct syscall_args *args)
{
	(void)args;
	return current->pid;
}

/* setpgid(2), number 154. */
long sys_setpgid(const struct syscall_args *args)
{
	return process_set_pgid((int)args->arg[0], (int)args->arg[1]);
}

/* getpgid(2), number 155. */
long sys_getpgid(const struct syscall_args *args)
{
	int pid = (int)args->arg[0];
	struct process *process;
	int pgid;

	if (!pid)
		return current->process->pgid;
	process = process_find(pid);
	if (!process)
		return -ESRCH;
	pgid = process->pgid;
	process_put(process);
	return pgid;
}

/* getsid(2), number 156. */
long sys_getsid(const struct syscall_args *args)
{
	int pid = (int)args->arg[0];
	struct process *process;
	int sid;

	if (!pid)
		return current->process->sid;
	process = process_find(pid);
	if (!process)
		return -ESRCH;
	sid = process->sid;
	process_put(process);
	return sid;
}

/* setsid(2), number 157. */
long sys_setsid(const struct syscall_args *args)
{
	(void)args;
	return process_start_session();
}
