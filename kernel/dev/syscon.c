// SPDX-License-Identifier: MIT
/*
 * System controllers.  Binding: mfd/syscon.yaml of the Linux kernel: a node
 * that says so besides what it is, or the parent of those that use it.
 */
#include <dev/syscon.h>

#include <lib/errno.h>
#include <lib/mmio.h>

#include <core/panic.h>
#include <dev/device.h>

static struct provider_list syscons;

void syscon_register(struct syscon *syscon)
{
	spin_init(&syscon->lock, LOCK_LEAF);
	provider_add(&syscons, &syscon->provider);
}

static int syscon_found(struct provider *provider, struct syscon **syscon)
{
	if (!provider)
		return -EPROBE_DEFER;
	*syscon = container_of(provider, struct syscon, provider);
	return 0;
}

int syscon_get_parent(const struct device *dev, struct syscon **syscon)
{
	if (!dev->parent)
		return -ENOENT;
	return syscon_found(provider_find(&syscons, dev->parent->node), syscon);
}

int syscon_get(const struct device *dev, const char *name,
	       struct syscon **syscon, uint32_t *offset)
{
	const void *fdt = device_tree();
	int node = dt_get_phandle_node(fdt, dev->node, name, 0);
	const fdt32_t *prop;
	int len;
	int ret;

	if (node < 0)
		return node == -FDT_ERR_NOTFOUND ? -ENOENT : -EINVAL;
	prop = dt_getprop(fdt, dev->node, name, &len);
	if (!dt_cell(prop, len, 1, offset))
		return -EINVAL;
	ret = syscon_found(provider_find(&syscons, node), syscon);
	if (ret)
		return ret;
	return *offset % 4 || *offset >= (*syscon)->size ? -EINVAL : 0;
}

uint32_t syscon_read(struct syscon *syscon, uint32_t offset)
{
	ASSERT(offset < syscon->size);
	return mmio_read32(syscon->regs + offset);
}

void syscon_update(struct syscon *syscon, uint32_t offset, uint32_t mask,
		   uint32_t value)
{
	unsigned long flags = spin_lock_irqsave(&syscon->lock);
	uint32_t word = syscon_read(syscon, offset);

	mmio_write32((word & ~mask) | (value & mask), syscon->regs + offset);
	spin_unlock_irqrestore(&syscon->lock, flags);
}
