// SPDX-License-Identifier: MIT
/*
 * Finding what execve(2) is to run: the file, and the interpreter of a script.
 *
 * Belongs to the thread that is in exec; no locks.  May sleep.
 */
#include <string.h>

#include <linux/fcntl.h>
#include <linux/mount.h>
#include <linux/stat.h>

#include <fs/dentry.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <fs/mount.h>
#include <lib/errno.h>

#include "exec_internal.h"

#define SCRIPT_DEPTH_MAX 4 /* interpreters that are scripts themselves */

static int check_executable(const struct path *path)
{
	struct inode *inode = dentry_inode(path->dentry);

	if (!S_ISREG(inode->mode) || (path->mount->flags & MS_NOEXEC))
		return -EACCES;
	return inode_permission(inode, MAY_EXEC);
}

/* The file, with writers kept out until exec_close(). */
int exec_open(int dirfd, const char *name, int flags, struct file **file)
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

void exec_close(struct file *file)
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

int exec_read_head(struct exec *exec)
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
	return ret ? ret : exec_read_head(exec);
}

int exec_resolve_scripts(struct exec *exec)
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
