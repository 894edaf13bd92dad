// SPDX-License-Identifier: MIT
/* See snapshot.h. */
#include "snapshot.h"

#include <string.h>

#include <sys/stat.h>

#include <core/panic.h>
#include <fs/buffer.h>

#include "record.h"

struct entry {
	const struct node *dir;
	unsigned name;
	const struct node *node;
	unsigned nlink;
};

struct snapshot {
	unsigned nr_entries; /* those of a directory follow one another */
	struct entry *entries;
};

static struct snapshot *snapshots;
static unsigned nr_snapshots, room;
static unsigned first_possible; /* older ones cannot be what is on the disk */
static bool running;

/* --- making them --- */

static void snapshot_add_dir(struct snapshot *snapshot, const struct node *dir)
{
	for (unsigned n = 0; n < model.names; n++) {
		const struct node *node = dir->children[n];

		if (!node)
			continue;
		snapshot->entries[snapshot->nr_entries++] = (struct entry){
			.dir = dir,
			.name = n,
			.node = node,
			.nlink = node->nlink,
		};
	}
}

static unsigned count_names(void)
{
	unsigned count = 0;

	for (unsigned i = 0; i < nr_dirs; i++) {
		for (unsigned n = 0; n < model.names; n++)
			count += dirs[i]->children[n] != NULL;
	}
	return count;
}

static void snapshot_take(void)
{
	struct snapshot *snapshot;

	if (nr_snapshots == room) {
		room = room ? 2 * room : 64;
		snapshots = realloc(snapshots, room * sizeof(*snapshots));
	}
	snapshot = &snapshots[nr_snapshots++];
	snapshot->nr_entries = 0;
	snapshot->entries =
		malloc((count_names() + 1) * sizeof(*snapshot->entries));
	for (unsigned i = 0; i < nr_dirs; i++)
		snapshot_add_dir(snapshot, dirs[i]);
}

/*
 * The linker puts these in between: a commit calls it at the end of the moment
 * in which it has the file system for itself.
 */
void __real_buffer_release_transactions(struct buffer_transaction *own);
void __wrap_buffer_release_transactions(struct buffer_transaction *own);

void __wrap_buffer_release_transactions(struct buffer_transaction *own)
{
	if (running)
		snapshot_take();
	__real_buffer_release_transactions(own);
}

void snapshots_start(void)
{
	running = true;
	snapshot_take();
}

void snapshots_stop(void)
{
	running = false;
}

unsigned snapshots_begin_sync(void)
{
	return nr_snapshots;
}

void snapshots_end_sync(unsigned begun)
{
	/* Nothing sealed since: what was before had to be written already. */
	unsigned last = begun < nr_snapshots ? begun : begun - 1;

	for (; first_possible < last; first_possible++) {
		free(snapshots[first_possible].entries);
		snapshots[first_possible].entries = NULL;
	}
}

/* --- comparing --- */

struct comparison {
	struct super *super;
	const struct snapshot *snapshot;
	bool garbage;
	char message[512];
};

static bool compare_dir(struct comparison *c, const struct node *dir,
			struct inode *inode);

static bool wrong(struct comparison *c, const struct entry *entry,
		  const char *what)
{
	char name[256];

	snprintf(c->message, sizeof(c->message), "%s in directory %u: %s",
		 name_of(entry->name, name), entry->dir->id, what);
	return false;
}

static bool compare_file(struct comparison *c, const struct entry *entry,
			 struct inode *inode)
{
	size_t size = (size_t)inode_size(inode);
	char message[256];
	char *data;
	bool ok;

	if (size > model.size_max)
		return wrong(c, entry, "senseless size");
	data = malloc(size + 1);
	ok = host_read(inode, data, size, 0) == (ssize_t)size;
	if (!ok)
		wrong(c, entry, "cannot be read");
	else if (!record_allows(entry->node, data, size, c->garbage, message))
		ok = wrong(c, entry, message);
	free(data);
	return ok;
}

static bool compare_link(struct comparison *c, const struct entry *entry,
			 struct inode *inode)
{
	char buf[4096];
	ssize_t n = inode->ops->readlink(inode, buf, sizeof(buf));

	if (n != (ssize_t)entry->node->size || strcmp(buf, entry->node->data))
		return wrong(c, entry, "another target");
	return true;
}

static bool compare_inode(struct comparison *c, const struct entry *entry,
			  struct inode *inode)
{
	const struct node *node = entry->node;

	if ((inode->mode & S_IFMT) != (node->mode & S_IFMT))
		return wrong(c, entry, "another kind");
	if (node->ino && inode->ino != node->ino)
		return wrong(c, entry, "another inode");
	if (S_ISDIR(node->mode))
		return compare_dir(c, node, inode);
	if (inode->nlink != entry->nlink)
		return wrong(c, entry, "another number of links");
	if (S_ISREG(node->mode))
		return compare_file(c, entry, inode);
	return !S_ISLNK(node->mode) || compare_link(c, entry, inode);
}

static bool compare_entry(struct comparison *c, const struct entry *entry,
			  struct inode *dir)
{
	struct inode *inode = NULL;
	char name[256];
	bool ok;

	if (host_lookup(dir, name_of(entry->name, name), &inode) || !inode)
		return wrong(c, entry, "missing");
	ok = compare_inode(c, entry, inode);
	inode_put(inode);
	return ok;
}

struct counter {
	struct dir_context ctx;
	unsigned count;
};

static bool count_emit(struct dir_context *ctx, const char *name, size_t len,
		       off_t next, uint64_t ino, unsigned type)
{
	struct counter *counter = container_of(ctx, struct counter, ctx);
	bool is_own = (len == 1 && name[0] == '.') ||
		      (len == 2 && !memcmp(name, "..", 2)) ||
		      (len == 10 && !memcmp(name, "lost+found", 10));

	(void)next;
	(void)ino;
	(void)type;
	counter->count += !is_own;
	return true;
}

static bool compare_dir(struct comparison *c, const struct node *dir,
			struct inode *inode)
{
	const struct snapshot *snapshot = c->snapshot;
	struct counter counter = { .ctx.emit = count_emit };
	unsigned expected = 0;
	int ret;

	for (unsigned i = 0; i < snapshot->nr_entries; i++) {
		if (snapshot->entries[i].dir != dir)
			continue;
		expected++;
		if (!compare_entry(c, &snapshot->entries[i], inode))
			return false;
	}
	ret = host_readdir(inode, &counter.ctx);
	if (!ret && counter.count == expected)
		return true;
	snprintf(c->message, sizeof(c->message),
		 "directory %u: expected %u names, got %u (%d)", dir->id,
		 expected, counter.count, ret);
	return false;
}

static bool compare_tree(struct comparison *c, unsigned number)
{
	c->snapshot = &snapshots[number];
	return compare_dir(c, root, c->super->root->inode);
}

void snapshots_compare(struct super *super, bool garbage)
{
	struct comparison c = { .super = super, .garbage = garbage };

	for (unsigned i = nr_snapshots; i-- > first_possible;) {
		if (compare_tree(&c, i))
			return;
	}
	for (unsigned i = first_possible; i < nr_snapshots; i++) {
		compare_tree(&c, i);
		printf("not as commit %u: %s\n", i, c.message);
	}
	CHECK(false, "the tree is none of those that it may be");
}
