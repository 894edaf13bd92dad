// SPDX-License-Identifier: MIT
/*
 * DMA controllers and their channels.  Bindings: dma/dma.txt and
 * reserved-memory/reserved-memory.yaml of the Linux kernel.  A pool's property
 * keel,uncached is where the same memory is seen without caches.
 */
#include <dev/dma.h>

#include <lib/errno.h>

#include <arch/kmap.h>
#include <dev/device.h>

static struct provider_list dma_controllers;

void dma_controller_register(struct dma_controller *controller)
{
	provider_add(&dma_controllers, &controller->provider);
}

int dma_channel_get(const struct device *dev, const char *name, dma_done *done,
		    void *arg, struct dma_channel **channel)
{
	struct dma_controller *controller;
	struct provider *provider;
	struct dt_args args;
	int index = fdt_stringlist_search(device_tree(), dev->node, "dma-names",
					  name);
	int ret;

	if (index < 0)
		return -ENOENT;
	ret = provider_resolve(&dma_controllers, dev->node, "dmas",
			       "#dma-cells", index, &provider, &args);
	if (ret)
		return ret;
	controller = container_of(provider, struct dma_controller, provider);
	ret = controller->ops->get(controller, &args, channel);
	if (ret)
		return ret;
	(*channel)->done = done;
	(*channel)->arg = arg;
	return 0;
}

void dma_channel_put(struct dma_channel *channel)
{
	channel->controller->ops->put(channel);
}

void dma_start(struct dma_channel *channel, const struct dma_transfer *transfer)
{
	channel->controller->ops->start(channel, transfer);
}

void dma_stop(struct dma_channel *channel)
{
	channel->controller->ops->stop(channel);
}

int dma_pool_map(const struct device *dev, void __iomem **memory,
		 paddr_t *address, size_t *size)
{
	const void *fdt = device_tree();
	int node = dt_get_phandle_node(fdt, dev->node, "memory-region", 0);
	struct dt_range reg;
	uint32_t uncached;

	if (node < 0)
		return node == -FDT_ERR_NOTFOUND ? -ENOENT : -EINVAL;
	if (dt_get_reg(fdt, node, 0, &reg) ||
	    dt_get_u32(fdt, node, "keel,uncached", &uncached) || !reg.size)
		return -EINVAL;
	*memory = kmap_io(uncached, reg.size);
	*address = uncached;
	*size = reg.size;
	return *memory ? 0 : -ENOMEM;
}
