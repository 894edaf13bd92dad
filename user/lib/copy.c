// SPDX-License-Identifier: MIT
/*
 * Copying and removing trees, for cp, mv and rm.  Hard links between copied
 * files are not kept.
 */
#include "copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util.h"

bool ask_user(const char *question, const char *path)
{
	int first, c;

	fprintf(stderr, "%s: %s %s? ", prog_name, question, path);
	first = c = getchar();
	while (c != '\n' && c != EOF)
		c = getchar();
	return first == 'y' || first == 'Y';
}

int for_each_target(int count, char **operands, bool to_file, target_fn *act,
		    const struct copy_options *options)
{
	const char *target = count ? operands[count - 1] : NULL;
	int status = 0;
	struct stat st;

	if (count < 2) {
		warn_msg(count ? "target operand expected"
			       : "operands expected");
		return 2;
	}
	if (to_file || stat(target, &st) || !S_ISDIR(st.st_mode)) {
		if (count == 2)
			return act(operands[0], target, options);
		warn_msg("%s: not a directory", target);
		return 1;
	}
	for (int i = 0; i < count - 1; i++) {
		char *name = xstrdup(path_base(operands[i]));
		size_t len = strlen(name);
		char *path;

		if (len > 1 && name[len - 1] == '/')
			name[len - 1] = '\0';
		path = path_join(target, name);
		status |= act(operands[i], path, options);
		free(path);
		free(name);
	}
	return status;
}

/* Times, owner and mode, in this order: chown clears the set-id bits. */
static void copy_attributes(const char *target, const struct stat *st)
{
	struct timespec times[2] = { st->st_atim, st->st_mtim };

	/* Owners can be kept by root alone: failing here is no error. */
	if (lchown(target, st->st_uid, st->st_gid) && errno != EPERM)
		warn_errno("%s", target);
	if (!S_ISLNK(st->st_mode) && chmod(target, st->st_mode & 07777))
		warn_errno("%s", target);
	utimensat(AT_FDCWD, target, times, AT_SYMLINK_NOFOLLOW);
}

static int copy_open_target(const char *target, mode_t mode,
			    const struct copy_options *options)
{
	int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
	int fd = open(target, flags, mode & 0777);

	if (fd < 0 && options->force && unlink(target) == 0)
		fd = open(target, flags, mode & 0777);
	if (fd < 0)
		warn_errno("%s", target);
	return fd;
}

static int copy_regular(const char *source, const char *target, mode_t mode,
			const struct copy_options *options)
{
	bool in_failed = false;
	int status = 0;
	int in, out;

	in = open(source, O_RDONLY | O_CLOEXEC);
	if (in < 0) {
		warn_errno("%s", source);
		return 1;
	}
	out = copy_open_target(target, mode, options);
	if (out < 0) {
		close(in);
		return 1;
	}
	if (copy_fd(in, out, &in_failed)) {
		warn_errno("%s", in_failed ? source : target);
		status = 1;
	}
	if (close(out)) {
		warn_errno("%s", target);
		status = 1;
	}
	close(in);
	return status;
}

static int copy_link(const char *source, const char *target)
{
	char link[4096];
	ssize_t len = readlink(source, link, sizeof(link) - 1);

	if (len < 0) {
		warn_errno("%s", source);
		return 1;
	}
	link[len] = '\0';
	unlink(target); /* symlink() says what is wrong if this did not help */
	if (symlink(link, target)) {
		warn_errno("%s", target);
		return 1;
	}
	return 0;
}

struct copy_dir_arg {
	const char *target;
	const struct copy_options *options;
};

static int copy_dir_entry(const char *path, const char *name, void *arg)
{
	const struct copy_dir_arg *dir = arg;
	char *target = path_join(dir->target, name);
	int status = copy_tree(path, target, dir->options);

	free(target);
	return status;
}

/* Whether dir is target or lies above it, which would never end. */
static bool copy_into_itself(const struct stat *source, const char *target)
{
	char *path = xstrdup(target);
	bool found = false;
	struct stat st;

	for (;;) {
		char *slash = strrchr(path, '/');

		if (stat(path, &st) == 0 && st.st_dev == source->st_dev &&
		    st.st_ino == source->st_ino)
			found = true;
		if (!slash || found)
			break;
		*slash = '\0';
	}
	free(path);
	return found;
}

static int copy_dir(const char *source, const char *target,
		    const struct stat *st, const struct copy_options *options)
{
	struct copy_dir_arg arg = { target, options };
	int status;

	if (!options->recursive) {
		warn_msg("%s: is a directory (-r copies it)", source);
		return 1;
	}
	if (copy_into_itself(st, target)) {
		warn_msg("%s: cannot copy into itself", source);
		return 1;
	}
	if (mkdir(target, (st->st_mode & 0777) | 0700) && errno != EEXIST) {
		warn_errno("%s", target);
		return 1;
	}
	status = dir_for_each(source, copy_dir_entry, &arg);
	if (!options->preserve)
		chmod(target, st->st_mode & 0777);
	return status;
}

static int copy_one(const char *source, const char *target,
		    const struct stat *st, const struct copy_options *options)
{
	switch (st->st_mode & S_IFMT) {
	case S_IFDIR:
		return copy_dir(source, target, st, options);
	case S_IFLNK:
		return copy_link(source, target);
	case S_IFREG:
		return copy_regular(source, target, st->st_mode, options);
	default:
		if (!options->recursive)
			return copy_regular(source, target, 0666, options);
		if (mknod(target, st->st_mode, st->st_rdev) == 0)
			return 0;
		warn_errno("%s", target);
		return 1;
	}
}

int copy_tree(const char *source, const char *target,
	      const struct copy_options *options)
{
	struct stat st, old;
	int status;

	if (options->follow_links ? stat(source, &st) : lstat(source, &st)) {
		warn_errno("%s", source);
		return 1;
	}
	if (stat(target, &old) == 0) {
		if (old.st_dev == st.st_dev && old.st_ino == st.st_ino) {
			warn_msg("%s and %s are the same file", source, target);
			return 1;
		}
		if (options->ask && !S_ISDIR(old.st_mode) &&
		    !ask_user("overwrite", target))
			return 0;
	}
	if (options->verbose)
		printf("%s -> %s\n", source, target);
	status = copy_one(source, target, &st, options);
	if (!status && options->preserve)
		copy_attributes(target, &st);
	return status;
}

static int remove_entry(const char *path, const char *name, void *arg)
{
	(void)name;
	(void)arg;
	return remove_tree(path);
}

int remove_tree(const char *path)
{
	struct stat st;
	int status = 0;

	if (lstat(path, &st)) {
		warn_errno("%s", path);
		return 1;
	}
	if (S_ISDIR(st.st_mode))
		status = dir_for_each(path, remove_entry, NULL);
	if (!status && (S_ISDIR(st.st_mode) ? rmdir(path) : unlink(path))) {
		warn_errno("%s", path);
		status = 1;
	}
	return status;
}
