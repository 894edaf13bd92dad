// SPDX-License-Identifier: MIT
/*
 * fork, vfork, clone and clone3: a new task that shares with its maker what
 * the flags say, and has copies of the rest.  clone(2).
 *
 * Everything is made before the child becomes visible; from then on nothing
 * can fail.
 */
#include <linux/sched.h>

#include <asm/signal.h>

#include <arch/switch.h>
#include <arch/trap.h>
#include <core/alloc.h>
#include <core/thread.h>
#include <fs/file.h>
#include <lib/errno.h>
#include <linux/capability.h>
#include <mm/mm.h>
#include <mm/usercopy.h>
#include <proc/sched.h>
#include <proc/task.h>

#include "proc_internal.h"

#define CLONE_KNOWN                                                            \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_VFORK |     \
	 CLONE_PARENT | CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS |          \
	 CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID |     \
	 CLONE_DETACHED | CLONE_UNTRACED | CLONE_IO | CLONE_CLEAR_SIGHAND)

static int check_flags(const struct clone_args *args)
{
	uint64_t flags = args->flags;

	if (flags & ~(uint64_t)CLONE_KNOWN)
		return -EINVAL;
	if (args->exit_signal > NSIG)
		return -EINVAL;
	if ((flags & CLONE_THREAD) && !(flags & CLONE_SIGHAND))
		return -EINVAL;
	if ((flags & CLONE_SIGHAND) && !(flags & CLONE_VM))
		return -EINVAL;
	if ((flags & CLONE_SIGHAND) && (flags & CLONE_CLEAR_SIGHAND))
		return -EINVAL;
	if ((flags & CLONE_PARENT) && current->process == init_process)
		return -EINVAL;
	return 0;
}

/* --- Sharing and copying --------------------------------------------- */

static int copy_mm(struct task *child, uint64_t flags)
{
	struct mm *mm = current->thread.mm;

	if (flags & CLONE_VM)
		mm_get(mm);
	else
		mm = mm_fork(mm);
	if (!mm)
		return -ENOMEM;
	child->thread.mm = mm;
	child->thread.root = mm->root;
	child->thread.mm_harts = &mm->harts;
	return 0;
}

static int copy_files(struct task *child, uint64_t flags)
{
	struct task *parent = current;

	child->files = flags & CLONE_FILES ? files_share(parent->files)
					   : files_clone(parent->files);
	if (!child->files)
		return -ENOMEM;
	if (flags & CLONE_FS) {
		refcount_get(&parent->fs->refs);
		child->fs = parent->fs;
	} else {
		child->fs = fs_context_clone(parent->fs);
	}
	return child->fs ? 0 : -ENOMEM;
}

static struct sighand *copy_sighand(uint64_t flags)
{
	struct sighand *old = current->process->sighand;
	struct sighand *copy;
	unsigned long irq;

	if (flags & CLONE_SIGHAND)
		return sighand_get(old);
	copy = sighand_alloc();
	if (!copy)
		return NULL;
	irq = spin_lock_irqsave(&old->lock);
	for (unsigned i = 0; i < NSIG; i++)
		copy->action[i] = old->action[i];
	spin_unlock_irqrestore(&old->lock, irq);
	if (flags & CLONE_CLEAR_SIGHAND)
		sighand_reset(copy);
	return copy;
}

/* A process of its own for the child, or the same for a thread. */
static int copy_process(struct task *child, const struct clone_args *args)
{
	struct process *parent = current->process;
	struct process *process;

	if (args->flags & CLONE_THREAD) {
		process_get(parent);
		child->process = parent;
		return 0;
	}
	process = process_alloc();
	if (!process)
		return -ENOMEM;
	child->process = process; /* its reference */
	process->sighand = copy_sighand(args->flags);
	if (!process->sighand)
		return -ENOMEM;
	process->exit_signal = (int)args->exit_signal;
	process->limits = parent->limits;
	process->oom_score_adj = parent->oom_score_adj;
	process->dumpable = parent->dumpable;
	return 0;
}

static void copy_identity(struct task *child, uint64_t flags)
{
	struct task *parent = current;

	child->cred = cred_get(parent->cred);
	child->blocked = parent->blocked;
	child->personality = parent->personality;
	child->timer_slack_ns = parent->timer_slack_ns;
	child->no_new_privs = parent->no_new_privs;
	for (unsigned i = 0; i < TASK_COMM_LEN; i++)
		child->comm[i] = parent->comm[i];
	/* An alternate stack cannot serve two threads in one address space. */
	if (!(flags & CLONE_VM) || (flags & CLONE_VFORK))
		child->sigaltstack = parent->sigaltstack;
}

/* --- The child's first steps ----------------------------------------- */

static void child_entry(void *arg)
{
	struct task *task = arg;
	int __user *tid = (int __user *)task->restart_data[0];

	/* Not before the child runs: the address may be in its memory alone. */
	if (tid)
		(void)put_user(task->pid, tid);
	user_mode_enter();
}

static int copy_thread(struct task *child, const struct clone_args *args)
{
	struct trap_frame *frame;
	int ret = thread_init(&child->thread, child_entry, child);

	if (ret)
		return ret;
	sched_inherit(&child->thread, current_thread());
	frame = (struct trap_frame *)child->thread.kernel_sp - 1;
	*frame = *user_frame();
	frame->a0 = 0;
	if (args->stack)
		frame->sp = args->stack + args->stack_size;
	if (args->flags & CLONE_SETTLS)
		frame->tp = args->tls;
	fp_copy(&child->thread);

	if (args->flags & CLONE_CHILD_CLEARTID)
		child->clear_child_tid =
			(int __user *)(uintptr_t)args->child_tid;
	if (args->flags & CLONE_CHILD_SETTID)
		child->restart_data[0] = args->child_tid;
	return 0;
}

/* --- Making it visible ----------------------------------------------- */

static int check_nproc_locked(void)
{
	uint64_t limit = rlimit_get(RLIMIT_NPROC);
	uint32_t uid = current->cred->uid;

	/* It binds root, too, unlike on Linux: here most of us are root. */
	if (limit == RLIM_INFINITY)
		return 0;
	/* Threads and zombies have numbers: he has no more of them than that. */
	if (pid_count() < limit)
		return 0;
	return process_count_of_user_locked(uid) < limit ? 0 : -EAGAIN;
}

static int link_thread_locked(struct task *child)
{
	struct process *process = child->process;
	unsigned long irq = spin_lock_irqsave(&process->signal_lock);
	int ret = 0;

	if (process->exiting || process->exec_task) {
		ret = -ERESTARTNOINTR;
	} else {
		TAILQ_INSERT_TAIL(&process->threads, child, thread_link);
		process->nr_threads++;
		if (process->stopped)
			atomic_fetch_or(&child->thread.flags, THREAD_SIGNAL);
	}
	spin_unlock_irqrestore(&process->signal_lock, irq);
	return ret;
}

static void link_process_locked(struct task *child, uint64_t flags)
{
	struct process *process = child->process;
	struct process *maker = current->process;

	process->pid = child->pid;
	process->leader = child;
	task_get(child);
	process_get(process); /* of the tree */
	process->pgid = maker->pgid;
	process->sid = maker->sid;
	process->tty = maker->tty;
	process_link_locked(process,
			    flags & CLONE_PARENT ? maker->parent : maker);
	if (flags & CLONE_PARENT)
		process->exit_signal = maker->exit_signal;
	(void)link_thread_locked(child); /* nobody else knows it yet */
}

static int link_task(struct task *child, uint64_t flags)
{
	int ret;

	spin_lock(&tasklist_lock);
	ret = check_nproc_locked();
	if (ret)
		goto out;
	/* A kill that came until now must not miss the child. */
	if (signal_is_fatal_pending()) {
		ret = -ERESTARTNOINTR;
		goto out;
	}
	if (flags & CLONE_THREAD)
		ret = link_thread_locked(child);
	else
		link_process_locked(child, flags);
	if (!ret)
		task_hash_locked(child);
out:
	spin_unlock(&tasklist_lock);
	return ret;
}

static void undo_child(struct task *child)
{
	if (child->pid > 0)
		pid_free(child->pid);
	if (child->fs)
		fs_context_put(child->fs);
	if (child->files)
		files_put(child->files);
	if (child->thread.mm)
		mm_put(child->thread.mm);
	task_put(child);
}

static struct task *make_child(const struct clone_args *args, int *error)
{
	struct task *child = task_alloc();

	*error = -ENOMEM;
	if (!child)
		return NULL;
	copy_identity(child, args->flags);
	if ((*error = copy_process(child, args)) ||
	    (*error = copy_files(child, args->flags)) ||
	    (*error = copy_mm(child, args->flags)) ||
	    (*error = copy_thread(child, args)))
		goto err_undo;
	child->pid = pid_alloc();
	*error = child->pid < 0 ? child->pid : 0;
	if (*error)
		goto err_undo;
	return child;

err_undo:
	undo_child(child);
	return NULL;
}

/* vfork: until the child has given the address space back.  Killable. */
static void wait_for_vfork(struct task *child)
{
	(void)waitq_wait_killable(
		&child->vfork_wait,
		!__atomic_load_n(&child->in_vfork, __ATOMIC_ACQUIRE));
}

long task_clone(const struct clone_args *args)
{
	int __user *parent_tid = (int __user *)(uintptr_t)args->parent_tid;
	struct task *child;
	int ret = check_flags(args);
	int pid;

	if (ret)
		return ret;
	child = make_child(args, &ret);
	if (!child)
		return ret;
	pid = child->pid;
	if ((args->flags & CLONE_PARENT_SETTID) && put_user(pid, parent_tid)) {
		ret = -EFAULT;
		goto err_undo;
	}
	child->in_vfork = args->flags & CLONE_VFORK;
	ret = link_task(child, args->flags);
	if (ret)
		goto err_undo;

	if (child->in_vfork) {
		task_get(child);
		thread_wake(&child->thread);
		wait_for_vfork(child);
		task_put(child);
	} else {
		thread_wake(&child->thread);
	}
	return pid;

err_undo:
	undo_child(child);
	return ret;
}
