// SPDX-License-Identifier: MIT
/* The list of watchdogs; it only grows, while devices are probed. */
#include <dev/watchdog.h>

static struct watchdog *watchdogs;

void watchdog_register(struct watchdog *watchdog)
{
	struct watchdog **link = &watchdogs;

	mutex_init(&watchdog->lock, LOCK_DEVICE);
	watchdog->timeout_s = MIN(WATCHDOG_TIMEOUT_S, watchdog->max_timeout_s);
	watchdog->running = false;
	watchdog->next = NULL;
	while (*link)
		link = &(*link)->next;
	*link = watchdog;
}

struct watchdog *watchdog_nth(unsigned n)
{
	struct watchdog *watchdog = watchdogs;

	while (watchdog && n--)
		watchdog = watchdog->next;
	return watchdog;
}
