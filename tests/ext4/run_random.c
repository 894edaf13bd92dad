// SPDX-License-Identifier: MIT
/* Random operations; memory, disk or power may fail. */
#include <string.h>

#include <sys/stat.h>

#include "modes.h"
#include "ops.h"

void run_random(struct host_disk *disk, unsigned count, bool faults, bool crash)
{
	uint8_t *synced = malloc(disk->size);
	struct super *super;
	int ret;

	CHECK(!host_mount(disk, "ext4", false, &super), "mount");
	root = node_new(S_IFDIR);
	dirs[nr_dirs++] = root;
	for (unsigned i = 0; i < count; i++) {
		/* Then the disk breaks, too, and changes must stop. */
		if (faults && i == count * 3 / 4)
			disk->fail_after = (long)random_below(50);
		if (faults && i % 3 == 0)
			host_fail_alloc = (long)random_below(40);
		op_random(super, faults);
		host_fail_alloc = -1;
		if (faults)
			continue;
		if (i % 5000 == 4999) {
			host_drop_caches(super);
			compare_all(super);
		}
		if (i % 20000 == 19999) {
			for (unsigned slot = 0; slot < 8; slot++) {
				struct node *node = open_files[slot];

				if (!node)
					continue;
				open_files[slot] = NULL;
				inode_put(node->held);
			}
			CHECK(!host_unmount(super), "unmount");
			CHECK(!host_mount(disk, "ext4", false, &super),
			      "mount again");
			compare_all(super);
		}
	}
	if (crash) {
		CHECK(!super_sync(super, true), "sync");
		memcpy(synced, disk->data, disk->size);
	}
	for (unsigned slot = 0; slot < 8; slot++) {
		if (open_files[slot])
			inode_put(open_files[slot]->held);
	}
	if (!faults)
		compare_all(super);
	ret = host_unmount(super);
	CHECK(!ret || faults, "unmount: %d", ret);
	/* As if the power had failed: files without a name go at the mount. */
	if (crash)
		memcpy(disk->data, synced, disk->size);
	free(synced);
	if (faults)
		return;
	CHECK(!host_mount(disk, "ext4", !crash, &super), "mount again");
	compare_all(super);
	host_unmount(super);
}
