// SPDX-License-Identifier: MIT
/* Clocks that always run at one rate, crystals mostly: "fixed-clock". */
#include <core/alloc.h>
#include <dev/clk.h>
#include <dev/device.h>
#include <lib/errno.h>

struct fixed_clk {
	struct clk_controller controller;
	uint32_t hz; /* [I] */
};

static int fixed_clk_enable(struct clk_controller *controller, unsigned id)
{
	(void)controller;
	(void)id;
	return 0;
}

static void fixed_clk_disable(struct clk_controller *controller, unsigned id)
{
	(void)controller;
	(void)id;
}

static uint64_t fixed_clk_rate(struct clk_controller *controller, unsigned id)
{
	struct fixed_clk *clk =
		container_of(controller, struct fixed_clk, controller);

	(void)id;
	return clk->hz;
}

static const struct clk_ops fixed_clk_ops = {
	.enable = fixed_clk_enable,
	.disable = fixed_clk_disable,
	.rate = fixed_clk_rate,
};

static int fixed_clk_probe(struct device *dev)
{
	struct fixed_clk *clk = kzalloc(sizeof(*clk));
	int ret = -EINVAL;

	if (!clk)
		return -ENOMEM;
	clk->hz = device_get_u32(dev, "clock-frequency", 0);
	clk->controller.provider.node = dev->node;
	clk->controller.ops = &fixed_clk_ops;
	clk->controller.nr_clks = 1;
	if (clk->hz)
		ret = clk_controller_register(&clk->controller);
	if (ret)
		kfree(clk);
	return ret;
}

static const struct of_match fixed_clk_match[] = {
	{ .compatible = "fixed-clock" },
	{},
};

static const struct driver fixed_clk_driver = {
	.name = "fixed-clock",
	.match = fixed_clk_match,
	.probe = fixed_clk_probe,
};
DRIVER_DECLARE(fixed_clk_driver);
