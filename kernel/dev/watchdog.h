// SPDX-License-Identifier: MIT
/*
 * Watchdogs: devices that reset the machine unless they are kicked in time.
 * fs/devfs/watchdog.c is their user interface.
 */
#pragma once

#include <core/mutex.h>

struct watchdog;

/* All with watchdog->lock held. */
struct watchdog_ops {
	/*
	 * Start, or start anew with a timeout of at least timeout_s, and
	 * return the timeout that it really is, in seconds.
	 */
	unsigned (*start)(struct watchdog *watchdog, unsigned timeout_s);
	void (*stop)(struct watchdog *watchdog);
	void (*kick)(struct watchdog *watchdog);
	unsigned (*left_s)(struct watchdog *watchdog);
};

/* Filled by its driver, never freed. */
struct watchdog {
	const struct watchdog_ops *ops; /* [I] */
	const char *name;               /* [I] of its kind */
	unsigned max_timeout_s;         /* [I] */
	void *private;                  /* [I] the driver's */
	struct mutex lock;              /* rank LOCK_DEVICE */
	unsigned timeout_s;             /* [lock] */
	bool running;                   /* [lock] */
	struct watchdog *next;          /* [I] once registered */
};

#define WATCHDOG_TIMEOUT_S 30 /* before anybody sets another one */

/* Announce it; it does not run.  Context: a driver's probe. */
void watchdog_register(struct watchdog *watchdog);
/* In order of registration; NULL: there are fewer. */
struct watchdog *watchdog_nth(unsigned n);
