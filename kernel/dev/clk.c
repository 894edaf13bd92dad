// SPDX-License-Identifier: MIT
/*
 * Clocks: who feeds whom, and how many need it.
 *
 * Binding: clock/clock.yaml of dt-schema.  A controller with #clock-cells = 0
 * has one clock, number 0.
 */
#include <dev/clk.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <dev/device.h>

static struct provider_list clk_controllers;

int clk_controller_register(struct clk_controller *controller)
{
	controller->users =
		kcalloc(controller->nr_clks, sizeof(controller->users[0]));
	if (!controller->users)
		return -ENOMEM;
	mutex_init(&controller->lock, LOCK_DEVICE);
	provider_add(&clk_controllers, &controller->provider);
	return 0;
}

int clk_get(const struct device *dev, int index, struct clk *clk)
{
	struct clk_controller *controller;
	struct provider *provider;
	struct dt_args args;
	int ret;

	ret = provider_resolve(&clk_controllers, dev->node, "clocks",
			       "#clock-cells", index, &provider, &args);
	if (ret)
		return ret;
	controller = container_of(provider, struct clk_controller, provider);
	clk->controller = controller;
	clk->id = args.nr_cells ? args.cells[0] : 0;
	return args.nr_cells <= 1 && clk->id < controller->nr_clks ? 0
								   : -EINVAL;
}

int clk_get_named(const struct device *dev, const char *name, struct clk *clk)
{
	int index = fdt_stringlist_search(device_tree(), dev->node,
					  "clock-names", name);

	return index < 0 ? -ENOENT : clk_get(dev, index, clk);
}

int clk_enable(const struct clk *clk)
{
	struct clk_controller *controller = clk->controller;
	uint16_t *users = &controller->users[clk->id];
	int ret = 0;

	mutex_lock(&controller->lock);
	if (!*users)
		ret = controller->ops->enable(controller, clk->id);
	if (!ret)
		++*users;
	mutex_unlock(&controller->lock);
	return ret;
}

void clk_disable(const struct clk *clk)
{
	struct clk_controller *controller = clk->controller;
	uint16_t *users = &controller->users[clk->id];

	mutex_lock(&controller->lock);
	ASSERT(*users);
	if (!--*users)
		controller->ops->disable(controller, clk->id);
	mutex_unlock(&controller->lock);
}

uint64_t clk_rate(const struct clk *clk)
{
	return clk->controller->ops->rate(clk->controller, clk->id);
}

/* The first nr clocks of the node. */
static void clk_disable_first(const struct device *dev, int nr)
{
	struct clk clk;

	while (nr--) {
		if (!clk_get(dev, nr, &clk))
			clk_disable(&clk);
	}
}

int clk_enable_all(const struct device *dev)
{
	struct clk clk;
	int index;
	int ret;

	for (index = 0;; index++) {
		ret = clk_get(dev, index, &clk);
		if (!ret)
			ret = clk_enable(&clk);
		if (ret)
			break;
	}
	if (ret == -ENOENT)
		return 0;
	clk_disable_first(dev, index);
	return ret;
}

void clk_disable_all(const struct device *dev)
{
	struct clk clk;
	int nr = 0;

	while (clk_get(dev, nr, &clk) != -ENOENT)
		nr++;
	clk_disable_first(dev, nr);
}
