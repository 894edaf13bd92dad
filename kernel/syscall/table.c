// SPDX-License-Identifier: MIT
/*
 * The dispatch table, and the names of calls for messages.
 */
#include <syscall/syscall.h>

#include <asm/unistd.h>

#include <lib/atomic.h>
#include <lib/errno.h>

#include <arch/trap.h>
#include <core/printk.h>
#include <proc/task.h>
#include <syscall/handlers.h>

/* The lines of the table replace the default of the whole range. */
#pragma GCC diagnostic ignored "-Woverride-init"

#define SYSCALL(name, handler) [__NR_##name] = handler,
syscall_fn *const syscall_table[NR_SYSCALLS_KEEL] = {
	[0 ... NR_SYSCALLS_KEEL - 1] = syscall_unknown,
#include <syscall/table.def>
};
#undef SYSCALL

#define SYSCALL(name, handler) [__NR_##name] = #name,
static const char *const syscall_names[NR_SYSCALLS_KEEL] = {
#include <syscall/table.def>
};
#undef SYSCALL

const char *syscall_name(unsigned nr)
{
	return nr < NR_SYSCALLS_KEEL ? syscall_names[nr] : NULL;
}

/* One bit a number: what has been reported.  Beyond the table: the last bit. */
static atomic_t reported[NR_SYSCALLS_KEEL / 32];

long syscall_unknown(const struct syscall_args *args)
{
	unsigned long nr = user_frame()->a7;
	unsigned bit = MIN(nr, NR_SYSCALLS_KEEL - 1ul);
	struct task *task = current;

	(void)args;
	if (!(atomic_fetch_or(&reported[bit / 32], 1u << bit % 32) &
	      1u << bit % 32))
		pr_debug("%s[%d]: system call %ld is not known", task->comm,
			 task->pid, (long)nr);
	return -ENOSYS;
}
