// SPDX-License-Identifier: MIT
/*
 * What files without a name (pipes, epoll and event files, memory files) have
 * for an inode: a super block that is mounted nowhere, with one inode for all
 * files of a type.
 */
#include <linux/stat.h>

#include <string.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <fs/file.h>
#include <fs/inode.h>

static const struct super_ops anon_super_ops = { 0 };
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
