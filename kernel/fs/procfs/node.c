// SPDX-License-Identifier: MIT
/*
 * procfs: directories, links and the file system itself.
 *
 * Nothing is kept: each look-up makes an inode that dies with its last user,
 * under a volatile dentry, which is asked whether its process still lives each
 * time that it is found.
 */
#include <fs/procfs/procfs.h>

#include <stdio.h>
#include <string.h>

#include <linux/magic.h>
#include <linux/stat.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <fs/dentry.h>
#include <fs/file.h>
#include <proc/cred.h>
#include <proc/task.h>

#include "procfs_internal.h"

#define ROOT_INO    1
#define DYNAMIC_POS 256 /* positions of numbers begin here */
#define DT_DIR      4
#define DT_LNK      10

static struct slab_cache *node_slab;

static uint32_t entry_mode(const struct proc_entry *entry)
{
	if (entry->show)
		return S_IFREG | entry->mode;
	if (entry->link || entry->follow)
		return S_IFLNK | entry->mode;
	return S_IFDIR | entry->mode;
}

/* Different for different names, and the same each time. */
static uint64_t node_ino(const struct proc_node *node, unsigned number)
{
	uint64_t ino = (uintptr_t)node->entry / 8 & 0xffff;

	if (node->process)
		ino |= (uint64_t)node->process->pid << 32;
	return ino << 8 | (number & 0xff);
}

static void inode_set_ops(struct inode *inode, const struct proc_entry *entry)
{
	inode->mode = entry_mode(entry);
	if (S_ISREG(inode->mode)) {
		inode->ops = &proc_file_inode_ops;
		inode->file_ops = &proc_file_ops;
	} else if (S_ISLNK(inode->mode)) {
		inode->ops = entry->follow ? &proc_magic_ops : &proc_link_ops;
	} else {
		inode->ops = &proc_dir_ops;
		inode->file_ops = &proc_dir_file_ops;
		inode->nlink = 2;
	}
}

/* Entries of a process belong to who it runs as. */
static void inode_set_owner(struct inode *inode, const struct proc_node *node)
{
	const struct cred *cred;
	struct task *task;

	if (!node->process)
		return;
	task = node->task ? node->task : node->process->leader;
	if (!task)
		return;
	cred = task_get_cred(task);
	inode->uid = cred->euid;
	inode->gid = cred->egid;
	cred_put(cred);
}

static void node_free(struct proc_node *node)
{
	if (node->task)
		task_put(node->task);
	if (node->process)
		process_put(node->process);
	slab_free(node_slab, node);
}

int proc_inode_make(struct super *super, const struct inode *dir,
		    const struct proc_node *node, unsigned number,
		    struct inode **result)
{
	struct proc_node *copy = slab_alloc(node_slab);
	struct inode *inode;

	if (!copy)
		return -ENOMEM;
	inode = inode_new_private(super,
				  dir ? node_ino(node, number) : ROOT_INO);
	if (!inode) {
		slab_free(node_slab, copy);
		return -ENOMEM;
	}
	*copy = *node;
	if (copy->process)
		process_get(copy->process);
	if (copy->task)
		task_get(copy->task);
	inode->private = copy;
	inode->mapping.no_writeback = true;
	inode_set_ops(inode, node->entry);
	inode_set_owner(inode, node);
	inode->atime = inode->mtime = inode->ctime = fs_time_now();
	inode_ready(inode);
	*result = inode;
	return 0;
}

static bool parse_number(const char *name, size_t len, unsigned *number)
{
	if (len == 0 || len > 9 || (name[0] == '0' && len > 1))
		return false;
	for (*number = 0; len--; name++) {
		if (*name < '0' || *name > '9')
			return false;
		*number = *number * 10 + (unsigned)(*name - '0');
	}
	return true;
}

static const struct proc_entry *entry_find(const struct proc_entry *entry,
					   const char *name, size_t len)
{
	for (; entry && entry->name; entry++) {
		if (strlen(entry->name) == len &&
		    !memcmp(entry->name, name, len))
			return entry;
	}
	return NULL;
}

static int proc_lookup(struct inode *dir, struct dentry *dentry)
{
	const struct proc_node *node = dir->private;
	const struct proc_dynamic *dynamic = node->entry->dynamic;
	struct proc_node child = *node;
	struct inode *inode;
	unsigned number = 0;
	int ret;

	atomic_fetch_or(&dentry->flags, DENTRY_VOLATILE);
	child.entry = entry_find(node->entry->children, dentry->name,
				 dentry->name_len);
	if (child.entry) {
		ret = proc_inode_make(dir->super, dir, &child, 0, &inode);
	} else {
		if (!dynamic ||
		    !parse_number(dentry->name, dentry->name_len, &number) ||
		    dynamic->find(node, number, &child))
			return 0; /* negative */
		ret = proc_inode_make(dir->super, dir, &child, number, &inode);
		if (child.process && child.process != node->process)
			process_put(child.process);
		if (child.task && child.task != node->task)
			task_put(child.task);
	}
	if (!ret)
		dentry_set_inode(dentry, inode);
	return ret;
}

/* Does the number still belong to the process that the inode stands for? */
static bool proc_revalidate(struct inode *inode)
{
	const struct proc_node *node = inode->private;
	struct process *process;
	bool same;

	if (!node->process)
		return true;
	if (node->fd >= 0)
		return false; /* descriptors change all the time */
	process = process_find(node->process->pid);
	same = process == node->process;
	if (process)
		process_put(process);
	return same;
}

static bool emit_fixed(const struct proc_node *node, struct dir_context *ctx)
{
	const struct proc_entry *entries = node->entry->children;
	off_t nr = 0;

	for (; entries && entries[nr].name; nr++) {
		const struct proc_entry *entry = &entries[nr];
		struct proc_node child = *node;

		if (ctx->pos > nr + 2)
			continue;
		child.entry = entry;
		if (!ctx->emit(ctx, entry->name, strlen(entry->name), nr + 3,
			       node_ino(&child, 0), entry_mode(entry) >> 12))
			return false;
		ctx->pos = nr + 3;
	}
	return true;
}

static void emit_numbers(const struct proc_node *node, struct dir_context *ctx)
{
	unsigned number;
	char name[12];
	int len;

	ctx->pos = MAX(ctx->pos, (off_t)DYNAMIC_POS);
	number = (unsigned)(ctx->pos - DYNAMIC_POS);
	while (node->entry->dynamic->next(node, &number)) {
		off_t next = DYNAMIC_POS + (off_t)number + 1;

		len = snprintf(name, sizeof(name), "%u", number);
		if (!ctx->emit(ctx, name, (size_t)len, next, number + 1ull,
			       node->entry->name &&
					       !strcmp(node->entry->name, "fd")
				       ? DT_LNK
				       : DT_DIR))
			break;
		ctx->pos = next;
		number++;
	}
}

static int proc_readdir(struct file *file, struct dir_context *ctx)
{
	const struct proc_node *node = file->inode->private;

	if (!dir_emit_dots(file, ctx))
		return 0;
	if (emit_fixed(node, ctx) && node->entry->dynamic)
		emit_numbers(node, ctx);
	return 0;
}

static ssize_t proc_readlink(struct inode *inode, char *buf, size_t len)
{
	const struct proc_node *node = inode->private;

	/* -EINVAL: it has no text but what it leads to. */
	return node->entry->link ? node->entry->link(node, buf, len) : -EINVAL;
}

static int proc_follow(struct inode *inode, struct path *result)
{
	const struct proc_node *node = inode->private;

	return node->entry->follow(node, result);
}

const struct inode_ops proc_dir_ops = {
	.lookup = proc_lookup,
	.revalidate = proc_revalidate,
};

const struct file_ops proc_dir_file_ops = {
	.readdir = proc_readdir,
	.seek = generic_dir_seek,
};

/* Links that are text ... */
const struct inode_ops proc_link_ops = {
	.readlink = proc_readlink,
	.revalidate = proc_revalidate,
};

/* ... and those that lead to a place, whatever its name is. */
const struct inode_ops proc_magic_ops = {
	.readlink = proc_readlink,
	.follow = proc_follow,
	.revalidate = proc_revalidate,
};

static int proc_statfs(struct super *super, struct fs_stat *stat)
{
	(void)super;
	stat->type = PROC_SUPER_MAGIC;
	return 0;
}

static void proc_evict_inode(struct inode *inode)
{
	node_free(inode->private);
}

static const struct super_ops proc_super_ops = {
	.evict_inode = proc_evict_inode,
	.statfs = proc_statfs,
};

static const struct proc_entry proc_root = {
	.mode = 0555,
	.children = proc_root_entries,
	.dynamic = &proc_processes,
};

static int proc_mount(struct super *super, const char *options)
{
	struct proc_node node = { .entry = &proc_root, .fd = -1 };
	struct inode *inode;
	int ret;

	(void)options;
	super->ops = &proc_super_ops;
	ret = proc_inode_make(super, NULL, &node, 0, &inode);
	if (ret)
		return ret;
	super->root = dentry_make_root(inode);
	return super->root ? 0 : -ENOMEM;
}

static struct fs_type proc_type = {
	.name = "proc",
	.noauto = true,
	.mount = proc_mount,
};

void procfs_init(void)
{
	node_slab = slab_cache_create("proc_node", sizeof(struct proc_node), 8,
				      NULL);
	fs_type_register(&proc_type);
}
