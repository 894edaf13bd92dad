// SPDX-License-Identifier: MIT
/*
 * Waiting for several files at once.
 *
 * Each file's poll function puts an entry of the set on its wait queue; the
 * wake-up that comes through it marks the set and wakes the thread, which asks
 * all files again.  Entries are on the stack up to POLL_INLINE, then in chunks.
 */
#include <fs/poll.h>

#include <linux/poll.h>

#include <lib/errno.h>

#include <core/alloc.h>

#define CHUNK_ENTRIES 32

struct poll_chunk {
	struct poll_chunk *next;
	struct poll_entry entries[CHUNK_ENTRIES];
};

unsigned file_poll(struct file *file, struct poll_table *table)
{
	if (!file->ops->poll)
		return POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;
	return file->ops->poll(file, table);
}

static bool poll_wake(struct waiter *waiter, unsigned key)
{
	struct poll_entry *entry =
		container_of(waiter, struct poll_entry, waiter);

	/* A wake-up that names events which nobody asked for is none. */
	if (key && !(key & entry->events))
		return false;
	/* Pairs with the exchange in poll_set_wait(). */
	atomic_store_release(&entry->set->triggered, 1);
	thread_wake(entry->set->thread);
	return true;
}

static struct poll_entry *entry_new(struct poll_set *set)
{
	struct poll_chunk *chunk;

	if (set->nr_first < POLL_INLINE)
		return &set->first[set->nr_first++];
	if (!set->chunks || set->nr == CHUNK_ENTRIES) {
		chunk = kmalloc(sizeof(*chunk));
		if (!chunk)
			return NULL;
		chunk->next = set->chunks;
		set->chunks = chunk;
		set->nr = 0;
	}
	return &set->chunks->entries[set->nr++];
}

static void poll_add(struct poll_table *table, struct file *file,
		     struct waitq *wq)
{
	struct poll_set *set = container_of(table, struct poll_set, table);
	struct poll_entry *entry = entry_new(set);

	if (!entry) {
		set->error = -ENOMEM;
		return;
	}
	*entry = (struct poll_entry){
		.waiter = { .thread = set->thread, .wake = poll_wake },
		.wq = wq,
		.set = set,
		.file = file_get(file),
		.events = table->events | POLLERR | POLLHUP,
	};
	waitq_add(wq, &entry->waiter);
}

void poll_set_init(struct poll_set *set)
{
	set->table = (struct poll_table){ .add = poll_add };
	set->thread = current_thread();
	atomic_store(&set->triggered, 0);
	set->error = 0;
	set->nr = 0;
	set->nr_first = 0;
	set->chunks = NULL;
}

static void entries_end(struct poll_entry *entries, unsigned nr)
{
	for (unsigned i = 0; i < nr; i++) {
		waitq_remove(entries[i].wq, &entries[i].waiter);
		file_put(entries[i].file);
	}
}

void poll_set_end(struct poll_set *set)
{
	struct poll_chunk *chunk;

	entries_end(set->first, set->nr_first);
	while ((chunk = set->chunks) != NULL) {
		entries_end(chunk->entries, set->nr);
		set->chunks = chunk->next;
		set->nr = CHUNK_ENTRIES;
		kfree(chunk);
	}
}

int poll_set_wait(struct poll_set *set, int64_t *left_ns)
{
	int ret = 0;

	thread_set_state(THREAD_INTERRUPTIBLE);
	if (!atomic_xchg(&set->triggered, 0))
		ret = thread_sleep(left_ns);
	thread_set_state(THREAD_RUNNABLE);
	return ret;
}
