// SPDX-License-Identifier: MIT
/*
 * epoll(7).
 *
 * An item stands for one descriptor in an interest list.  It waits in the wait
 * queues of its file; a wake-up puts it on the ready list.  Collecting events
 * takes items off that list and asks their files again: level-triggered ones
 * that still have events go back to its end.
 *
 * Locks: watch_lock covers which items a file has, and so the life of items;
 * inside it epoll->lock, the set of items, held while files are asked; inside
 * that ready_lock, which wake-ups take in any context.  An item holds no
 * reference on its file: the file's end removes the item.
 * Lists in lists are refused.
 */
#include <fs/eventpoll.h>

#include <sys/tree.h>

#include <linux/eventpoll.h>
#include <linux/fcntl.h>
#include <linux/poll.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/mutex.h>
#include <core/time.h>
#include <core/waitq.h>
#include <fs/file.h>

#define ITEM_QUEUES 2 /* wait queues that a file's poll joins at most */
#define ALWAYS      (POLLERR | POLLHUP) /* EPOLL* are POLL* in value */

/* sparse refuses the casts in <linux/eventpoll.h>: these are by value. */
#define MODE_EDGE    (1u << 31)
#define MODE_ONESHOT (1u << 30)
#ifndef __CHECKER__
static_assert(MODE_EDGE == EPOLLET && MODE_ONESHOT == EPOLLONESHOT &&
		      ALWAYS == (EPOLLERR | EPOLLHUP),
	      "the ABI's values");
#endif

struct epoll_item;

struct item_wait {
	struct waiter waiter;
	struct waitq *wq;
	struct epoll_item *item;
};

struct epoll_item {
	RB_ENTRY(epoll_item) link;          /* [epoll->lock] */
	LIST_ENTRY(epoll_item) file_link;   /* [watch_lock] */
	TAILQ_ENTRY(epoll_item) ready_link; /* [ready_lock] */
	bool is_ready;                      /* [ready_lock] */
	struct epoll *epoll;                /* [I] */
	struct file *file;                  /* [I] with fd: the key */
	int fd;                             /* [I] */
	uint32_t events;   /* [epoll->lock] EPOLL*; 0: silent */
	uint64_t data;     /* [epoll->lock] the user's */
	unsigned nr_waits; /* [I] after it was added */
	struct item_wait waits[ITEM_QUEUES];
};

TAILQ_HEAD(ready_list, epoll_item);

struct epoll {
	struct mutex lock;
	RB_HEAD(item_tree, epoll_item) items; /* [lock] */
	spinlock_t ready_lock;
	struct ready_list ready; /* [ready_lock] */
	struct waitq wq;         /* somebody waits for a ready item */
};

static struct mutex watch_lock = MUTEX_INIT(watch_lock, LOCK_EPOLL_WATCH);

static int item_compare(const struct epoll_item *a, const struct epoll_item *b)
{
	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	return (a->fd > b->fd) - (a->fd < b->fd);
}

RB_GENERATE_STATIC(item_tree, epoll_item, link, item_compare)

/* At the end of the ready list, unless it is on it. */
static void item_set_ready(struct epoll_item *item)
{
	struct epoll *epoll = item->epoll;
	unsigned long flags;

	flags = spin_lock_irqsave(&epoll->ready_lock);
	if (!item->is_ready) {
		item->is_ready = true;
		TAILQ_INSERT_TAIL(&epoll->ready, item, ready_link);
	}
	spin_unlock_irqrestore(&epoll->ready_lock, flags);
}

static bool item_wake(struct waiter *waiter, unsigned key)
{
	struct item_wait *wait = container_of(waiter, struct item_wait, waiter);
	struct epoll_item *item = wait->item;

	if (key && !(key & (item->events | ALWAYS)))
		return false;
	item_set_ready(item);
	waitq_wake_poll(&item->epoll->wq, POLLIN);
	return true;
}

/* What a file's poll calls while an item is added. */
struct item_table {
	struct poll_table table;
	struct epoll_item *item;
};

static void item_join(struct poll_table *table, struct file *file,
		      struct waitq *wq)
{
	struct item_table *joining =
		container_of(table, struct item_table, table);
	struct epoll_item *item = joining->item;
	struct item_wait *wait;

	(void)file;
	if (item->nr_waits == ITEM_QUEUES)
		return;
	wait = &item->waits[item->nr_waits++];
	*wait = (struct item_wait){
		.waiter = { .wake = item_wake },
		.wq = wq,
		.item = item,
	};
	waitq_add(wq, &wait->waiter);
}

/* Asks the file again; it may be ready by what the item now wants. */
static unsigned item_poll(const struct epoll_item *item)
{
	return file_poll(item->file, NULL) & (item->events | ALWAYS);
}

static struct epoll_item *item_find(struct epoll *epoll, struct file *file,
				    int fd)
{
	struct epoll_item key = { .file = file, .fd = fd };

	return RB_FIND(item_tree, &epoll->items, &key);
}

static void item_set_event(struct epoll_item *item,
			   const struct epoll_event *event)
{
	item->events = (__force uint32_t)event->events;
	item->data = event->data;
}

/* watch_lock and epoll->lock held. */
static int item_add(struct epoll *epoll, struct file *file, int fd,
		    const struct epoll_event *event)
{
	struct epoll_item *item = kzalloc(sizeof(*item));
	struct item_table joining = { .table = { .add = item_join },
				      .item = item };

	if (!item)
		return -ENOMEM;
	item->epoll = epoll;
	item->file = file;
	item->fd = fd;
	item_set_event(item, event);
	RB_INSERT(item_tree, &epoll->items, item);
	LIST_INSERT_HEAD(&file->watchers, item, file_link);
	joining.table.events = item->events | ALWAYS;
	if (file_poll(file, &joining.table) & joining.table.events) {
		item_set_ready(item);
		waitq_wake_poll(&epoll->wq, POLLIN);
	}
	return 0;
}

/* watch_lock and epoll->lock held. */
static void item_remove(struct epoll_item *item)
{
	struct epoll *epoll = item->epoll;
	unsigned long flags;

	for (unsigned i = 0; i < item->nr_waits; i++)
		waitq_remove(item->waits[i].wq, &item->waits[i].waiter);
	flags = spin_lock_irqsave(&epoll->ready_lock);
	if (item->is_ready)
		TAILQ_REMOVE(&epoll->ready, item, ready_link);
	spin_unlock_irqrestore(&epoll->ready_lock, flags);
	RB_REMOVE(item_tree, &epoll->items, item);
	LIST_REMOVE(item, file_link);
	kfree(item);
}

static void item_modify(struct epoll_item *item,
			const struct epoll_event *event)
{
	item_set_event(item, event);
	if (item_poll(item)) {
		item_set_ready(item);
		waitq_wake_poll(&item->epoll->wq, POLLIN);
	}
}

static int control_locked(struct epoll *epoll, int op, struct file *file,
			  int fd, const struct epoll_event *event)
{
	struct epoll_item *item = item_find(epoll, file, fd);

	switch (op) {
	case EPOLL_CTL_ADD:
		return item ? -EEXIST : item_add(epoll, file, fd, event);
	case EPOLL_CTL_MOD:
		if (item)
			item_modify(item, event);
		return item ? 0 : -ENOENT;
	case EPOLL_CTL_DEL:
		if (item)
			item_remove(item);
		return item ? 0 : -ENOENT;
	default:
		return -EINVAL;
	}
}

static unsigned epoll_poll(struct file *file, struct poll_table *table)
{
	struct epoll *epoll = file->private;

	poll_wait(file, &epoll->wq, table);
	return TAILQ_EMPTY(&epoll->ready) ? 0 : POLLIN | POLLRDNORM;
}

static void epoll_release(struct file *file)
{
	struct epoll *epoll = file->private;
	struct epoll_item *item;

	mutex_lock(&watch_lock);
	mutex_lock(&epoll->lock);
	while ((item = RB_MIN(item_tree, &epoll->items)) != NULL)
		item_remove(item);
	mutex_unlock(&epoll->lock);
	mutex_unlock(&watch_lock);
	kfree(epoll);
}

static const struct file_ops epoll_ops = {
	.release = epoll_release,
	.poll = epoll_poll,
	.stream = true,
};

int eventpoll_create(struct file **result)
{
	struct epoll *epoll = kzalloc(sizeof(*epoll));
	int ret;

	if (!epoll)
		return -ENOMEM;
	mutex_init(&epoll->lock, LOCK_EPOLL);
	RB_INIT(&epoll->items);
	spin_init(&epoll->ready_lock, LOCK_EPOLL_READY);
	TAILQ_INIT(&epoll->ready);
	waitq_init(&epoll->wq);
	/* It is woken while the queue of a file is locked. */
	spin_init(&epoll->wq.lock, LOCK_EPOLL_READY);
	ret = file_create_anon(&epoll_ops, epoll, O_RDWR,
			       "anon_inode:[eventpoll]", result);
	if (ret)
		kfree(epoll);
	return ret;
}

int eventpoll_control(struct file *file, int op, struct file *target, int fd,
		      const struct epoll_event *event)
{
	struct epoll *epoll = file->private;
	int ret;

	if (file->ops != &epoll_ops || target->ops == &epoll_ops)
		return -EINVAL;
	if (!target->ops->poll)
		return -EPERM;
	mutex_lock(&watch_lock);
	mutex_lock(&epoll->lock);
	ret = control_locked(epoll, op, target, fd, event);
	mutex_unlock(&epoll->lock);
	mutex_unlock(&watch_lock);
	return ret;
}

/* The first of the list, off it; NULL: it is empty. */
static struct epoll_item *ready_take(struct epoll *epoll,
				     struct ready_list *list)
{
	struct epoll_item *item;
	unsigned long flags;

	flags = spin_lock_irqsave(&epoll->ready_lock);
	item = TAILQ_FIRST(list);
	if (item) {
		TAILQ_REMOVE(list, item, ready_link);
		item->is_ready = false;
	}
	spin_unlock_irqrestore(&epoll->ready_lock, flags);
	return item;
}

/* epoll->lock held.  One event, if the file still has any. */
static bool item_collect(struct epoll_item *item, struct epoll_event *event)
{
	unsigned events = item->events ? item_poll(item) : 0;

	if (!events)
		return false;
	event->events = (__force __poll_t)events;
	event->data = item->data;
	if (item->events & MODE_ONESHOT)
		item->events = 0;
	else if (!(item->events & MODE_EDGE))
		item_set_ready(item);
	return true;
}

static unsigned collect(struct epoll *epoll, struct epoll_event *events,
			unsigned max)
{
	struct ready_list todo = TAILQ_HEAD_INITIALIZER(todo);
	struct epoll_item *item;
	unsigned long flags;
	unsigned n = 0;

	mutex_lock(&epoll->lock);
	/* What comes back is for the next time. */
	flags = spin_lock_irqsave(&epoll->ready_lock);
	TAILQ_CONCAT(&todo, &epoll->ready, ready_link);
	spin_unlock_irqrestore(&epoll->ready_lock, flags);
	while (n < max && (item = ready_take(epoll, &todo)) != NULL) {
		if (item_collect(item, &events[n]))
			n++;
	}
	flags = spin_lock_irqsave(&epoll->ready_lock);
	TAILQ_CONCAT(&todo, &epoll->ready, ready_link);
	TAILQ_CONCAT(&epoll->ready, &todo, ready_link);
	spin_unlock_irqrestore(&epoll->ready_lock, flags);
	mutex_unlock(&epoll->lock);
	return n;
}

long eventpoll_wait(struct file *file, struct epoll_event *events, unsigned max,
		    int64_t timeout_ns)
{
	struct epoll *epoll = file->private;
	uint64_t deadline_ns = time_now_ns() + (uint64_t)timeout_ns;
	unsigned n;
	int ret;

	if (file->ops != &epoll_ops)
		return -EINVAL;
	for (;;) {
		n = collect(epoll, events, MIN(max, EVENTPOLL_BATCH));
		if (n || !timeout_ns)
			return n;
		ret = waitq_wait_timeout(
			&epoll->wq, !TAILQ_EMPTY(&epoll->ready), timeout_ns);
		if (ret == -ETIMEDOUT)
			return 0;
		if (ret)
			return ret;
		if (timeout_ns > 0)
			timeout_ns =
				MAX((int64_t)(deadline_ns - time_now_ns()), 0);
	}
}

void eventpoll_file_closed(struct file *file)
{
	struct epoll_item *item;

	mutex_lock(&watch_lock);
	while ((item = LIST_FIRST(&file->watchers)) != NULL) {
		struct epoll *epoll = item->epoll;

		mutex_lock(&epoll->lock);
		item_remove(item);
		mutex_unlock(&epoll->lock);
	}
	mutex_unlock(&watch_lock);
}
