// SPDX-License-Identifier: MIT
/*
 * Clocks of devices.
 *
 * A driver of a clock controller registers a struct clk_controller; other
 * drivers get a struct clk, which is only a name for one of its outputs.
 * Enabling is counted: a clock runs while anybody needs it.
 */
#pragma once

#include <core/mutex.h>
#include <dev/provider.h>

struct clk_controller;
struct device;

struct clk_ops {
	/* First user, last user: gate by gate.  [controller's lock] held. */
	int (*enable)(struct clk_controller *controller, unsigned id);
	void (*disable)(struct clk_controller *controller, unsigned id);
	/* In Hz as the registers have it now; 0: it stands still. */
	uint64_t (*rate)(struct clk_controller *controller, unsigned id);
};

/* Filled by its driver, never freed. */
struct clk_controller {
	struct provider provider;  /* [I] node is the driver's to set */
	const struct clk_ops *ops; /* [I] */
	unsigned nr_clks;          /* [I] ids are 0 .. nr_clks - 1 */
	void *private;             /* [I] the driver's */
	struct mutex lock;         /* rank LOCK_DEVICE; [clk.c sets it up] */
	uint16_t *users;           /* [lock] of each clock */
};

struct clk {
	struct clk_controller *controller;
	unsigned id;
};

/* Announce a controller: 0 or -ENOMEM.  Context: thread; may sleep. */
int clk_controller_register(struct clk_controller *controller);

/*
 * The clock of entry index in clocks, or that clock-names calls name.  0,
 * -ENOENT, -EINVAL or -EPROBE_DEFER.  Nothing has to be given back.
 */
int clk_get(const struct device *dev, int index, struct clk *clk);
int clk_get_named(const struct device *dev, const char *name, struct clk *clk);

/* Context: thread; may sleep. */
int clk_enable(const struct clk *clk);
void clk_disable(const struct clk *clk);
uint64_t clk_rate(const struct clk *clk); /* Hz */

/*
 * All that the node lists, for devices that are just fed by them.  0, or the
 * error of clk_get() or clk_enable(), with none left enabled.
 */
int clk_enable_all(const struct device *dev);
void clk_disable_all(const struct device *dev);
