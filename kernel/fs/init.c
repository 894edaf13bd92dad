// SPDX-License-Identifier: MIT
/* Start of all that is in fs/: caches first, then the kinds of file systems. */
#include <fs/inode.h>

#include <fs/buffer.h>
#include <fs/dentry.h>
#include <fs/devfs/devfs.h>
#include <fs/ext4/ext4.h>
#include <fs/file.h>
#include <fs/procfs/procfs.h>
#include <fs/tmpfs/tmpfs.h>
#include <ipc/pipe.h>
#include <mm/page.h>
#include <mm/pagecache.h>

void fs_init(void)
{
	dentry_cache_init(); /* sized by the memory there is */
	inode_cache_init();
	file_cache_init();
	anon_init(); /* needs inodes */
	pipe_init();
	tmpfs_init();
	devfs_init(); /* needs character devices */
	procfs_init();
	ext4_init();
	mapped_init();
	reclaim_register(inode_cache_shrink);
	reclaim_register(buffer_cache_shrink);
}
