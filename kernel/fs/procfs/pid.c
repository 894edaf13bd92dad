// SPDX-License-Identifier: MIT
/*
 * procfs: the files of a process or thread, /proc/PID/... and
 * /proc/PID/task/TID/..., as proc(5) lays them out.
 */
#include <stdio.h>
#include <string.h>

#include <linux/limits.h>
#include <linux/mman.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/time.h>
#include <dev/chrdev.h>
#include <dev/tty.h>
#include <fs/dentry.h>
#include <fs/file.h>
#include <mm/mm.h>
#include <proc/task.h>

#include "pid_internal.h"
#include "procfs_internal.h"

#define TICKS_PER_SEC 100 /* USER_HZ */
#define NSEC_PER_TICK (NSEC_PER_SEC / TICKS_PER_SEC)

struct task *proc_node_task(const struct proc_node *node)
{
	return node->task ? node->task : node->process->leader;
}

struct mm *proc_node_mm(const struct proc_node *node)
{
	struct task *task = proc_node_task(node);

	return task && !node->process->zombie ? task_get_mm(task) : NULL;
}

/* What ps shows in its column STAT, and in words. */
static const char *state_of(const struct proc_node *node)
{
	const struct task *task = proc_node_task(node);

	if (node->process->zombie || !task)
		return "Z (zombie)";
	switch (task->thread.state) {
	case THREAD_RUNNABLE:
		return "R (running)";
	case THREAD_INTERRUPTIBLE:
		return "S (sleeping)";
	case THREAD_STOPPED:
		return "T (stopped)";
	case THREAD_DEAD:
		return "Z (zombie)";
	default:
		return "D (disk sleep)";
	}
}

/* The relations to other processes, read under one lock. */
struct relations {
	int ppid, pgid, sid;
	int tty_nr, tty_pgid;
	unsigned nr_threads;
};

static void relations_get(const struct process *process,
			  struct relations *relations)
{
	spin_lock(&tasklist_lock);
	relations->ppid = process->parent ? process->parent->pid : 0;
	relations->pgid = process->pgid;
	relations->sid = process->sid;
	relations->nr_threads = process->nr_threads;
	relations->tty_nr = 0;
	relations->tty_pgid = -1;
	if (process->tty) {
		const struct tty *tty = process->tty;

		relations->tty_nr =
			(int)DEV_MAKE(tty->cdev.major, tty->cdev.minor);
		relations->tty_pgid = tty->pgrp;
	}
	spin_unlock(&tasklist_lock);
}

struct memory_use {
	uint64_t total, resident, data; /* pages */
	uintptr_t stack_top;
};

static void memory_get(const struct proc_node *node, struct memory_use *use)
{
	struct mm *mm = proc_node_mm(node);

	memset(use, 0, sizeof(*use));
	if (!mm)
		return;
	use->total = mm->total_pages;
	use->resident = (uint64_t)atomic64_load(&mm->rss);
	use->data = mm->data_pages;
	use->stack_top = mm->stack_top;
	mm_put(mm);
}

static void comm_get(const struct proc_node *node, char comm[TASK_COMM_LEN])
{
	const struct task *task = proc_node_task(node);

	comm[0] = '\0';
	if (task)
		memcpy(comm, task->comm, TASK_COMM_LEN);
	comm[TASK_COMM_LEN - 1] = '\0';
}

static int show_stat(struct proc_text *text, const struct proc_node *node)
{
	struct process *process = node->process;
	struct task *task = proc_node_task(node);
	uint64_t total_ns, user_ns;
	char comm[TASK_COMM_LEN];
	struct relations relations;
	struct memory_use use;
	int nice = 0;

	comm_get(node, comm);
	relations_get(process, &relations);
	memory_get(node, &use);
	process_cpu_time(process, &total_ns, &user_ns);
	if (task)
		nice = task->thread.nice;
	proc_printf(text, "%d (%s) %c %d %d %d %d %d 0 %lu %lu %lu %lu ",
		    task ? task->pid : process->pid, comm, *state_of(node),
		    relations.ppid, relations.pgid, relations.sid,
		    relations.tty_nr, relations.tty_pgid,
		    (unsigned long)process->dead_minor_faults,
		    (unsigned long)process->child_minor_faults,
		    (unsigned long)process->dead_major_faults,
		    (unsigned long)process->child_major_faults);
	proc_printf(text, "%lu %lu %lu %lu %d %d %u 0 %lu ",
		    (unsigned long)(user_ns / NSEC_PER_TICK),
		    (unsigned long)((total_ns - user_ns) / NSEC_PER_TICK),
		    (unsigned long)(process->child_user_ns / NSEC_PER_TICK),
		    (unsigned long)((process->child_runtime_ns -
				     process->child_user_ns) /
				    NSEC_PER_TICK),
		    20 + nice, nice, relations.nr_threads,
		    (unsigned long)(process->start_ns / NSEC_PER_TICK));
	proc_printf(text,
		    "%lu %lu %lu 0 0 %lu 0 0 0 0 0 0 0 0 0 %d 0 0 0 0 0 0",
		    (unsigned long)(use.total * PAGE_SIZE),
		    (unsigned long)use.resident, UINT64_MAX,
		    (unsigned long)use.stack_top, process->exit_signal);
	proc_printf(text, " 0 0 0 0 0 0 0 0\n");
	return 0;
}

static int show_statm(struct proc_text *text, const struct proc_node *node)
{
	struct memory_use use;

	memory_get(node, &use);
	proc_printf(text, "%lu %lu 0 0 0 %lu 0\n", (unsigned long)use.total,
		    (unsigned long)use.resident, (unsigned long)use.data);
	return 0;
}

static void show_ids(struct proc_text *text, struct task *task)
{
	const struct cred *cred = task_get_cred(task);

	proc_printf(text, "Uid:\t%u\t%u\t%u\t%u\n", cred->uid, cred->euid,
		    cred->suid, cred->fsuid);
	proc_printf(text, "Gid:\t%u\t%u\t%u\t%u\n", cred->gid, cred->egid,
		    cred->sgid, cred->fsgid);
	proc_printf(text, "Groups:\t");
	for (uint32_t i = 0; i < cred->nr_groups; i++)
		proc_printf(text, "%u ", cred->groups[i]);
	proc_printf(text,
		    "\nCapInh:\t%016lx\nCapPrm:\t%016lx\nCapEff:\t%016lx\n"
		    "CapBnd:\t%016lx\n",
		    (unsigned long)cred->cap_inheritable,
		    (unsigned long)cred->cap_permitted,
		    (unsigned long)cred->cap_effective,
		    (unsigned long)cred->cap_bounding);
	cred_put(cred);
}

static void show_signals(struct proc_text *text, struct process *process,
			 struct task *task)
{
	uint64_t ignored = 0, caught = 0, pending, shared, blocked;
	struct sighand *sighand = process->sighand;
	unsigned long flags;

	flags = spin_lock_irqsave(&process->signal_lock);
	pending = task->pending.set;
	shared = process->pending.set;
	blocked = task->blocked.sig[0];
	for (int i = 0; sighand && i < NSIG; i++) {
		if (sighand->action[i].sa_handler == SIG_IGN)
			ignored |= 1ull << i;
		else if (sighand->action[i].sa_handler != SIG_DFL)
			caught |= 1ull << i;
	}
	spin_unlock_irqrestore(&process->signal_lock, flags);
	proc_printf(text,
		    "SigPnd:\t%016lx\nShdPnd:\t%016lx\nSigBlk:\t%016lx\n"
		    "SigIgn:\t%016lx\nSigCgt:\t%016lx\n",
		    (unsigned long)pending, (unsigned long)shared,
		    (unsigned long)blocked, (unsigned long)ignored,
		    (unsigned long)caught);
}

static int show_status(struct proc_text *text, const struct proc_node *node)
{
	struct process *process = node->process;
	struct task *task = proc_node_task(node);
	char comm[TASK_COMM_LEN];
	struct relations relations;
	struct memory_use use;

	if (!task)
		return -ESRCH;
	comm_get(node, comm);
	relations_get(process, &relations);
	memory_get(node, &use);
	proc_printf(text,
		    "Name:\t%s\nState:\t%s\nTgid:\t%d\nPid:\t%d\n"
		    "PPid:\t%d\nTracerPid:\t0\n",
		    comm, state_of(node), process->pid, task->pid,
		    relations.ppid);
	show_ids(text, task);
	proc_printf(text, "NSpid:\t%d\nNSpgid:\t%d\nNSsid:\t%d\n", task->pid,
		    relations.pgid, relations.sid);
	if (use.total)
		proc_printf(text,
			    "VmSize:\t%8lu kB\nVmRSS:\t%8lu kB\n"
			    "VmData:\t%8lu kB\n",
			    (unsigned long)use.total * 4,
			    (unsigned long)use.resident * 4,
			    (unsigned long)use.data * 4);
	proc_printf(text, "Threads:\t%u\n", relations.nr_threads);
	show_signals(text, process, task);
	proc_printf(text,
		    "voluntary_ctxt_switches:\t%lu\n"
		    "nonvoluntary_ctxt_switches:\t%lu\n",
		    (unsigned long)task->thread.nr_voluntary,
		    (unsigned long)task->thread.nr_preempted);
	return 0;
}

static int show_comm(struct proc_text *text, const struct proc_node *node)
{
	char comm[TASK_COMM_LEN];

	comm_get(node, comm);
	proc_printf(text, "%s\n", comm);
	return 0;
}

/* Bytes [start, end) of the process's memory, at most a megabyte's half. */
static int show_memory(struct proc_text *text, struct mm *mm, uintptr_t start,
		       uintptr_t end)
{
	size_t left = end > start ? MIN(end - start, 512 * 1024ul) : 0;
	char *buf = kmalloc(PAGE_SIZE);

	if (!buf)
		return -ENOMEM;
	while (left) {
		ssize_t n =
			mm_access(mm, start, buf, MIN(left, PAGE_SIZE), false);

		if (n <= 0)
			break;
		proc_write(text, buf, (size_t)n);
		start += (size_t)n;
		left -= (size_t)n;
	}
	kfree(buf);
	return 0;
}

static int show_cmdline(struct proc_text *text, const struct proc_node *node)
{
	struct mm *mm = proc_node_mm(node);
	int ret;

	if (!mm)
		return 0; /* a zombie: empty */
	ret = show_memory(text, mm, mm->arg_start, mm->arg_end);
	mm_put(mm);
	return ret;
}

static int show_environ(struct proc_text *text, const struct proc_node *node)
{
	struct mm *mm = proc_node_mm(node);
	int ret;

	if (!mm)
		return 0;
	ret = show_memory(text, mm, mm->env_start, mm->env_end);
	mm_put(mm);
	return ret;
}

static int show_auxv(struct proc_text *text, const struct proc_node *node)
{
	struct mm *mm = proc_node_mm(node);
	size_t n = 0;

	if (!mm)
		return 0;
	while (n + 2 < ARRAY_SIZE(mm->auxv) && mm->auxv[n])
		n += 2;
	proc_write(text, mm->auxv, (n + 2) * sizeof(mm->auxv[0]));
	mm_put(mm);
	return 0;
}

static const struct {
	int resource;
	const char *name, *unit;
} limit_names[] = {
	{ RLIMIT_CPU, "Max cpu time", "seconds" },
	{ RLIMIT_FSIZE, "Max file size", "bytes" },
	{ RLIMIT_DATA, "Max data size", "bytes" },
	{ RLIMIT_STACK, "Max stack size", "bytes" },
	{ RLIMIT_CORE, "Max core file size", "bytes" },
	{ RLIMIT_RSS, "Max resident set", "bytes" },
	{ RLIMIT_NPROC, "Max processes", "processes" },
	{ RLIMIT_NOFILE, "Max open files", "files" },
	{ RLIMIT_MEMLOCK, "Max locked memory", "bytes" },
	{ RLIMIT_AS, "Max address space", "bytes" },
	{ RLIMIT_LOCKS, "Max file locks", "locks" },
	{ RLIMIT_SIGPENDING, "Max pending signals", "signals" },
	{ RLIMIT_MSGQUEUE, "Max msgqueue size", "bytes" },
	{ RLIMIT_NICE, "Max nice priority", "" },
	{ RLIMIT_RTPRIO, "Max realtime priority", "" },
	{ RLIMIT_RTTIME, "Max realtime timeout", "us" },
};

static const char *limit_text(uint64_t value, char buf[24])
{
	if (value == RLIM_INFINITY)
		return "unlimited";
	snprintf(buf, 24, "%lu", (unsigned long)value);
	return buf;
}

static int show_limits(struct proc_text *text, const struct proc_node *node)
{
	char soft[24], hard[24];

	proc_printf(text, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit",
		    "Hard Limit", "Units");
	for (size_t i = 0; i < ARRAY_SIZE(limit_names); i++) {
		const struct limit *limit =
			&node->process->limits.of[limit_names[i].resource];

		proc_printf(text, "%-25s %-20s %-20s %-10s\n",
			    limit_names[i].name, limit_text(limit->soft, soft),
			    limit_text(limit->hard, hard), limit_names[i].unit);
	}
	return 0;
}

static int show_oom_score_adj(struct proc_text *text,
			      const struct proc_node *node)
{
	proc_printf(text, "%d\n", node->process->oom_score_adj);
	return 0;
}

static const struct proc_entry thread_entries[] = {
	{ "comm", 0444, .show = show_comm },
	{ "stat", 0444, .show = show_stat },
	{ "statm", 0444, .show = show_statm },
	{ "status", 0444, .show = show_status },
	{},
};

static const struct proc_entry thread_dir = { "", 0555,
					      .children = thread_entries };

static int thread_find(const struct proc_node *dir, unsigned number,
		       struct proc_node *child)
{
	struct task *task = task_find((int)number);

	if (!task)
		return -ENOENT;
	if (task->process != dir->process) {
		task_put(task);
		return -ENOENT;
	}
	child->entry = &thread_dir;
	child->task = task;
	return 0;
}

static bool thread_next(const struct proc_node *dir, unsigned *number)
{
	struct task *task = process_next_thread(dir->process, (int)*number);

	if (!task)
		return false;
	*number = (unsigned)task->pid;
	task_put(task);
	return true;
}

static const struct proc_dynamic threads = { thread_find, thread_next };

static const struct proc_entry pid_entries[] = {
	{ "auxv", 0400, .show = show_auxv },
	{ "cmdline", 0444, .show = show_cmdline },
	{ "comm", 0444, .show = show_comm },
	{ "cwd", 0777, .follow = proc_follow_cwd },
	{ "environ", 0400, .show = show_environ },
	{ "exe", 0777, .follow = proc_follow_exe },
	{ "fd", 0500, .dynamic = &proc_descriptors },
	{ "limits", 0444, .show = show_limits },
	{ "maps", 0444, .show = proc_show_maps },
	{ "mountinfo", 0444, .show = proc_show_mountinfo },
	{ "mounts", 0444, .show = proc_show_mounts },
	{ "oom_score_adj", 0444, .show = show_oom_score_adj },
	{ "root", 0777, .follow = proc_follow_root },
	{ "stat", 0444, .show = show_stat },
	{ "statm", 0444, .show = show_statm },
	{ "status", 0444, .show = show_status },
	{ "task", 0555, .dynamic = &threads },
	{},
};

static const struct proc_entry pid_dir = { "", 0555, .children = pid_entries };

static int pid_find(const struct proc_node *dir, unsigned number,
		    struct proc_node *child)
{
	struct process *process = process_find((int)number);

	(void)dir;
	if (!process)
		return -ENOENT;
	child->entry = &pid_dir;
	child->process = process;
	return 0;
}

static bool pid_next(const struct proc_node *dir, unsigned *number)
{
	struct process *process = process_next((int)*number);

	(void)dir;
	if (!process)
		return false;
	*number = (unsigned)process->pid;
	process_put(process);
	return true;
}

const struct proc_dynamic proc_processes = { pid_find, pid_next };
