// SPDX-License-Identifier: MIT
/* Hash trees of several levels: fill, look everything up, empty half. */
#include <sys/stat.h>

#include "model.h"
#include "modes.h"

static const char *many_name(unsigned n, char *buf)
{
	sprintf(buf, "%u-%0*u", n, 1 + (int)(n * 7 % 60), n);
	return buf;
}

static void many_expect(struct inode *dir, unsigned n, bool there)
{
	struct inode *inode;
	char buf[256];

	CHECK(!host_lookup(dir, many_name(n, buf), &inode), "lookup %s", buf);
	CHECK(!inode == !there, "%s: expected %s", buf,
	      there ? "something" : "nothing");
	if (inode)
		inode_put(inode);
}

void run_names(struct host_disk *disk, unsigned count)
{
	struct inode *dir, *file;
	struct super *super;
	char buf[256];

	CHECK(!host_mount(disk, "ext4", false, &super), "mount");
	CHECK(!host_mkdir(super->root->inode, "many"), "mkdir");
	CHECK(!host_lookup(super->root->inode, "many", &dir) && dir, "lookup");
	CHECK(!host_create(dir, "file", S_IFREG | 0644, &file), "create");
	for (unsigned i = 0; i < count; i++) {
		/* Links are cheaper than inodes, and limited. */
		if (i % 60000 == 59999) {
			inode_put(file);
			CHECK(!host_create(dir, "file2", S_IFREG | 0644, &file),
			      "create");
		}
		CHECK(!host_link(file, dir, many_name(i, buf)), "link %u", i);
	}
	inode_put(file);
	CHECK(!super_sync(super, true), "sync");
	host_drop_caches(super);
	for (unsigned i = 0; i < count; i++)
		many_expect(dir, i, true);
	for (unsigned i = 0; i < count; i += 2)
		CHECK(!host_unlink(dir, many_name(i, buf)), "unlink %u", i);
	for (unsigned i = 0; i < count; i++)
		many_expect(dir, i, i % 2);
	inode_put(dir);
	CHECK(!host_unmount(super), "unmount");
}
