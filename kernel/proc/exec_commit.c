// SPDX-License-Identifier: MIT
/*
 * The point of no return of execve(2): the process becomes the new program.
 *
 * Everything that can fail has been done; from exec_commit() on nothing
 * allocates.  The other threads are gone already.
 */
#include <string.h>

#include <linux/personality.h>

#include <arch/hart.h>
#include <arch/pgtable.h>
#include <arch/switch.h>
#include <arch/trap.h>
#include <core/thread.h>
#include <fs/file.h>
#include <lib/errno.h>
#include <mm/mm.h>
#include <proc/posix_timer.h>
#include <proc/task.h>

#include "exec_internal.h"
#include "proc_internal.h"

int exec_prepare_replacement(const struct exec *exec,
			     struct exec_replacement *new)
{
	const struct cred *old = current_cred();
	struct sighand *sighand = current->process->sighand;

	*new = (struct exec_replacement){ 0 };
	if (refcount_read(&sighand->refs) > 1) {
		new->sighand = sighand_alloc();
		if (!new->sighand)
			return -ENOMEM;
		memcpy(new->sighand->action, sighand->action,
		       sizeof(sighand->action));
	}
	if (exec->euid == old->euid && exec->egid == old->egid &&
	    old->suid == old->euid && old->sgid == old->egid)
		return 0;
	new->cred = cred_copy(old);
	if (!new->cred)
		return -ENOMEM; /* the caller drops the sighand */
	cred_become(new->cred, exec->euid, exec->egid);
	return 0;
}

void exec_drop_replacement(struct exec_replacement *new)
{
	if (new->sighand)
		sighand_put(new->sighand);
	if (new->cred)
		cred_put(new->cred);
}

/* The surviving thread takes the number and place of the leader. */
static void become_leader(struct task *task)
{
	struct process *process = task->process;
	struct task *old;

	if (process->leader == task)
		return;
	spin_lock(&tasklist_lock);
	old = process->leader;
	task_unhash_locked(task);
	pid_free(task->pid);
	task->pid = process->pid;
	task_hash_locked(task);
	process->leader = task;
	task_get(task);
	spin_unlock(&tasklist_lock);
	task_put(old);
}

static void switch_mm(struct task *task, struct mm *mm)
{
	struct thread *thread = &task->thread;
	struct mm *old = thread->mm;
	unsigned long flags = spin_lock_irqsave(&task->process->signal_lock);

	thread->mm = mm;
	thread->root = mm->root;
	thread->mm_harts = &mm->harts;
	atomic64_fetch_or(&mm->harts, 1ll << this_hart()->index);
	pgtable_activate(thread);
	spin_unlock_irqrestore(&task->process->signal_lock, flags);
	task_end_vfork(task);
	if (old)
		mm_put(old);
}

static void reset_signals(struct task *task, struct sighand *sighand)
{
	struct process *process = task->process;
	struct sighand *old = process->sighand;
	unsigned long flags;

	if (sighand) {
		flags = spin_lock_irqsave(&process->signal_lock);
		process->sighand = sighand;
		spin_unlock_irqrestore(&process->signal_lock, flags);
		sighand_put(old);
	}
	sighand_reset(process->sighand);
	task->sigaltstack = (stack_t){ .ss_flags = SS_DISABLE };
	task->restart = NULL;
}

static void set_comm(struct task *task, const char *name)
{
	const char *slash = strrchr(name, '/');
	unsigned long flags = spin_lock_irqsave(&task->process->signal_lock);

	strlcpy(task->comm, slash ? slash + 1 : name, sizeof(task->comm));
	spin_unlock_irqrestore(&task->process->signal_lock, flags);
}

static void set_frame(const struct exec *exec)
{
	struct trap_frame *frame = user_frame();

	memset(frame, 0, sizeof(*frame));
	frame->pc = exec->entry;
	frame->sp = exec->sp;
	frame->status = trap_status_user;
	fp_reset();
}

void exec_commit(struct exec *exec, struct exec_replacement *new)
{
	struct task *task = current;
	struct process *process = task->process;

	become_leader(task);
	exec->mm->exe = exec->file; /* and the denial of writing with it */
	exec->file = NULL;
	switch_mm(task, exec->mm);
	exec->mm = NULL;

	task->robust_list = NULL;
	task->clear_child_tid = NULL;
	if (exec->secure)
		task->personality &= ~(unsigned)PER_CLEAR_ON_SETID;
	process->did_exec = true;
	process->dumpable = !exec->secure;
	posix_timers_delete_all(process);
	files_close_on_exec(task->files);
	reset_signals(task, new->sighand);
	if (new->cred)
		cred_install(new->cred);
	set_comm(task, exec->name);
	set_frame(exec);
}
