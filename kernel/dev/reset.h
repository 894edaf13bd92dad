// SPDX-License-Identifier: MIT
/* Reset lines of devices: hold a device in reset, and let it go. */
#pragma once

#include <dev/provider.h>

struct device;
struct reset_controller;

struct reset_ops {
	/* Atomic with respect to other lines of the same register. */
	void (*set)(struct reset_controller *controller, unsigned id,
		    bool asserted);
};

/* Filled by its driver, never freed. */
struct reset_controller {
	struct provider provider; /* [I] */
	const struct reset_ops *ops;
	unsigned nr_resets; /* [I] ids are 0 .. nr_resets - 1 */
	void *private;      /* [I] the driver's */
};

struct reset {
	struct reset_controller *controller; /* NULL: the device has none */
	unsigned id;
};

void reset_controller_register(struct reset_controller *controller);

/*
 * The line of entry index in resets.  0, -EINVAL or -EPROBE_DEFER.  A device
 * without that entry gets one that does nothing.  Context: thread.
 */
int reset_get(const struct device *dev, int index, struct reset *reset);

/* Context: any. */
void reset_assert(const struct reset *reset);
void reset_deassert(const struct reset *reset);

/* Put the device into its reset state and let it go.  Context: any. */
void reset_pulse(const struct reset *reset);
