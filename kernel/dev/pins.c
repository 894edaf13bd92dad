// SPDX-License-Identifier: MIT
/*
 * Pin states.  Binding: pinctrl/pinctrl-bindings.txt of the Linux kernel:
 * pinctrl-names calls the states, pinctrl-N lists the nodes of state N.
 */
#include <dev/pins.h>

#include <stdio.h>

#include <lib/errno.h>

#include <dev/device.h>

static struct provider_list pin_controllers;

/*
 * Configurations lie in the node of their controller, maybe in groups: go up
 * until a device has a driver.  0 with *pins = NULL: nobody drives it.
 */
static int pins_find_controller(int config, struct pin_controller **pins)
{
	const void *fdt = device_tree();
	const struct device *dev;
	struct provider *provider;
	int node;

	*pins = NULL;
	for (node = dt_parent(fdt, config); node > 0;
	     node = dt_parent(fdt, node)) {
		provider = provider_find(&pin_controllers, node);
		if (provider) {
			*pins = container_of(provider, struct pin_controller,
					     provider);
			return 0;
		}
		dev = device_find(node);
		if (dev)
			return dev->driver && !dev->probed ? -EPROBE_DEFER : 0;
	}
	return 0;
}

static bool pins_lie_below(int config, const struct device *dev)
{
	int node = config;

	while (node > 0 && node != dev->node)
		node = dt_parent(device_tree(), node);
	return node == dev->node;
}

/* What a controller wants for itself waits until it is registered. */
static int pins_apply(const struct device *dev, int config)
{
	struct pin_controller *pins;
	int ret = pins_find_controller(config, &pins);

	if (ret == -EPROBE_DEFER && pins_lie_below(config, dev))
		return 0;
	return ret || !pins ? ret : pins->apply(pins, config);
}

int pins_apply_default(const struct device *dev)
{
	const void *fdt = device_tree();
	char name[sizeof("pinctrl-4294967295")];
	int state = fdt_stringlist_search(fdt, dev->node, "pinctrl-names",
					  "default");
	int config;
	int ret;

	if (state < 0)
		return 0;
	snprintf(name, sizeof(name), "pinctrl-%d", state);
	for (int i = 0;; i++) {
		config = dt_get_phandle_node(fdt, dev->node, name, i);
		if (config == -FDT_ERR_NOTFOUND)
			return 0;
		ret = config < 0 ? -EINVAL : pins_apply(dev, config);
		if (ret)
			return ret;
	}
}

int pin_controller_register(struct pin_controller *pins, struct device *dev)
{
	pins->provider.node = dev->node;
	provider_add(&pin_controllers, &pins->provider);
	return pins_apply_default(dev);
}
