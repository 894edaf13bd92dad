// SPDX-License-Identifier: MIT
/*
 * execve(2): another program in the same process.
 *
 * The new address space is made completely, arguments and all, beside the old
 * one; until then every failure leaves the caller as it was.  Behind the point
 * of no return (exec_commit()) nothing allocates and nothing can fail.
 */
#include <string.h>

#include <linux/fcntl.h>
#include <linux/mount.h>
#include <linux/personality.h>
#include <linux/stat.h>

#include <arch/hart.h>
#include <arch/pgtable.h>
#include <arch/switch.h>
#include <arch/trap.h>
#include <core/alloc.h>
#include <core/thread.h>
#include <fs/dentry.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <fs/mount.h>
#include <lib/csr.h>
#include <lib/errno.h>
#include <mm/mm.h>
#include <mm/usercopy.h>
#include <proc/posix_timer.h>
#include <proc/task.h>

#include "exec_internal.h"
#include "proc_internal.h"

#define SCRIPT_DEPTH_MAX 4 /* interpreters that are scripts themselves */

/* --- Opening what is to be executed ---------------------------------- */

static int check_executable(const struct path *path)
{
	struct inode *inode = dentry_inode(path->dentry);

	if (!S_ISREG(inode->mode) || (path->mount->flags & MS_NOEXEC))
		return -EACCES;
	return inode_permission(inode, MAY_EXEC);
}

/* The file, with writers kept out until exec_close(). */
static int exec_open(int dirfd, const char *name, int flags, struct file **file)
{
	unsigned lookup = flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW;
	struct path path;
	int ret;

	if (flags & AT_EMPTY_PATH)
		lookup |= LOOKUP_EMPTY;
	ret = path_lookup(dirfd, name, lookup, &path);
	if (ret)
		return ret;
	if (S_ISLNK(dentry_inode(path.dentry)->mode))
		ret = -ELOOP;
	else
		ret = check_executable(&path);
	if (!ret)
		ret = file_open_path(&path, O_RDONLY, file);
	path_put(&path);
	if (ret)
		return ret;
	ret = inode_deny_write((*file)->inode);
	if (ret) {
		file_put(*file);
		*file = NULL;
	}
	return ret;
}

static void exec_close(struct file *file)
{
	if (!file)
		return;
	inode_allow_write(file->inode);
	file_put(file);
}

/* --- Scripts --------------------------------------------------------- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The bounds of the next word or, for the rest of the line, of all of it. */
static char *trim_line(char *start, char *end)
{
	while (start < end && is_blank(*start))
		start++;
	while (end > start && is_blank(end[-1]))
		end--;
	*end = '\0';
	return start;
}

/*
 * "#! interpreter argument": cut both out of head, the argument being the rest
 * of the line.  -ENOEXEC if the line is empty or does not fit.
 */
static int parse_script(struct exec *exec, char **interp, char **argument)
{
	char *line = exec->head + 2;
	char *end = memchr(line, '\n', exec->head_len - 2);
	char *p;

	if (!end) {
		/* A file of one short line may end without a newline. */
		if (exec->head_len == sizeof(exec->head) - 1)
			return -ENOEXEC;
		end = exec->head + exec->head_len;
	}
	line = trim_line(line, end);
	if (!*line)
		return -ENOEXEC;
	for (p = line; *p && !is_blank(*p); p++)
		;
	*argument = NULL;
	if (*p) {
		*p++ = '\0';
		while (is_blank(*p))
			p++;
		*argument = p;
	}
	*interp = line;
	return 0;
}

static int read_head(struct exec *exec)
{
	ssize_t len = file_read_kernel(exec->file, exec->head,
				       sizeof(exec->head) - 1, 0);

	if (len < 0)
		return (int)len;
	exec->head_len = (size_t)len;
	exec->head[len] = '\0';
	return 0;
}

/* Put the interpreter in front of the arguments and open it instead. */
static int switch_to_interp(struct exec *exec)
{
	const char *script =
		*exec->interp_name ? exec->interp_name : exec->name;
	const char *strings[3];
	char *interp, *argument;
	unsigned n = 0;
	int ret = parse_script(exec, &interp, &argument);

	if (ret)
		return ret;
	strings[n++] = interp;
	if (argument)
		strings[n++] = argument;
	strings[n++] = script;
	ret = exec_args_replace_first(&exec->args, strings, n);
	if (ret)
		return ret;
	/* The name lies in head, which the next file overwrites. */
	strcpy(exec->interp_name, interp);
	exec_close(exec->file);
	exec->file = NULL;
	ret = exec_open(AT_FDCWD, exec->interp_name, 0, &exec->file);
	return ret ? ret : read_head(exec);
}

static int resolve_scripts(struct exec *exec)
{
	for (int depth = 0;; depth++) {
		int ret;

		if (exec->head_len < 2 || exec->head[0] != '#' ||
		    exec->head[1] != '!')
			return 0;
		if (depth > SCRIPT_DEPTH_MAX)
			return -ELOOP;
		ret = switch_to_interp(exec);
		if (ret)
			return ret;
	}
}

/* --- Preparing ------------------------------------------------------- */

static int open_interp(struct exec *exec)
{
	char path[ELF_INTERP_MAX];
	char head[sizeof(struct elf64_hdr)];
	ssize_t len;
	int ret;

	if (!exec->image.interp_size)
		return 0;
	ret = exec_read_interp(exec->file, &exec->image, path);
	if (!ret)
		ret = exec_open(AT_FDCWD, path, 0, &exec->interp);
	if (ret)
		return ret;
	len = file_read_kernel(exec->interp, head, sizeof(head), 0);
	if (len < 0)
		return (int)len;
	ret = exec_read_elf(exec->interp, head, (size_t)len,
			    &exec->interp_image);
	/* A broken library loader is another error than a broken program. */
	return ret == -ENOEXEC ? -ELIBBAD : ret;
}

/* Set-user-id and set-group-id; see execve(2) for what they do not apply to. */
static void find_credentials(struct exec *exec)
{
	const struct inode *inode = exec->file->inode;
	const struct cred *cred = current_cred();
	bool honoured = !(exec->file->path.mount->flags & MS_NOSUID) &&
			!current->no_new_privs;

	exec->euid = cred->euid;
	exec->egid = cred->egid;
	if (honoured && (inode->mode & S_ISUID))
		exec->euid = inode->uid;
	if (honoured && (inode->mode & S_ISGID) && (inode->mode & S_IXGRP))
		exec->egid = inode->gid;
	exec->secure = exec->euid != cred->uid || exec->egid != cred->gid;
}

static int exec_prepare(struct exec *exec)
{
	int ret;

	if ((ret = read_head(exec)) || (ret = resolve_scripts(exec)) ||
	    (ret = exec_read_elf(exec->file, exec->head, exec->head_len,
				 &exec->image)) ||
	    (ret = open_interp(exec)))
		return ret;
	find_credentials(exec);

	exec->mm = mm_create();
	if (!exec->mm)
		return -ENOMEM;
	if ((ret = exec_load(exec)) || (ret = exec_make_stack(exec)))
		return ret;
	return fd_unshare();
}

/* --- The point of no return ------------------------------------------ */

/* What exec replaces besides the address space, made beforehand. */
struct replacement {
	struct sighand *sighand; /* NULL: keep, it is not shared */
	struct cred *cred;       /* NULL: they do not change */
};

static int prepare_replacement(const struct exec *exec, struct replacement *new)
{
	const struct cred *old = current_cred();
	struct sighand *sighand = current->process->sighand;

	*new = (struct replacement){ 0 };
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
		/* the sighand goes with the caller's unwinding */
		return -ENOMEM;
	cred_become(new->cred, exec->euid, exec->egid);
	return 0;
}

static void drop_replacement(struct replacement *new)
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
	frame->status = TRAP_STATUS_USER;
	fp_reset();
}

static void exec_commit(struct exec *exec, struct replacement *new)
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

/* --- All together ---------------------------------------------------- */

static void exec_free(struct exec *exec)
{
	if (!exec)
		return;
	exec_close(exec->file);
	exec_close(exec->interp);
	if (exec->mm)
		mm_put(exec->mm);
	exec_args_free(&exec->args);
	kfree(exec->name);
	kfree(exec->interp_name);
	kfree(exec);
}

static struct exec *exec_alloc(void)
{
	struct exec *exec = kzalloc(sizeof(*exec));

	if (!exec)
		return NULL;
	exec->name = kmalloc(EXEC_PATH_MAX);
	exec->interp_name = kmalloc(EXEC_PATH_MAX);
	if (!exec->name || !exec->interp_name || exec_args_init(&exec->args)) {
		exec_free(exec);
		return NULL;
	}
	exec->interp_name[0] = '\0';
	return exec;
}

/* The file is open and the arguments are there: do the rest. */
static int exec_run(struct exec *exec)
{
	struct replacement new = { 0 };
	int ret = exec_prepare(exec);

	if (ret)
		return ret;
	ret = prepare_replacement(exec, &new);
	if (!ret)
		ret = process_kill_others();
	if (ret) {
		drop_replacement(&new);
		return ret;
	}
	exec_commit(exec, &new);
	return 0;
}

static int copy_user_args(struct exec *exec,
			  const char __user *const __user *argv,
			  const char __user *const __user *envp)
{
	struct exec_args *args = &exec->args;
	int n = exec_args_add_user(args, argv);

	if (n < 0)
		return n;
	args->argc = (unsigned)n;
	/* Programs rely on argv[0]: an empty vector becomes { "" }. */
	if (!n) {
		int ret = exec_args_add(args, "");

		if (ret)
			return ret;
		args->argc = 1;
	}
	args->arg_len = args->len;
	n = exec_args_add_user(args, envp);
	if (n < 0)
		return n;
	args->envc = (unsigned)n;
	args->env_len = args->len - args->arg_len;
	return 0;
}

long task_exec(int dirfd, const char __user *name,
	       const char __user *const __user *argv,
	       const char __user *const __user *envp, int flags)
{
	struct exec *exec = exec_alloc();
	ssize_t len;
	int ret;

	if (!exec)
		return -ENOMEM;
	len = copy_string_from_user(exec->name, name, EXEC_PATH_MAX);
	ret = len < 0 ? (int)len : 0;
	if (!ret)
		ret = exec_open(dirfd, exec->name, flags, &exec->file);
	if (!ret)
		ret = copy_user_args(exec, argv, envp);
	if (!ret)
		ret = exec_run(exec);
	exec_free(exec);
	return ret;
}

static int add_kernel_strings(struct exec_args *args,
			      const char *const *strings, unsigned *count)
{
	for (*count = 0; strings[*count]; (*count)++) {
		int ret = exec_args_add(args, strings[*count]);

		if (ret)
			return ret;
	}
	return 0;
}

int task_exec_kernel(const char *name, const char *const *argv,
		     const char *const *envp)
{
	struct exec *exec = exec_alloc();
	int ret;

	if (!exec)
		return -ENOMEM;
	strlcpy(exec->name, name, EXEC_PATH_MAX);
	ret = exec_open(AT_FDCWD, exec->name, 0, &exec->file);
	if (!ret)
		ret = add_kernel_strings(&exec->args, argv, &exec->args.argc);
	exec->args.arg_len = exec->args.len;
	if (!ret)
		ret = add_kernel_strings(&exec->args, envp, &exec->args.envc);
	exec->args.env_len = exec->args.len - exec->args.arg_len;
	if (!ret)
		ret = exec_run(exec);
	exec_free(exec);
	return ret;
}
