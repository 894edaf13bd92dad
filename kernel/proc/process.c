// SPDX-License-Identifier: MIT
/*
 * Processes: memory, the tree of parents and children, and groups.
 *
 * tasklist_lock guards the tree, the index by number and the group and session
 * of each process.  The tree holds one reference on a process until it is
 * reaped; each thread holds another.
 *
 * A number is free again when neither a thread, a process, a group nor a
 * session has it.  A group that outlives its leader is rare, so nothing is
 * counted: whoever lets go of a number that is not its own pid, or of its pid
 * when it led a group, looks whether somebody else has it.
 */
#include <proc/task.h>

#include <core/alloc.h>
#include <core/time.h>
#include <lib/errno.h>
#include <proc/cred.h>

#include "proc_internal.h"

RB_HEAD(process_tree, process);

struct process *init_process;             /* [I] once set */
static struct process_tree process_tree = /* [tasklist_lock] by pid */
	RB_INITIALIZER(&process_tree);
static struct slab_cache *process_cache;

static int process_compare(const struct process *a, const struct process *b)
{
	return a->pid < b->pid ? -1 : a->pid > b->pid;
}

RB_GENERATE_STATIC(process_tree, process, link, process_compare)

struct process *process_alloc(void)
{
	struct process *process;

	/* The first comer is pid 1, while nothing runs beside it. */
	if (!process_cache)
		process_cache = slab_cache_create(
			"process", sizeof(struct process), 16, NULL);

	process = slab_zalloc(process_cache);
	if (!process)
		return NULL;
	refcount_set(&process->refs, 1);
	TAILQ_INIT(&process->children);
	TAILQ_INIT(&process->threads);
	spin_init(&process->signal_lock, LOCK_SIGHAND);
	sigpending_init(&process->pending);
	waitq_init(&process->child_wait);
	process->start_ns = time_now_ns();
	process->dumpable = true;
	mutex_init(&process->timers_lock, LOCK_SLEEP_LEAF);
	LIST_INIT(&process->timers);
	itimer_init(process);
	return process;
}

void process_put(struct process *process)
{
	if (!refcount_put(&process->refs))
		return;
	if (process->sighand)
		sighand_put(process->sighand);
	slab_free(process_cache, process);
}

/* --- The tree -------------------------------------------------------- */

void process_link_locked(struct process *process, struct process *parent)
{
	ASSERT(spin_is_held(&tasklist_lock));
	process->parent = parent;
	if (parent)
		TAILQ_INSERT_TAIL(&parent->children, process, sibling);
	RB_INSERT(process_tree, &process_tree, process);
}

void process_unlink_locked(struct process *process)
{
	ASSERT(spin_is_held(&tasklist_lock));
	if (process->parent)
		TAILQ_REMOVE(&process->parent->children, process, sibling);
	process->parent = NULL;
	RB_REMOVE(process_tree, &process_tree, process);
}

struct process *process_next_locked(int pid)
{
	struct process *process = RB_ROOT(&process_tree);
	struct process *best = NULL;

	ASSERT(spin_is_held(&tasklist_lock));
	while (process) {
		if (process->pid >= pid) {
			best = process;
			process = RB_LEFT(process, link);
		} else {
			process = RB_RIGHT(process, link);
		}
	}
	return best;
}

struct process *process_find_locked(int pid)
{
	struct process *process = process_next_locked(pid);

	return process && process->pid == pid ? process : NULL;
}

struct process *process_find(int pid)
{
	struct process *process;

	spin_lock(&tasklist_lock);
	process = process_find_locked(pid);
	if (process)
		process_get(process);
	spin_unlock(&tasklist_lock);
	return process;
}

struct process *process_next(int pid)
{
	struct process *process;

	spin_lock(&tasklist_lock);
	process = process_next_locked(pid);
	if (process)
		process_get(process);
	spin_unlock(&tasklist_lock);
	return process;
}

unsigned process_count_of_user_locked(uint32_t uid)
{
	struct process *process;
	unsigned count = 0;

	RB_FOREACH (process, process_tree, &process_tree) {
		/* A zombie has no thread, but a place in the table. */
		if (process->leader->cred->uid == uid)
			count += MAX(process->nr_threads, 1u);
	}
	return count;
}

void process_cpu_time(struct process *process, uint64_t *total_ns,
		      uint64_t *user_ns)
{
	struct task *task;

	spin_lock(&tasklist_lock);
	*total_ns = process->dead_runtime_ns;
	*user_ns = process->dead_user_ns;
	TAILQ_FOREACH (task, &process->threads, thread_link) {
		*total_ns += task->thread.runtime_ns;
		*user_ns += task->thread.user_ns;
	}
	spin_unlock(&tasklist_lock);
	/* Ticks sample user time: it may run ahead of the clock. */
	*user_ns = MIN(*user_ns, *total_ns);
}

/* --- Numbers that groups and sessions are named after ---------------- */

static bool number_is_used_locked(int number)
{
	struct process *process;

	RB_FOREACH (process, process_tree, &process_tree) {
		if (process->pid == number || process->pgid == number ||
		    process->sid == number)
			return true;
	}
	return task_find_locked(number) != NULL;
}

/* Nobody has it any more as far as the caller knows: is that so? */
static void number_put_locked(int number)
{
	if (number && !number_is_used_locked(number))
		pid_free(number);
}

void process_set_group_locked(struct process *process, int pgid, int sid)
{
	int old_pgid = process->pgid;
	int old_sid = process->sid;

	ASSERT(spin_is_held(&tasklist_lock));
	process->pgid = pgid;
	process->sid = sid;
	if (old_pgid != pgid)
		number_put_locked(old_pgid);
	if (old_sid != sid && old_sid != old_pgid)
		number_put_locked(old_sid);
}

void process_release_number_locked(struct process *process)
{
	int pid = process->pid, pgid = process->pgid, sid = process->sid;

	/* It is out of the tree, so looking does not find itself. */
	if (pgid == pid || sid == pid)
		number_put_locked(pid);
	else
		pid_free(pid);
	if (pgid != pid)
		number_put_locked(pgid);
	if (sid != pid && sid != pgid)
		number_put_locked(sid);
}
