// SPDX-License-Identifier: MIT
/*
 * The first process, and what has to be there before it.
 */
#include <string.h>

#include <linux/fcntl.h>

#include <arch/trap.h>
#include <core/panic.h>
#include <core/param.h>
#include <core/printk.h>
#include <core/thread.h>
#include <fs/file.h>
#include <lib/errno.h>
#include <mm/mm.h>
#include <proc/futex.h>
#include <proc/loadavg.h>
#include <proc/sched.h>
#include <proc/task.h>

#include "proc_internal.h"

#define INIT_NAME_MAX 256

static int page_fault(uintptr_t addr, enum fault_access access)
{
	int ret = mm_fault(addr, (int)access);

	if (!ret)
		current->nr_minor_faults++;
	return ret;
}

static const struct trap_ops keel_trap_ops = {
	.page_fault = page_fault,
	.user_exception = signal_user_exception,
	.user_work = signal_deliver,
};

void proc_init(void)
{
	pid_init();
	task_init();
	futex_init();
	loadavg_init();
	oom_init();
	mm_register_limits(rlimit_get);
	trap_ops_register(&keel_trap_ops);
}

/* --- Pid 1 ----------------------------------------------------------- */

static const char *const init_environment[] = {
	"HOME=/",
	"TERM=linux",
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	NULL,
};

static int try_init(const char *name)
{
	const char *const argv[] = { name, NULL };
	int ret = task_exec_kernel(name, argv, init_environment);

	/* What is not there is no news; what is there but broken is. */
	if (ret && ret != -ENOENT)
		pr_warn("init: %s cannot be started: error %d", name, -ret);
	return ret;
}

/* Standard input, output and error; without a console they stay closed. */
static void open_console(void)
{
	struct file *file;
	int fds[3];

	if (fd_reserve(0, fds, ARRAY_SIZE(fds)))
		return;
	if (file_open(AT_FDCWD, "/dev/console", O_RDWR, 0, &file)) {
		pr_warn("init: /dev/console cannot be opened");
		fd_release(fds, ARRAY_SIZE(fds));
		return;
	}
	for (unsigned i = 0; i < ARRAY_SIZE(fds); i++)
		fd_install(fds[i], file_get(file), false);
	file_put(file);
}

static void start_program(void)
{
	static const char *const usual[] = {
		"/sbin/init", "/etc/init", "/bin/init", "/init", "/bin/sh",
	};
	char asked[INIT_NAME_MAX];
	bool was_asked = param_get("rdinit", asked, sizeof(asked)) ||
			 param_get("init", asked, sizeof(asked));

	if (was_asked && !try_init(asked))
		return;
	for (unsigned i = 0; i < ARRAY_SIZE(usual); i++) {
		if (!try_init(usual[i]))
			return;
	}
	panic("no program to start; tried %s%s/sbin/init, /etc/init, "
	      "/bin/init, /init and /bin/sh",
	      was_asked ? asked : "", was_asked ? ", " : "");
}

static void init_entry(void *arg)
{
	(void)arg;
	open_console();
	start_program();
	user_mode_enter();
}

static struct task *make_init_task(void)
{
	struct task *task = task_alloc();
	struct process *process = process_alloc();

	if (!task || !process)
		return NULL;
	task->process = process;
	process->sighand = sighand_alloc();
	task->files = files_create();
	task->fs = fs_context_create();
	if (!process->sighand || !task->files || !task->fs ||
	    thread_init(&task->thread, init_entry, NULL))
		return NULL;
	task->cred = cred_get(&init_cred);
	limits_init(&process->limits);
	strcpy(task->comm, "init");
	return task;
}

void proc_start_init(void)
{
	struct task *task = make_init_task();
	struct process *process;

	if (!task)
		panic("no memory for the first process");
	process = task->process;
	task->pid = pid_alloc();
	ASSERT(task->pid == 1);
	process->pid = task->pid;
	process->leader = task;
	process->exit_signal = SIGCHLD;
	task_get(task);
	process_get(process);

	spin_lock(&tasklist_lock);
	init_process = process;
	TAILQ_INSERT_TAIL(&process->threads, task, thread_link);
	process->nr_threads = 1;
	process_link_locked(process, NULL);
	task_hash_locked(task);
	spin_unlock(&tasklist_lock);
	thread_wake(&task->thread);
}
