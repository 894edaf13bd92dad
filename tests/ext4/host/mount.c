// SPDX-License-Identifier: MIT
/* Mounting, writing everything back, letting go of caches. */
#include <stdlib.h>
#include <string.h>

#include <core/panic.h>
#include <core/thread.h>
#include <fs/buffer.h>
#include <mm/page.h>

#include "host_internal.h"

static struct fs_type *types;
bool host_probing;

void fs_type_register(struct fs_type *type)
{
	type->next = types;
	types = type;
}

int host_mount(struct host_disk *disk, const char *name, bool read_only,
	       struct super **result)
{
	struct super *super = calloc(1, sizeof(*super));
	struct fs_type *type = types;
	int ret;

	while (strcmp(type->name, name))
		type = type->next;
	super->type = type;
	super->bdev = &disk->bdev;
	super->read_only = read_only;
	super->probing = host_probing;
	spin_init(&super->inodes_lock, LOCK_LEAF);
	TAILQ_INIT(&super->inodes);
	TAILQ_INIT(&super->dirty);
	ret = type->mount(super, NULL);
	if (ret)
		free(super);
	*result = super;
	return ret;
}

int host_fsync(struct inode *inode, bool data_only)
{
	struct file file = { .inode = inode };

	return inode->file_ops->fsync(&file, 0, INT64_MAX, data_only);
}

void host_drop_caches(struct super *super)
{
	host_inodes_drop(super);
	/* The first round only makes them old. */
	buffer_cache_shrink(100000);
	buffer_cache_shrink(100000);
}

int host_unmount(struct super *super)
{
	struct inode *inode;
	int ret = super_sync(super, true);

	dentry_put(super->root);
	while ((inode = TAILQ_FIRST(&super->inodes))) {
		BUG_ON(refcount_read(&inode->refs));
		host_inode_evict(inode);
	}
	super->ops->put_super(super);
	BUG_ON(current_thread()->fs_transaction);
	host_pages_check_unused(super);
	free(super);
	return ret;
}
