// SPDX-License-Identifier: MIT
/*
 * Pins: which function of the chip reaches which pad.
 *
 * A driver has nothing to do for its pins: the device model puts them into the
 * state "default" that the node describes before it probes the driver.
 */
#pragma once

#include <dev/provider.h>

struct device;

/* Filled by its driver, never freed. */
struct pin_controller {
	struct provider provider;
	/*
	 * Set the pins as the node config, somewhere below the controller's
	 * own, says: 0 or -EINVAL.  Context: thread.
	 */
	int (*apply)(struct pin_controller *pins, int config);
	void *private; /* [I] the driver's */
};

/*
 * Announce the controller of that device, and put the pins that its own node
 * wants into their state: 0 or -EINVAL, which leaves it registered.
 * Context: thread.
 */
int pin_controller_register(struct pin_controller *pins, struct device *dev);

/*
 * For the device model: 0 (also where the node wants nothing, or where nobody
 * drives its pin controller, whose pins then stay as the firmware left them),
 * -EINVAL or -EPROBE_DEFER.  Context: thread.
 */
int pins_apply_default(const struct device *dev);
