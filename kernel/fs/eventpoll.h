// SPDX-License-Identifier: MIT
/* Interest lists: epoll(7). */
#pragma once

#include <lib/types.h>

struct epoll_event; /* <linux/eventpoll.h> */
struct file;

/* A new, empty list.  0, -ENOMEM. */
int eventpoll_create(struct file **result);

/*
 * epoll_ctl(2): op is EPOLL_CTL_*.  0, -EINVAL (epoll is none, or file is one,
 * too: lists do not nest), -EPERM (file cannot be waited for), -EEXIST,
 * -ENOENT, -ENOMEM.  May sleep.
 */
int eventpoll_control(struct file *epoll, int op, struct file *file, int fd,
		      const struct epoll_event *event);

#define EVENTPOLL_BATCH 32 /* events that one call gives at most */
/*
 * epoll_wait(2): up to max events (cut to EVENTPOLL_BATCH) into kernel memory,
 * waiting for at most timeout_ns (0: not at all, < 0: for ever).  How many, 0
 * (time is up), -EINTR, or -EINVAL (epoll is none).  Context: thread; may
 * sleep.
 */
long eventpoll_wait(struct file *epoll, struct epoll_event *events,
		    unsigned max, int64_t timeout_ns);

/* The last reference of a file that is watched is gone. */
void eventpoll_file_closed(struct file *file);
