// SPDX-License-Identifier: MIT
/*
 * Input devices: keys so far.  fs/devfs/input.c makes /dev/input/eventN of
 * each.
 */
#pragma once

#include <sys/queue.h>

#include <core/lock.h>

/* Codes are KEY_* and BTN_* of <linux/input-event-codes.h>. */
#define INPUT_KEYS 0x300

struct input_device;

/* Somebody who hears of events. */
struct input_listener {
	LIST_ENTRY(input_listener) link; /* [device->lock] */
	/* Context: interrupts off; device->lock is held. */
	void (*key)(struct input_listener *listener, unsigned code, bool down);
};

/* Filled by its driver, never freed. */
struct input_device {
	const char *name;                      /* [I] */
	uint64_t keys[INPUT_KEYS / 64];        /* [I] that it has */
	uint64_t pressed[INPUT_KEYS / 64];     /* [lock] */
	spinlock_t lock;                       /* irqsave; rank LOCK_INPUT */
	LIST_HEAD(, input_listener) listeners; /* [lock] */
	struct input_device *next;             /* [I] once registered */
};

static inline bool input_key_is_set(const uint64_t *keys, unsigned code)
{
	return keys[code / 64] >> code % 64 & 1;
}

/* Announce it.  Context: a driver's probe. */
void input_register(struct input_device *input);
/* In order of registration; NULL: there are fewer. */
struct input_device *input_nth(unsigned n);

/* By drivers: a key went down or up; told on if that is news.  Any context. */
void input_report_key(struct input_device *input, unsigned code, bool down);

/* Context: any. */
void input_listen(struct input_device *input, struct input_listener *listener);
void input_ignore(struct input_device *input, struct input_listener *listener);
