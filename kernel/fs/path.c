// SPDX-License-Identifier: MIT
/*
 * Places in the name space: references on them, the working directory and root
 * of a task, and their names for getcwd(2) and /proc.
 */
#include <fs/file.h>

#include <string.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/thread.h>
#include <fs/dentry.h>
#include <fs/inode.h>
#include <proc/task.h>

/* Of kernel threads, and what the first process begins with. */
static struct fs_context kernel_context = {
	.refs = REFCOUNT_INIT(1),
	.lock = SPINLOCK_INIT(LOCK_LEAF),
	.umask = 022,
};

void path_get(const struct path *path)
{
	mount_get(path->mount);
	dentry_get(path->dentry);
}

void path_put(struct path *path)
{
	dentry_put(path->dentry);
	mount_put(path->mount);
}

struct fs_context *fs_context_current(void)
{
	if (current_thread()->is_user && current->fs)
		return current->fs;
	return &kernel_context;
}

struct fs_context *fs_context_clone(struct fs_context *old)
{
	struct fs_context *ctx = kmalloc(sizeof(*ctx));

	if (!ctx)
		return NULL;
	refcount_set(&ctx->refs, 1);
	spin_init(&ctx->lock, LOCK_LEAF);
	spin_lock(&old->lock);
	ctx->root = old->root;
	ctx->cwd = old->cwd;
	ctx->umask = old->umask;
	path_get(&ctx->root);
	path_get(&ctx->cwd);
	spin_unlock(&old->lock);
	return ctx;
}

struct fs_context *fs_context_create(void)
{
	return fs_context_clone(&kernel_context);
}

void fs_context_put(struct fs_context *ctx)
{
	if (!refcount_put(&ctx->refs))
		return;
	path_put(&ctx->root);
	path_put(&ctx->cwd);
	kfree(ctx);
}

static void context_replace(struct fs_context *ctx, struct path *member,
			    const struct path *path)
{
	struct path old;

	path_get(path);
	spin_lock(&ctx->lock);
	old = *member;
	*member = *path;
	spin_unlock(&ctx->lock);
	if (old.mount)
		path_put(&old);
}

void fs_context_set_cwd(struct fs_context *ctx, const struct path *cwd)
{
	context_replace(ctx, &ctx->cwd, cwd);
}

void fs_context_set_root(struct fs_context *ctx, const struct path *root)
{
	context_replace(ctx, &ctx->root, root);
}

/* A string that grows to the front. */
struct tail {
	char *buf;
	char *start; /* NULL: it did not fit */
};

static void tail_prepend(struct tail *tail, const char *text, size_t len)
{
	if (!tail->start)
		return;
	if ((size_t)(tail->start - tail->buf) < len) {
		tail->start = NULL;
		return;
	}
	tail->start -= len;
	memcpy(tail->start, text, len);
}

/* The names from the mount's root to dentry. */
static void prepend_within_mount(struct tail *tail, struct mount *mount,
				 struct dentry *dentry)
{
	mutex_lock(&dentry->super->rename_lock);
	while (dentry != mount->root && dentry->parent != dentry) {
		tail_prepend(tail, dentry->name, dentry->name_len);
		tail_prepend(tail, "/", 1);
		dentry = dentry->parent;
	}
	mutex_unlock(&dentry->super->rename_lock);
}

/* Is dentry below or at top?  Caller holds references. */
static bool dentry_is_within(struct dentry *dentry, struct dentry *top)
{
	if (dentry->super != top->super)
		return false;
	while (dentry != top && dentry->parent != dentry)
		dentry = dentry->parent;
	return dentry == top;
}

char *path_to_string(const struct path *path, char *buf, size_t len)
{
	struct tail tail = { .buf = buf, .start = buf + len };
	struct fs_context *ctx = fs_context_current();
	struct path at = *path;
	struct path root, parent;
	bool reached;

	spin_lock(&ctx->lock);
	root = ctx->root;
	path_get(&root);
	spin_unlock(&ctx->lock);

	tail_prepend(&tail, "", 1);
	if (!dentry_has(at.dentry, DENTRY_HASHED) &&
	    at.dentry->parent != at.dentry &&
	    !dentry_has(at.dentry, DENTRY_VOLATILE))
		tail_prepend(&tail, " (deleted)", 10);
	path_get(&at);
	for (;;) {
		struct mount stop = { .root = root.dentry };

		reached = at.mount == root.mount &&
			  dentry_is_within(at.dentry, root.dentry);
		prepend_within_mount(&tail, reached ? &stop : at.mount,
				     at.dentry);
		if (reached || !mount_parent(at.mount, &parent))
			break;
		path_put(&at);
		at = parent;
	}
	if (tail.start && tail.start[0] != '/')
		tail_prepend(&tail, "/", 1);
	if (!reached)
		tail_prepend(&tail, "(unreachable)", 13);
	path_put(&at);
	path_put(&root);
	return tail.start;
}
