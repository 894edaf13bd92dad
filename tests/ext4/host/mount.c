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
	TAILQ_INIT(&super->inodes);
	ret = type->mount(super, NULL);
	if (ret)
		free(super);
	*result = super;
	return ret;
}

int host_sync(struct super *super)
{
	struct inode *inode;
	int ret = 0, err;

	TAILQ_FOREACH (inode, &super->inodes, super_link) {
		int dirty =
			atomic_fetch_and(&inode->state, ~(int)INODE_DIRTY_ANY);

		if (inode->mapping.nr_dirty) {
			err = inode->mapping.ops->write_pages(
				&inode->mapping, 0, UINT32_MAX, true);
			ret = ret ? ret : err;
			BUG_ON(inode->mapping.nr_dirty);
		}
		/* Writing pages may have made the inode dirty. */
		dirty |= atomic_fetch_and(&inode->state, ~(int)INODE_DIRTY_ANY);
		if (dirty & INODE_DIRTY_ANY && inode->nlink) {
			err = super->ops->write_inode(inode, false);
			ret = ret ? ret : err;
		}
	}
	err = super->ops->sync(super, true);
	return ret ? ret : err;
}

void host_drop_caches(struct super *super)
{
	struct inode *inode, *next;

	TAILQ_FOREACH (inode, &super->inodes, super_link) {
		struct page *page;

		for (uint64_t i = 0;
		     (page = host_page_next(&inode->mapping, i, 0));
		     i = page->index + 1) {
			if (!page_has_flag(page, PAGE_DIRTY))
				host_page_remove(&inode->mapping, page);
		}
	}
	for (inode = TAILQ_FIRST(&super->inodes); inode; inode = next) {
		next = TAILQ_NEXT(inode, super_link);
		if (!refcount_read(&inode->refs) &&
		    !inode_has(inode, INODE_DIRTY_ANY | INODE_KEPT))
			host_inode_evict(inode);
	}
	/* The first round only makes them old. */
	buffer_cache_shrink(100000);
	buffer_cache_shrink(100000);
}

int host_unmount(struct super *super)
{
	struct inode *inode;
	int ret = host_sync(super);

	dentry_put(super->root);
	while ((inode = TAILQ_FIRST(&super->inodes))) {
		BUG_ON(refcount_read(&inode->refs));
		host_inode_evict(inode);
	}
	super->ops->put_super(super);
	free(super);
	BUG_ON(host_thread.fs_transaction);
	host_pages_check_unused();
	return ret;
}
