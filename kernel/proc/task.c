// SPDX-License-Identifier: MIT
/*
 * Tasks: memory, references, and finding them by number.
 *
 * The hash holds live threads only: a task leaves it when it exits.  It holds
 * no reference, as a task's own reference lasts until its thread is off its
 * stack.  tasklist_lock guards it.
 */
#include <proc/task.h>

#include <string.h>

#include <core/alloc.h>
#include <fs/file.h>
#include <mm/mm.h>

#include "proc_internal.h"

#define HASH_SIZE 256u

LIST_HEAD(task_list, task);

spinlock_t tasklist_lock = SPINLOCK_INIT(LOCK_TASKLIST);
static struct task_list task_hash[HASH_SIZE]; /* [tasklist_lock] */
static struct slab_cache *task_cache;

void task_init(void)
{
	task_cache = slab_cache_create("task", sizeof(struct task), 16, NULL);
}

struct task *task_alloc(void)
{
	struct task *task = slab_zalloc(task_cache);

	if (!task)
		return NULL;
	refcount_set(&task->refs, 1);
	task->thread.is_user = true;
	task->thread.name = task->comm;
	sigpending_init(&task->pending);
	waitq_init(&task->vfork_wait);
	task->sigaltstack.ss_flags = SS_DISABLE;
	return task;
}

void task_free(struct task *task)
{
	if (task->thread.stack)
		thread_release(&task->thread);
	slab_free(task_cache, task);
}

void task_put(struct task *task)
{
	struct process *process = task->process;

	if (!refcount_put(&task->refs))
		return;
	if (task->cred)
		cred_put(task->cred);
	task_free(task);
	if (process)
		process_put(process);
}

void task_dead(struct thread *thread)
{
	thread_release(thread);
	task_put(task_of_thread(thread));
}

/* --- By number ------------------------------------------------------- */

static struct task_list *task_bucket(int pid)
{
	return &task_hash[(unsigned)pid % HASH_SIZE];
}

void task_hash_locked(struct task *task)
{
	ASSERT(spin_is_held(&tasklist_lock));
	LIST_INSERT_HEAD(task_bucket(task->pid), task, pid_link);
}

void task_unhash_locked(struct task *task)
{
	ASSERT(spin_is_held(&tasklist_lock));
	LIST_REMOVE(task, pid_link);
}

struct task *task_find_locked(int pid)
{
	struct task *task;

	ASSERT(spin_is_held(&tasklist_lock));
	LIST_FOREACH (task, task_bucket(pid), pid_link) {
		if (task->pid == pid)
			return task;
	}
	return NULL;
}

struct task *task_find(int pid)
{
	struct task *task;

	spin_lock(&tasklist_lock);
	task = task_find_locked(pid);
	if (task)
		task_get(task);
	spin_unlock(&tasklist_lock);
	return task;
}

struct task *process_next_thread(struct process *process, int pid)
{
	struct task *task, *next = NULL;

	spin_lock(&tasklist_lock);
	TAILQ_FOREACH (task, &process->threads, thread_link) {
		if (task->pid >= pid && (!next || task->pid < next->pid))
			next = task;
	}
	if (next)
		task_get(next);
	spin_unlock(&tasklist_lock);
	return next;
}

/* --- What others may look at ----------------------------------------- */

struct mm *task_get_mm(struct task *task)
{
	spinlock_t *lock = &task->process->signal_lock;
	unsigned long flags = spin_lock_irqsave(lock);
	struct mm *mm = task->thread.mm;

	if (mm)
		mm_get(mm);
	spin_unlock_irqrestore(lock, flags);
	return mm;
}

struct files *task_get_files(struct task *task)
{
	spinlock_t *lock = &task->process->signal_lock;
	unsigned long flags = spin_lock_irqsave(lock);
	struct files *files = task->files;

	if (files)
		files_get(files);
	spin_unlock_irqrestore(lock, flags);
	return files;
}

struct fs_context *task_get_fs(struct task *task)
{
	spinlock_t *lock = &task->process->signal_lock;
	unsigned long flags = spin_lock_irqsave(lock);
	struct fs_context *fs = task->fs;

	if (fs)
		refcount_get(&fs->refs);
	spin_unlock_irqrestore(lock, flags);
	return fs;
}

const struct cred *task_get_cred(struct task *task)
{
	spinlock_t *lock = &task->process->signal_lock;
	unsigned long flags = spin_lock_irqsave(lock);
	const struct cred *cred = cred_get(task->cred);

	spin_unlock_irqrestore(lock, flags);
	return cred;
}

void task_set_files(struct files *files)
{
	struct task *task = current;
	spinlock_t *lock = &task->process->signal_lock;
	unsigned long flags = spin_lock_irqsave(lock);

	task->files = files;
	spin_unlock_irqrestore(lock, flags);
}

void task_set_fs(struct fs_context *fs)
{
	struct task *task = current;
	spinlock_t *lock = &task->process->signal_lock;
	unsigned long flags = spin_lock_irqsave(lock);

	task->fs = fs;
	spin_unlock_irqrestore(lock, flags);
}
