// SPDX-License-Identifier: MIT
/*
 * Several threads change the file system, while power is lost (cut.h).
 *
 * After each loss it must be, with a journal, the model's tree as some commit
 * sealed it, not older than the last sync that returned, with contents that were
 * synced or written since; without one, what was synced and left alone must be
 * there.
 */
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>

#include <fs/ext4/layout.h>

#include "cut.h"
#include "modes.h"
#include "ops.h"
#include "record.h"
#include "snapshot.h"

#define NR_THREADS  3
#define NR_TOP_DIRS 4

static struct super *live;
static unsigned ops_left; /* for all threads */
static bool breaks;       /* the disk will fail; what fails then may */
static bool sync_is_recorded;

/* The records are of one sync at a time; others that run with it go without. */
static void sync_all(void)
{
	bool recorded = !sync_is_recorded;
	unsigned begun = snapshots_begin_sync();
	struct node *node;
	int ret;

	sync_is_recorded = true;
	STAILQ_FOREACH (node, &all_nodes, link) {
		if (recorded)
			record_begin_sync(node);
	}
	ret = super_sync(live, true);
	CHECK(!ret || breaks, "sync: %d", ret);
	if (!ret)
		snapshots_end_sync(begun);
	if (!recorded)
		return;
	STAILQ_FOREACH (node, &all_nodes, link)
		record_end_sync(node, !ret);
	sync_is_recorded = false;
}

/* fsync(2), or fdatasync(2), which promises nothing about names. */
static void sync_file(struct node *node, struct inode *inode, bool data_only)
{
	bool recorded = !sync_is_recorded;
	unsigned begun = snapshots_begin_sync();
	int ret;

	if (recorded) {
		sync_is_recorded = true;
		record_begin_sync(node);
	}
	ret = host_fsync(inode, data_only);
	CHECK(!ret || breaks, "fsync: %d", ret);
	if (!ret && !data_only)
		snapshots_end_sync(begun);
	if (recorded) {
		record_end_sync(node, !ret);
		sync_is_recorded = false;
	}
}

static void sync_some_file(void)
{
	struct node *dir = dirs[random_below(nr_dirs)], *node;
	struct inode *inode = NULL;
	unsigned n = random_below(model.names);
	char name[256];

	node = dir->children[n];
	if (!node || !S_ISREG(node->mode) || !name_claim(dir, n))
		return;
	if (!host_lookup(dir->held, name_of(n, name), &inode) && inode) {
		sync_file(node, inode, random_below(2));
		inode_put(inode);
	}
	name_release(dir, n);
}

static void thread_main(void *arg)
{
	(void)arg;
	while (ops_left) {
		unsigned what = random_below(100);

		ops_left--;
		if (what < 2)
			sync_all();
		else if (what < 12)
			sync_some_file();
		else if (what < 18)
			super_sync(live, false);
		else if (what < 19)
			host_drop_caches(live);
		else
			op_change(live, breaks);
	}
}

/* Let go of all that is held. */
static void close_all(void)
{
	for (unsigned slot = 0; slot < ARRAY_SIZE(open_files); slot++) {
		if (open_files[slot])
			inode_put(open_files[slot]->held);
	}
	for (unsigned i = 0; i < nr_dirs; i++)
		inode_put(dirs[i]->held);
}

static bool has_journal(const struct host_disk *disk)
{
	const struct ext4_super_block *sb =
		(const void *)(disk->data + EXT4_SUPER_OFFSET);

	return le32_to_cpu(sb->s_feature_compat) & EXT4_COMPAT_HAS_JOURNAL;
}

/* Some directories, in which all happens, so that the root is left alone. */
static void make_top_dirs(void)
{
	struct op op = { .super = live, .dir = root };

	op.inode = dir_inode(live, root);
	for (op.n = 0; op.n < NR_TOP_DIRS; op.n++) {
		name_of(op.n, op.name);
		op_mkdir(&op);
	}
	inode_put(op.inode);
	forget_dir(root);
	inode_put(root->held);
	root->held = NULL;
}

static void begin(struct host_disk *disk, bool journal)
{
	host_disk_add_cache(disk);
	CHECK(!host_mount(disk, "ext4", false, &live), "mount");
	root = node_new(S_IFDIR);
	root->held = inode_get(live->root->inode);
	dirs[nr_dirs++] = root;
	if (!journal)
		make_top_dirs();
	snapshots_start();
	sync_all();
}

static void end(struct host_disk *disk)
{
	if (!breaks)
		compare_all(live);
	close_all();
	CHECK(!host_unmount(live) || breaks, "unmount");
	host_disk_remove_cache(disk);
}

void run_cuts(struct host_disk *disk, const char *image, unsigned count,
	      unsigned every, bool may_break)
{
	struct cuts cuts = {
		.image = image,
		.every = every,
		.has_journal = has_journal(disk),
	};

	model = (struct model){
		.names = 40,
		.size_max = 64 * 1024,
		.align = 16,
		.threads = true,
	};
	host_seed(random_state);
	begin(disk, cuts.has_journal);
	ops_left = count;
	breaks = may_break;
	if (breaks)
		disk->fail_after = random_below(count);
	cuts_start(disk, &cuts, random_state);
	for (unsigned i = 0; i < NR_THREADS; i++)
		host_fiber_start(thread_main, NULL);
	host_fibers_finish();
	if (breaks)
		cut_now(disk);
	cuts_stop();
	end(disk);
}
