// SPDX-License-Identifier: MIT
/*
 * Parents and children among dentries: renaming, and letting go of all below
 * one.
 */
#include "dentry_internal.h"

#include <string.h>

#include <core/panic.h>
#include <fs/inode.h>

void dentry_attach(struct dentry *parent, struct dentry *dentry)
{
	spin_lock(&parent->lock);
	LIST_INSERT_HEAD(&parent->children, dentry, sibling);
	spin_unlock(&parent->lock);
}

void dentry_detach(struct dentry *parent, struct dentry *dentry)
{
	spin_lock(&parent->lock);
	LIST_REMOVE(dentry, sibling);
	spin_unlock(&parent->lock);
}

/* Out of all lists: rename gives it a new place. */
static void dentry_place(struct dentry *dentry, struct dentry *parent)
{
	struct dentry *old_parent = dentry->parent;

	if (old_parent != parent) {
		dentry_get(parent);
		dentry_detach(old_parent, dentry);
		dentry->parent = parent;
		dentry_attach(parent, dentry);
		dentry_put(old_parent);
	}
	dentry->hash = dcache_hash(parent, dentry->name, dentry->name_len);
	dcache_insert(dentry);
}

/* In no bucket, so nobody compares the names meanwhile. */
static void names_swap(struct dentry *a, struct dentry *b)
{
	char inline_a[DENTRY_INLINE];
	const char *name_a = a->name;
	bool a_is_inline = name_a == a->inline_name;
	uint16_t len_a = a->name_len;

	memcpy(inline_a, a->inline_name, DENTRY_INLINE);
	memcpy(a->inline_name, b->inline_name, DENTRY_INLINE);
	memcpy(b->inline_name, inline_a, DENTRY_INLINE);
	a->name = b->name == b->inline_name ? a->inline_name : b->name;
	a->name_len = b->name_len;
	b->name = a_is_inline ? b->inline_name : name_a;
	b->name_len = len_a;
}

void dentry_move(struct dentry *dentry, struct dentry *target)
{
	ASSERT(mutex_is_held(&dentry->super->rename_lock));
	dentry_drop(dentry);
	dentry_drop(target);
	names_swap(dentry, target);
	dentry_place(dentry, target->parent);
}

void dentry_exchange(struct dentry *a, struct dentry *b)
{
	struct dentry *parent_a = dentry_get(a->parent);
	struct dentry *parent_b = dentry_get(b->parent);

	ASSERT(mutex_is_held(&a->super->rename_lock));
	dentry_drop(a);
	dentry_drop(b);
	names_swap(a, b);
	dentry_place(a, parent_b);
	dentry_place(b, parent_a);
	dentry_put(parent_a);
	dentry_put(parent_b);
}

/* parent->lock held.  An unused child, seized; *busy: try again later. */
static struct dentry *child_seize(struct dentry *parent, bool *busy)
{
	struct dentry *child;

	LIST_FOREACH (child, &parent->children, sibling) {
		if (dcache_seize(child, busy))
			return child;
	}
	return NULL;
}

void dentry_prune_children(struct dentry *parent)
{
	struct dentry *child;
	bool busy;

	do {
		busy = false;
		spin_lock(&parent->lock);
		child = child_seize(parent, &busy);
		spin_unlock(&parent->lock);
		if (child) {
			dcache_forget(child);
			dentry_put(dentry_free(child));
		}
	} while (child || busy);
}

/* The first pinned child, which nobody else touches any more; or NULL. */
static struct dentry *child_pinned(struct dentry *parent)
{
	struct dentry *child;

	spin_lock(&parent->lock);
	LIST_FOREACH (child, &parent->children, sibling) {
		if (dentry_has(child, DENTRY_PINNED))
			break;
	}
	spin_unlock(&parent->lock);
	return child;
}

void dentry_unpin_tree(struct dentry *root)
{
	struct dentry *dentry = root;

	for (;;) {
		struct dentry *child, *parent;

		dentry_prune_children(dentry);
		child = child_pinned(dentry);
		if (child) {
			dentry = child;
			continue;
		}
		if (dentry == root)
			return;
		parent = dentry->parent;
		dentry_drop(dentry);
		dentry_unpin(dentry);
		dentry = parent;
	}
}
