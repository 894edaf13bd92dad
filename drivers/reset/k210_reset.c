// SPDX-License-Identifier: MIT
/*
 * Reset lines of the K210: register peri_reset of its system controller, one
 * bit a device, 1 holds it in reset.  Numbers are the bits', as in Linux's
 * binding (reset/canaan,k210-rst.yaml).
 */
#include <core/alloc.h>
#include <dev/device.h>
#include <dev/reset.h>
#include <dev/syscon.h>
#include <lib/errno.h>

#define K210_PERI_RESET 0x34
#define K210_NR_RESETS  30

static void k210_reset_set(struct reset_controller *controller, unsigned id,
			   bool asserted)
{
	uint32_t bit = 1u << id;

	syscon_update(controller->private, K210_PERI_RESET, bit,
		      asserted ? bit : 0);
}

static const struct reset_ops k210_reset_ops = {
	.set = k210_reset_set,
};

static int k210_reset_probe(struct device *dev)
{
	struct reset_controller *controller;
	struct syscon *syscon;
	int ret;

	ret = syscon_get_parent(dev, &syscon);
	if (ret)
		return ret;
	controller = kzalloc(sizeof(*controller));
	if (!controller)
		return -ENOMEM;
	controller->provider.node = dev->node;
	controller->ops = &k210_reset_ops;
	controller->nr_resets = K210_NR_RESETS;
	controller->private = syscon;
	reset_controller_register(controller);
	return 0;
}

static const struct of_match k210_reset_match[] = {
	{ .compatible = "canaan,k210-rst" },
	{},
};

static const struct driver k210_reset_driver = {
	.name = "k210-reset",
	.match = k210_reset_match,
	.probe = k210_reset_probe,
};
DRIVER_DECLARE(k210_reset_driver);
