// SPDX-License-Identifier: MIT
/* Any block of registers that several drivers share: "syscon". */
#include <core/alloc.h>
#include <dev/device.h>
#include <dev/syscon.h>
#include <lib/errno.h>

static int syscon_probe(struct device *dev)
{
	struct syscon *syscon = kzalloc(sizeof(*syscon));
	void __iomem *regs;
	paddr_t base;
	int ret;

	if (!syscon)
		return -ENOMEM;
	ret = device_get_reg(dev, 0, &base, &syscon->size);
	if (!ret)
		ret = device_map_reg(dev, 0, &regs);
	if (ret) {
		kfree(syscon);
		return ret;
	}
	syscon->regs = regs;
	syscon->provider.node = dev->node;
	syscon_register(syscon);
	return 0;
}

static const struct of_match syscon_match[] = {
	{ .compatible = "syscon" },
	{},
};

static const struct driver syscon_driver = {
	.name = "syscon",
	.match = syscon_match,
	.probe = syscon_probe,
};
DRIVER_DECLARE(syscon_driver);
