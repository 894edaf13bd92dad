// SPDX-License-Identifier: MIT
/*
 * What sync(2) promises, while other threads write the same file back: what was
 * written before it is on the disk when it returns, whoever has begun to write
 * it there.
 */
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include "model.h"
#include "modes.h"

#define NR_BLOCKS 24
#define BLOCK     4096

static struct super *live;
static struct inode *file;
static char blocks[NR_BLOCKS]; /* the byte that each is full of */
static bool done;

/* In a child: what no loss of power can take away. */
static void compare_stable(const struct host_disk *disk)
{
	static const struct host_cut nothing_else = { .percent = 0 };
	static char data[NR_BLOCKS * BLOCK];
	struct host_disk after;
	struct inode *inode;
	struct super *super;

	host_disk_cut(disk, &nothing_else, &after);
	host_fibers_abandon();
	CHECK(!host_mount(&after, "ext4", false, &super), "mount");
	CHECK(!host_lookup(super->root->inode, "file", &inode) && inode,
	      "no file");
	CHECK(host_read(inode, data, sizeof(data), 0) == sizeof(data), "read");
	for (size_t i = 0; i < sizeof(data); i++)
		CHECK(data[i] == blocks[i / BLOCK],
		      "byte %zu: expected %d, got %d", i, blocks[i / BLOCK],
		      data[i]);
}

static void check_stable(const struct host_disk *disk)
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	CHECK(child >= 0, "cannot fork");
	if (!child) {
		compare_stable(disk);
		_exit(0);
	}
	waitpid(child, &status, 0);
	if (status)
		_exit(1);
}

/* As fsync(2), and as the flusher does. */
static void write_back_main(void *arg)
{
	(void)arg;
	while (!done) {
		if (random_below(2))
			CHECK(!host_fsync(file, random_below(2)), "fsync");
		else
			CHECK(!super_sync(live, false), "flush");
		host_may_sleep();
	}
}

/* Some runs of blocks become full of other bytes. */
static void write_some(void)
{
	static char data[NR_BLOCKS * BLOCK];

	for (unsigned i = random_below(4); i < 4; i++) {
		unsigned first = random_below(NR_BLOCKS);
		unsigned nr = 1 + random_below(NR_BLOCKS - first);
		ssize_t len = nr * BLOCK;

		for (unsigned n = 0; n < nr; n++)
			memset(data + n * BLOCK, ++blocks[first + n], BLOCK);
		CHECK(host_write(file, data, (size_t)len, first * BLOCK) == len,
		      "write");
	}
}

void run_sync(struct host_disk *disk, unsigned count)
{
	host_seed(random_state);
	host_disk_add_cache(disk);
	CHECK(!host_mount(disk, "ext4", false, &live), "mount");
	CHECK(!host_create(live->root->inode, "file", S_IFREG | 0644, &file),
	      "create");
	CHECK(!host_truncate(file, NR_BLOCKS * BLOCK), "truncate");
	host_fiber_start(write_back_main, NULL);
	while (count--) {
		write_some();
		CHECK(!super_sync(live, true), "sync");
		check_stable(disk);
	}
	done = true;
	host_fibers_finish();
	inode_put(file);
	CHECK(!host_unmount(live), "unmount");
	host_disk_remove_cache(disk);
}
