// SPDX-License-Identifier: MIT
/*
 * From the device tree to probed devices.
 *
 * Devicetree Specification 0.4: a node with a compatible string is a device;
 * nodes below the root and below simple buses are memory-mapped and found
 * here, those below other buses by their bus's driver.
 *
 * Probing is done by one thread at boot, so the list needs no lock.  Devices
 * are never removed.
 */
#include <dev/device.h>

#include <string.h>

#include <lib/errno.h>
#include <lib/fdt.h>

#include <arch/kmap.h>
#include <core/alloc.h>
#include <core/panic.h>
#include <core/printk.h>
#include <dev/pins.h>

/* The table that DRIVER_DECLARE() fills; bounds from the linker script. */
extern const struct driver *const drivers_start[];
extern const struct driver *const drivers_end[];

static TAILQ_HEAD(device_list,
		  device) devices = TAILQ_HEAD_INITIALIZER(devices);
static const void *tree;

const void *device_tree(void)
{
	return tree;
}

static const struct of_match *driver_find_match(const struct driver *drv,
						const char *compatible)
{
	const struct of_match *match;

	for (match = drv->match; match->compatible; match++) {
		if (!strcmp(match->compatible, compatible))
			return match;
	}
	return NULL;
}

/* Bind the driver that names one compatible string; false if none does. */
static bool device_bind_string(struct device *dev, const char *compatible)
{
	const struct driver *const *entry;

	for (entry = drivers_start; entry < drivers_end; entry++) {
		dev->match = driver_find_match(*entry, compatible);
		if (dev->match) {
			dev->driver = *entry;
			return true;
		}
	}
	return false;
}

/* Nodes list their strings most specific first: the first known one wins. */
static bool device_bind(struct device *dev)
{
	const char *compatible;
	int i;

	for (i = 0;; i++) {
		compatible = fdt_stringlist_get(tree, dev->node, "compatible",
						i, NULL);
		if (!compatible)
			return false;
		if (device_bind_string(dev, compatible))
			return true;
	}
}

static struct device *device_create(struct device *parent, int node)
{
	struct device *dev = kzalloc(sizeof(*dev));

	if (!dev)
		return NULL;
	dev->parent = parent;
	dev->node = node;
	dev->name = fdt_get_name(tree, node, NULL);
	TAILQ_INSERT_TAIL(&devices, dev, link);
	return dev;
}

static bool node_is_simple_bus(int node)
{
	return !fdt_node_check_compatible(tree, node, "simple-bus") ||
	       !fdt_node_check_compatible(tree, node, "simple-pm-bus") ||
	       !fdt_node_check_compatible(tree, node, "simple-mfd");
}

/* "/clocks" groups oscillators and says nothing of itself. */
static bool node_is_clock_group(int node)
{
	return !strcmp(fdt_get_name(tree, node, NULL), "clocks") &&
	       dt_parent(tree, node) == 0;
}

#define BUS_DEPTH_MAX 8 /* of buses in buses: a bound for hostile trees */

/* Make devices of the nodes below bus; only those that some driver knows. */
static int devices_create_below(struct device *parent, int bus, int depth)
{
	struct device *dev;
	int node;
	int ret;

	fdt_for_each_subnode (node, tree, bus) {
		if (node_is_clock_group(node)) {
			ret = devices_create_below(NULL, node, BUS_DEPTH_MAX);
			if (ret)
				return ret;
		}
		if (!fdt_getprop(tree, node, "compatible", NULL) ||
		    !dt_node_is_available(tree, node))
			continue;
		dev = device_create(parent, node);
		if (!dev)
			return -ENOMEM;
		dev->probed = !device_bind(dev);
		if (!node_is_simple_bus(node) || depth == BUS_DEPTH_MAX)
			continue;
		ret = devices_create_below(dev, node, depth + 1);
		if (ret)
			return ret;
	}
	return 0;
}

/* Ask the driver once.  True if that brought something new into the world. */
static bool device_probe(struct device *dev)
{
	dev->probe_error = pins_apply_default(dev);
	if (!dev->probe_error)
		dev->probe_error = dev->driver->probe(dev);
	if (dev->probe_error == -EPROBE_DEFER)
		return false;

	dev->probed = true;
	if (dev->probe_error && dev->probe_error != -ENODEV)
		pr_err("%s: %s does not work: error %d", dev->name,
		       dev->driver->name, -dev->probe_error);
	return dev->probe_error == 0;
}

/* Probe what waits until a whole round brings nothing new. */
static void devices_probe_waiting(void)
{
	struct device *dev;
	bool progress;

	do {
		progress = false;
		TAILQ_FOREACH (dev, &devices, link) {
			if (!dev->probed && device_probe(dev))
				progress = true;
		}
	} while (progress);
}

static void devices_report_waiting(void)
{
	struct device *dev;

	TAILQ_FOREACH (dev, &devices, link) {
		if (!dev->probed)
			pr_warn("%s: %s waits for a device that is not there",
				dev->name, dev->driver->name);
	}
}

void device_init(const void *fdt)
{
	ASSERT(!tree);
	tree = fdt;
	if (devices_create_below(NULL, 0, 0))
		pr_err("devices: no memory for all of the device tree");
	devices_probe_waiting();
	devices_report_waiting();
}

int device_probe_children(struct device *bus)
{
	int ret = devices_create_below(bus, bus->node, BUS_DEPTH_MAX);

	/* device_init()'s loop is running and will come to the new ones. */
	return ret;
}

struct device *device_find(int node)
{
	struct device *dev;

	TAILQ_FOREACH (dev, &devices, link) {
		if (dev->node == node)
			break;
	}
	return dev;
}

void device_shutdown_all(void)
{
	struct device *dev;

	TAILQ_FOREACH_REVERSE (dev, &devices, device_list, link) {
		if (dev->driver && !dev->probe_error && dev->driver->shutdown)
			dev->driver->shutdown(dev);
	}
}

const void *device_match_data(const struct device *dev)
{
	return dev->match->data;
}

int device_get_reg(const struct device *dev, unsigned index, paddr_t *base,
		   size_t *size)
{
	struct dt_range reg;
	int ret = dt_get_reg(tree, dev->node, index, &reg);

	if (ret)
		return ret == -FDT_ERR_NOTFOUND ? -ENOENT : -EINVAL;
	if (!reg.size || reg.start + reg.size - 1 < reg.start)
		return -EINVAL;
	*base = reg.start;
	*size = reg.size;
	return 0;
}

int device_map_reg(struct device *dev, unsigned index, void __iomem **regs)
{
	paddr_t base;
	size_t size;
	int ret;

	ret = device_get_reg(dev, index, &base, &size);
	if (ret)
		return ret;
	*regs = kmap_io(base, size);
	return *regs ? 0 : -ENOMEM;
}

void device_unmap_reg(struct device *dev, unsigned index, void __iomem *regs)
{
	paddr_t base;
	size_t size;

	if (!device_get_reg(dev, index, &base, &size))
		kunmap_io(regs, size);
}

bool device_has_prop(const struct device *dev, const char *name)
{
	return fdt_getprop(tree, dev->node, name, NULL) != NULL;
}

uint32_t device_get_u32(const struct device *dev, const char *name,
			uint32_t fallback)
{
	uint32_t value;

	return dt_get_u32(tree, dev->node, name, &value) ? fallback : value;
}
