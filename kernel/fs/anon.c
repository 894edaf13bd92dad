// SPDX-License-Identifier: MIT
/*
 * What files without a name (pipes, epoll and event files, memory files) have
 * for an inode: a super block that is mounted nowhere, with one inode for all
 * files of a type.
 */
#include <linux/stat.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <fs/dentry.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <ipc/pipe.h>
#include <proc/cred.h>

/* Inodes of anon_make_path() keep a pipe. */
static void anon_evict_inode(struct inode *inode)
{
	if (S_ISFIFO(inode->mode))
		pipe_unref(inode->private);
}

static const struct super_ops anon_super_ops = {
	.evict_inode = anon_evict_inode,
};
static const struct inode_ops anon_inode_ops = { 0 };
static struct fs_type anon_type = { .name = "anon_inodefs" };

static struct super anon_super = {
	.ops = &anon_super_ops,
	.type = &anon_type,
	.block_size = PAGE_SIZE,
	.max_size = INT64_MAX,
	.inodes = TAILQ_HEAD_INITIALIZER(anon_super.inodes),
	.dirty = TAILQ_HEAD_INITIALIZER(anon_super.dirty),
	.inodes_lock = SPINLOCK_INIT(LOCK_LEAF),
};

static struct inode *plain, *fifo, *sock; /* [I] */

struct inode *anon_inode(uint32_t type)
{
	if (type == S_IFIFO)
		return fifo;
	return type == S_IFSOCK ? sock : plain;
}

/* In no tree: what "is mounted here" means for places without a name. */
static struct mount anon_mount = {
	.refs = REFCOUNT_INIT(1),
	.super = &anon_super,
};

int anon_make_path(uint32_t mode, const struct file_ops *ops, void *private,
		   struct path *result)
{
	struct inode *inode = inode_new_private(&anon_super, 4);
	const struct cred *cred = current_cred();

	if (!inode)
		return -ENOMEM;
	result->dentry = dentry_make_root(inode);
	if (!result->dentry)
		return -ENOMEM; /* private is the caller's still: mode is 0 */
	inode->ops = &anon_inode_ops;
	inode->file_ops = ops;
	inode->private = private;
	inode->mode = mode;
	inode->uid = cred->fsuid;
	inode->gid = cred->fsgid;
	inode->mapping.no_writeback = true;
	inode_ready(inode);
	mount_get(&anon_mount);
	result->mount = &anon_mount;
	return 0;
}

static struct inode *anon_make(uint64_t ino, uint32_t mode)
{
	struct inode *inode = inode_new(&anon_super, ino);

	if (!inode)
		panic("no memory for the anonymous inodes");
	inode->ops = &anon_inode_ops;
	inode->mode = mode;
	inode->mapping.no_writeback = true;
	inode_ready(inode);
	return inode;
}

void anon_init(void)
{
	plain = anon_make(1, 0600);
	fifo = anon_make(2, S_IFIFO | 0600);
	sock = anon_make(3, S_IFSOCK | 0777);
}
