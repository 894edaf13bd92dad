// SPDX-License-Identifier: MIT
/*
 * DMA between memory and a device's data register, in words of 32 bits.
 *
 * The caches do not see what moves there: buffers lie in a pool that the tree
 * reserves, which nobody touches but through the address that bypasses them.
 */
#pragma once

#include <dev/provider.h>

struct device;
struct dma_channel;
struct dma_controller;

enum dma_direction { DMA_TO_DEVICE, DMA_FROM_DEVICE };

struct dma_transfer {
	enum dma_direction direction;
	paddr_t memory;    /* as the DMA controller sees it */
	paddr_t port;      /* the data register */
	uint32_t nr_words; /* > 0 */
	bool same_word;    /* memory is one word, again and again */
	bool silent; /* no interrupt, no done(): another one's end tells */
};

struct dma_ops {
	/* A free channel for what the cells say: 0, -EBUSY or -EINVAL. */
	int (*get)(struct dma_controller *controller,
		   const struct dt_args *args, struct dma_channel **channel);
	void (*put)(struct dma_channel *channel);
	void (*start)(struct dma_channel *channel,
		      const struct dma_transfer *transfer);
	void (*stop)(struct dma_channel *channel);
};

/* Filled by its driver, never freed. */
struct dma_controller {
	struct provider provider;
	const struct dma_ops *ops; /* [I] */
	void *private;             /* [I] the driver's */
};

/* Interrupts off; status is 0 or -EIO. */
typedef void dma_done(void *arg, int status);

/* Embedded by the controller's driver; done and arg are the user's. */
struct dma_channel {
	struct dma_controller *controller; /* [I] */
	dma_done *done;                    /* [I] while it is taken */
	void *arg;                         /* [I] */
};

void dma_controller_register(struct dma_controller *controller);

/*
 * Take the channel that dma-names calls name; done(arg, status) will be called
 * at the end of each transfer.  0, -ENOENT, -EINVAL, -EPROBE_DEFER or -EBUSY.
 * Context: thread.
 */
int dma_channel_get(const struct device *dev, const char *name, dma_done *done,
		    void *arg, struct dma_channel **channel);
void dma_channel_put(struct dma_channel *channel); /* idle or stopped */

/* Context: any.  After dma_stop() done() is not called any more. */
void dma_start(struct dma_channel *channel,
	       const struct dma_transfer *transfer);
void dma_stop(struct dma_channel *channel);

/*
 * The memory that the device's memory-region reserves for DMA: where the CPU
 * sees it uncached, its address for transfers, its size.  0, -ENOENT, -EINVAL
 * or -ENOMEM.  Context: thread; may sleep.
 */
int dma_pool_map(const struct device *dev, void __iomem **memory,
		 paddr_t *address, size_t *size);
