// SPDX-License-Identifier: MIT
/*
 * From names to places: the path walk.  See path_resolution(7).
 *
 * A walk owns a reference on the place where it is and takes a step for each
 * component.  Symbolic links do not nest: the target, with what was left of
 * the name behind it, becomes the new rest of the walk, in a buffer of its own;
 * forty of them are the limit.
 */
#include "namei.h"

#include <string.h>

#include <linux/fcntl.h>
#include <linux/limits.h>
#include <linux/stat.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <fs/dentry.h>
#include <fs/file.h>
#include <fs/inode.h>

#define LINKS_MAX 40

static bool walk_is_confined(const struct walk *walk)
{
	return walk->flags & (LOOKUP_BENEATH | LOOKUP_IN_ROOT);
}

static void walk_set_path(struct walk *walk, const struct path *path)
{
	path_put(&walk->path);
	walk->path = *path;
}

/* Where absolute names start, owned. */
static void walk_root(const struct walk *walk, struct path *root)
{
	struct fs_context *ctx = fs_context_current();

	if (walk->flags & LOOKUP_IN_ROOT) {
		*root = walk->base;
		path_get(root);
		return;
	}
	spin_lock(&ctx->lock);
	*root = ctx->root;
	path_get(root);
	spin_unlock(&ctx->lock);
}

static int start_at_fd(struct walk *walk, int dirfd, const char *name)
{
	struct file *file = fd_get_any(dirfd);
	int ret = -ENOTDIR;

	if (!file)
		return -EBADF;
	if (file->path.dentry && (!*name || S_ISDIR(file->inode->mode))) {
		walk->path = file->path;
		path_get(&walk->path);
		ret = 0;
	}
	fd_put(file);
	return ret;
}

static int walk_start(struct walk *walk, int dirfd, const char *name)
{
	struct fs_context *ctx;

	if (*name == '/' && !walk_is_confined(walk)) {
		walk_root(walk, &walk->path);
		return 0;
	}
	if (dirfd != AT_FDCWD)
		return start_at_fd(walk, dirfd, name);
	ctx = fs_context_current();
	spin_lock(&ctx->lock);
	walk->path = ctx->cwd;
	path_get(&walk->path);
	spin_unlock(&ctx->lock);
	return 0;
}

int walk_begin(struct walk *walk, int dirfd, const char *name, unsigned flags)
{
	int ret;

	walk->path.mount = NULL;
	walk->base.mount = NULL;
	walk->name = name;
	walk->buf = NULL;
	walk->flags = flags;
	walk->nr_links = 0;
	if (!*name && !(flags & LOOKUP_EMPTY))
		return -ENOENT;
	ret = walk_start(walk, dirfd, name);
	if (ret)
		return ret;
	if (walk_is_confined(walk)) {
		walk->base = walk->path;
		path_get(&walk->base);
		if (*name == '/' && (flags & LOOKUP_BENEATH))
			return -EXDEV;
	}
	return 0;
}

void walk_end(struct walk *walk)
{
	if (walk->path.mount)
		path_put(&walk->path);
	if (walk->base.mount)
		path_put(&walk->base);
	kfree(walk->buf);
}

/* From a mount point to what is mounted there, however many deep. */
static int walk_cross_mounts(struct walk *walk)
{
	struct mount *mount;

	while (unlikely(dentry_has(walk->path.dentry, DENTRY_MOUNTED)) &&
	       (mount = mount_lookup(&walk->path)) != NULL) {
		struct path over = { mount, dentry_get(mount->root) };

		walk_set_path(walk, &over);
		if (walk->flags & LOOKUP_NO_XDEV)
			return -EXDEV;
	}
	return 0;
}

static bool walk_is_at_root(const struct walk *walk)
{
	struct fs_context *ctx = fs_context_current();
	bool at_root;

	if (walk_is_confined(walk))
		return path_equal(&walk->path, &walk->base);
	spin_lock(&ctx->lock);
	at_root = path_equal(&walk->path, &ctx->root);
	spin_unlock(&ctx->lock);
	return at_root;
}

static int walk_dotdot(struct walk *walk)
{
	struct path up;

	for (;;) {
		if (walk_is_at_root(walk))
			return walk->flags & LOOKUP_BENEATH ? -EXDEV : 0;
		if (walk->path.dentry != walk->path.mount->root)
			break;
		/* The top of a mount: first down to what it covers. */
		if (!mount_parent(walk->path.mount, &up))
			return 0;
		walk_set_path(walk, &up);
		if (walk->flags & LOOKUP_NO_XDEV)
			return -EXDEV;
	}
	/* A rename may change the parent while we reach for it. */
	mutex_lock(&walk->path.dentry->super->rename_lock);
	up.dentry = dentry_get(walk->path.dentry->parent);
	mutex_unlock(&walk->path.dentry->super->rename_lock);
	up.mount = walk->path.mount;
	mount_get(up.mount);
	walk_set_path(walk, &up);
	return walk_cross_mounts(walk);
}

/* The target of the link, with rest behind it, becomes what is to be walked. */
static int walk_take_target(struct walk *walk, struct inode *link,
			    const char *rest)
{
	size_t rest_len = strlen(rest);
	struct path root;
	ssize_t len;
	char *buf;

	buf = kmalloc(PATH_MAX);
	if (!buf)
		return -ENOMEM;
	len = link->ops->readlink(link, buf, PATH_MAX);
	if (len == 0)
		len = -ENOENT;
	if (len > 0 && rest_len >= PATH_MAX - (size_t)len)
		len = -ENAMETOOLONG;
	if (len < 0) {
		kfree(buf);
		return (int)len;
	}
	memcpy(buf + len, rest, rest_len + 1);
	kfree(walk->buf);
	walk->buf = buf;
	walk->name = buf;
	if (*buf != '/')
		return 0;
	if (walk->flags & LOOKUP_BENEATH)
		return -EXDEV;
	walk_root(walk, &root);
	walk_set_path(walk, &root);
	return 0;
}

/* rest: what follows the link's name, from its slash on. */
static int walk_follow(struct walk *walk, struct inode *link, const char *rest)
{
	struct path target;
	int ret;

	if (walk->flags & LOOKUP_NO_SYMLINKS)
		return -ELOOP;
	if (walk->nr_links++ == LINKS_MAX)
		return -ELOOP;
	inode_touch_atime(link);
	if (!link->ops->follow) {
		if (!link->ops->readlink)
			return -EINVAL;
		return walk_take_target(walk, link, rest);
	}
	if ((walk->flags & LOOKUP_NO_MAGIC) || walk_is_confined(walk))
		return -ELOOP;
	ret = link->ops->follow(link, &target);
	if (ret)
		return ret;
	walk_set_path(walk, &target);
	walk->name = rest;
	return 0;
}

static int walk_check_dir(const struct walk *walk)
{
	struct inode *dir = dentry_inode(walk->path.dentry);

	if (unlikely(!S_ISDIR(dir->mode)))
		return -ENOTDIR;
	return inode_permission(dir, MAY_EXEC);
}

int walk_lookup_last(struct walk *walk, struct dentry **result)
{
	struct dentry *parent = walk->path.dentry;
	struct dentry *dentry;

	dentry = dentry_find_hashed(parent, walk->last, walk->last_len,
				    walk->last_hash);
	if (likely(dentry && !dentry_has(dentry, DENTRY_VOLATILE))) {
		*result = dentry;
		return 0;
	}
	if (dentry)
		dentry_put(dentry);
	return dentry_lookup(parent, walk->last, walk->last_len, result);
}

int walk_enter_dentry(struct walk *walk, struct dentry *dentry, bool follow)
{
	struct inode *inode = dentry_inode(dentry);
	int ret;

	if (!inode) {
		dentry_put(dentry);
		return -ENOENT;
	}
	if (follow && S_ISLNK(inode->mode)) {
		/* walk->last may lie in the buffer that the target replaces. */
		ret = walk_follow(walk, inode, walk->last + walk->last_len);
		dentry_put(dentry);
		return ret ? ret : 1;
	}
	dentry_put(walk->path.dentry);
	walk->path.dentry = dentry;
	walk->name = walk->last + walk->last_len;
	return walk_cross_mounts(walk);
}

int walk_enter_last(struct walk *walk, bool follow)
{
	struct dentry *dentry;
	int ret;

	if (walk->last[0] == '.' && walk_last_is_dots(walk)) {
		walk->name = walk->last + walk->last_len;
		return walk->last_len == 2 ? walk_dotdot(walk) : 0;
	}
	ret = walk_lookup_last(walk, &dentry);
	if (ret)
		return ret;
	return walk_enter_dentry(walk, dentry, follow);
}

/* Split off the next component of walk->name into walk->last. */
static const char *walk_next_component(struct walk *walk)
{
	const char *p = walk->name;
	uint32_t hash = 0;

	while (*p == '/')
		p++;
	walk->last = p;
	for (; *p && *p != '/'; p++)
		hash = dentry_hash_step(hash, *p);
	walk->last_len = (uint32_t)(p - walk->last);
	walk->last_hash = hash;
	return p;
}

int walk_to_parent(struct walk *walk)
{
	int ret;

	for (;;) {
		const char *end = walk_next_component(walk);
		const char *next = end;

		if (!walk->last_len) {
			walk->trailing_slash = walk->last != walk->name;
			return 0;
		}
		ret = walk_check_dir(walk);
		if (ret)
			return ret;
		if (walk->last_len > NAME_LEN_MAX)
			return -ENAMETOOLONG;
		while (*next == '/')
			next++;
		if (!*next) {
			walk->trailing_slash = next != end;
			return 0;
		}
		ret = walk_enter_last(walk, true);
		if (ret < 0)
			return ret;
	}
}

/* Walk all of it; walk->path is the result. */
static int walk_all(struct walk *walk)
{
	int ret;

	do {
		ret = walk_to_parent(walk);
		if (ret || !walk->last_len)
			break;
		ret = walk_enter_last(walk, (walk->flags & LOOKUP_FOLLOW) ||
						    walk->trailing_slash);
	} while (ret == 1);
	if (ret)
		return ret;
	if ((walk->trailing_slash || (walk->flags & LOOKUP_DIRECTORY)) &&
	    !S_ISDIR(dentry_inode(walk->path.dentry)->mode))
		return -ENOTDIR;
	return 0;
}

int path_lookup(int dirfd, const char *name, unsigned flags,
		struct path *result)
{
	struct walk walk;
	int ret;

	ret = walk_begin(&walk, dirfd, name, flags);
	if (!ret)
		ret = walk_all(&walk);
	if (!ret) {
		*result = walk.path;
		walk.path.mount = NULL;
	}
	walk_end(&walk);
	return ret;
}

int path_lookup_parent(int dirfd, const char *name, struct path *parent,
		       char *last, bool *trailing_slash)
{
	struct walk walk;
	int ret;

	ret = walk_begin(&walk, dirfd, name, 0);
	if (!ret)
		ret = walk_to_parent(&walk);
	if (!ret) {
		memcpy(last, walk.last, walk.last_len);
		last[walk.last_len] = '\0';
		*trailing_slash = walk.trailing_slash;
		*parent = walk.path;
		walk.path.mount = NULL;
	}
	walk_end(&walk);
	return ret;
}
