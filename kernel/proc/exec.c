// SPDX-License-Identifier: MIT
/*
 * execve(2): another program in the same process.
 *
 * The new address space is made completely, arguments and all, beside the old
 * one; until then every failure leaves the caller as it was.  The rest is
 * exec_commit(), which cannot fail.
 */
#include <string.h>

#include <linux/fcntl.h>
#include <linux/mount.h>
#include <linux/stat.h>

#include <core/alloc.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <fs/mount.h>
#include <lib/errno.h>
#include <mm/mm.h>
#include <mm/usercopy.h>
#include <proc/task.h>

#include "exec_internal.h"
#include "proc_internal.h"

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

	if ((ret = exec_read_head(exec)) ||
	    (ret = exec_resolve_scripts(exec)) ||
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
	struct exec_replacement new = { 0 };
	int ret = exec_prepare(exec);

	if (ret)
		return ret;
	ret = exec_prepare_replacement(exec, &new);
	if (!ret)
		ret = process_kill_others();
	if (ret) {
		exec_drop_replacement(&new);
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
