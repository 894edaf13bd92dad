// SPDX-License-Identifier: MIT
/*
 * The end of threads and processes.  _exit(2), and POSIX.1 on what happens to
 * children, sessions and process groups then.
 *
 * A thread gives back what it shares (memory, files) first, without locks; then
 * it leaves its process under tasklist_lock and signal_lock.  The last one
 * turns the process into a zombie.
 */

#include <arch/pgtable.h>
#include <core/lock.h>
#include <core/panic.h>
#include <core/thread.h>
#include <dev/tty.h>
#include <fs/file.h>
#include <lib/errno.h>
#include <mm/mm.h>
#include <mm/usercopy.h>
#include <proc/futex.h>
#include <proc/posix_timer.h>
#include <proc/task.h>

#include "proc_internal.h"

void task_end_vfork(struct task *task)
{
	if (!__atomic_load_n(&task->in_vfork, __ATOMIC_RELAXED))
		return;
	__atomic_store_n(&task->in_vfork, false, __ATOMIC_RELEASE);
	waitq_wake_all(&task->vfork_wait);
}

/* Leave the address space; the last to leave frees it. */
static void task_drop_mm(struct task *task)
{
	struct thread *thread = &task->thread;
	struct mm *mm = thread->mm;
	unsigned long flags;
	uint64_t rss;

	if (!mm)
		return;
	/* Whoever joins this thread waits for the word to become zero. */
	if (task->clear_child_tid && refcount_read(&mm->users) > 1) {
		if (!put_user(0, task->clear_child_tid))
			futex_wake_user(task->clear_child_tid, 1);
	}
	rss = (uint64_t)atomic64_load(&mm->rss);
	flags = spin_lock_irqsave(&task->process->signal_lock);
	thread->mm = NULL;
	thread->root = NULL; /* the kernel's own */
	thread->mm_harts = NULL;
	pgtable_activate(thread);
	spin_unlock_irqrestore(&task->process->signal_lock, flags);
	if (rss > task->process->max_rss_pages)
		task->process->max_rss_pages = rss;
	task_end_vfork(task);
	mm_put(mm);
}

static void task_drop_files(struct task *task)
{
	struct files *files = task->files;
	struct fs_context *fs = task->fs;
	unsigned long flags = spin_lock_irqsave(&task->process->signal_lock);

	task->files = NULL;
	task->fs = NULL;
	spin_unlock_irqrestore(&task->process->signal_lock, flags);
	if (files)
		files_put(files);
	if (fs)
		fs_context_put(fs);
}

/* --- What the end of a process means to others ----------------------- */

/*
 * The group has just lost its last keeper: stopped members would sleep for
 * ever.
 */
static void hang_up_orphans_locked(int pgid, const struct process *leaving)
{
	if (pgid && pgrp_has_stopped_locked(pgid) &&
	    pgrp_is_orphaned_locked(pgid, leaving)) {
		pgrp_signal_locked(pgid, SIGHUP);
		pgrp_signal_locked(pgid, SIGCONT);
	}
}

static struct process *find_reaper_locked(struct process *process)
{
	struct process *reaper = process->parent;

	while (reaper && !(reaper->is_subreaper && !reaper->zombie))
		reaper = reaper->parent;
	return reaper ? reaper : init_process;
}

/* Children go to init, or to an ancestor that asked for them. */
static void reparent_children_locked(struct process *process)
{
	struct process *reaper = find_reaper_locked(process);
	struct process *child;

	while ((child = TAILQ_FIRST(&process->children))) {
		int pgid = child->pgid;

		TAILQ_REMOVE(&process->children, child, sibling);
		child->parent = reaper;
		child->exit_signal = SIGCHLD;
		TAILQ_INSERT_TAIL(&reaper->children, child, sibling);
		if (child->leader->parent_death_signal)
			(void)signal_send(child, NULL,
					  child->leader->parent_death_signal,
					  NULL);
		if (child->zombie) {
			if (signal_parent_locked(child, CLD_EXITED,
						 child->exit_code))
				process_reap_locked(child);
		} else if (pgid != process->pgid) {
			hang_up_orphans_locked(pgid, NULL);
		}
	}
}

void process_reap_locked(struct process *process)
{
	struct process *parent = process->parent;

	ASSERT(spin_is_held(&tasklist_lock));
	if (parent) {
		parent->child_runtime_ns +=
			process->dead_runtime_ns + process->child_runtime_ns;
		parent->child_user_ns +=
			process->dead_user_ns + process->child_user_ns;
		parent->child_minor_faults += process->dead_minor_faults +
					      process->child_minor_faults;
		parent->child_major_faults += process->dead_major_faults +
					      process->child_major_faults;
		parent->child_max_rss_pages =
			MAX(parent->child_max_rss_pages,
			    MAX(process->max_rss_pages,
				process->child_max_rss_pages));
	}
	process_unlink_locked(process);
	process_release_number_locked(process);
	/* The tree's references; the caller has one if it still looks at it. */
	task_put(process->leader);
	process_put(process);
}

static void hang_up_session(struct process *process)
{
	struct process *other;
	struct tty *tty;
	int pgid = 0;

	spin_lock(&tasklist_lock);
	tty = process->sid == process->pid ? process->tty : NULL;
	if (tty) {
		for_each_process_locked (other) {
			if (other->sid == process->sid)
				other->tty = NULL;
		}
	}
	spin_unlock(&tasklist_lock);
	if (tty)
		pgid = tty_session_end(tty, process->sid);
	if (pgid) {
		(void)pgrp_signal(pgid, SIGHUP);
		(void)pgrp_signal(pgid, SIGCONT);
	}
}

/* The last thread is leaving.  True: nobody will wait, reap it at once. */
static bool become_zombie_locked(struct process *process, int code)
{
	int pgid = process->pgid;

	process->exit_code = process->exiting ? process->group_exit_code : code;
	reparent_children_locked(process);
	process->zombie = true;
	/* Only one who tied the group to a keeper can leave it without. */
	if (process_has_keeper_locked(process))
		hang_up_orphans_locked(pgid, process);
	return signal_parent_locked(process, CLD_EXITED, process->exit_code);
}

/* --- Threads --------------------------------------------------------- */

static void add_up_times_locked(struct process *process, struct task *task)
{
	process->dead_runtime_ns += task->thread.runtime_ns;
	process->dead_user_ns += task->thread.user_ns;
	process->dead_voluntary += task->thread.nr_voluntary;
	process->dead_preempted += task->thread.nr_preempted;
	process->dead_minor_faults += task->nr_minor_faults;
	process->dead_major_faults += task->nr_major_faults;
}

/* Leave the list; true if it was the last. */
static bool leave_process_locked(struct task *task)
{
	struct process *process = task->process;
	unsigned long flags = spin_lock_irqsave(&process->signal_lock);

	task->exiting = true;
	sigpending_flush(process, &task->pending);
	TAILQ_REMOVE(&process->threads, task, thread_link);
	process->nr_threads--;
	if (!process->nr_threads)
		sigpending_flush(process, &process->pending);
	spin_unlock_irqrestore(&process->signal_lock, flags);
	return process->nr_threads == 0;
}

/* The last thread has left the list: nobody runs here any more. */
static void finish_process(struct process *process, int code)
{
	itimer_stop(process);
	posix_timers_delete_all(process);
	hang_up_session(process);
	spin_lock(&tasklist_lock);
	if (become_zombie_locked(process, code))
		process_reap_locked(process);
	spin_unlock(&tasklist_lock);
}

static void check_init_lives(const struct process *process, int code)
{
	if (process == init_process && process->nr_threads == 1)
		panic("init has ended with status %#x",
		      (unsigned)(process->exiting ? process->group_exit_code
						  : code));
}

void task_exit(int code)
{
	struct task *task = current;
	struct process *process = task->process;
	bool last;

	check_init_lives(process, code);
	futex_exit_robust_list(task);
	task_drop_mm(task);
	task_drop_files(task);

	spin_lock(&tasklist_lock);
	task_unhash_locked(task);
	last = leave_process_locked(task);
	add_up_times_locked(process, task);
	if (task->pid != process->pid)
		pid_free(task->pid);
	/* exec in another thread waits for this. */
	waitq_wake_all(&process->child_wait);
	spin_unlock(&tasklist_lock);

	if (last)
		finish_process(process, code);
	thread_exit();
}

void task_exit_group(int code)
{
	struct process *process = current->process;
	unsigned long flags = spin_lock_irqsave(&process->signal_lock);

	process_start_exit_locked(process, code);
	spin_unlock_irqrestore(&process->signal_lock, flags);
	task_exit(code);
}

/* Another thread of the process, other than self, is alive. */
static bool has_siblings(struct process *process)
{
	return __atomic_load_n(&process->nr_threads, __ATOMIC_ACQUIRE) > 1;
}

int process_kill_others(void)
{
	struct task *self = current, *task;
	struct process *process = self->process;
	unsigned long flags = spin_lock_irqsave(&process->signal_lock);

	if (process->exiting || process->exec_task) {
		spin_unlock_irqrestore(&process->signal_lock, flags);
		return -EAGAIN;
	}
	process->exec_task = self;
	TAILQ_FOREACH (task, &process->threads, thread_link) {
		if (task == self)
			continue;
		atomic_fetch_or(&task->thread.flags,
				THREAD_SIGNAL | THREAD_KILLED);
		if (!thread_wake_state(&task->thread,
				       1u << THREAD_INTERRUPTIBLE |
					       1u << THREAD_KILLABLE |
					       1u << THREAD_STOPPED))
			thread_kick(&task->thread);
	}
	spin_unlock_irqrestore(&process->signal_lock, flags);
	waitq_wait(&process->child_wait, !has_siblings(process));
	flags = spin_lock_irqsave(&process->signal_lock);
	process->exec_task = NULL;
	spin_unlock_irqrestore(&process->signal_lock, flags);
	return 0;
}
