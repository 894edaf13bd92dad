// SPDX-License-Identifier: MIT
/*
 * DMA controller of DesignWare, AXI (DW_axi_dmac), as the K210 has it.
 *
 * Registers: kendryte-standalone-sdk, lib/drivers/include/dmac.h.  One block a
 * transfer, between memory and a device that asks by handshake.  Which device
 * asks at which of the K210's interfaces, its system controller selects
 * (dma_sel): a channel uses the interface of its own number.
 */
#include <lib/errno.h>
#include <lib/mmio.h>

#include <core/alloc.h>
#include <core/lock.h>
#include <dev/clk.h>
#include <dev/device.h>
#include <dev/dma.h>
#include <dev/irq.h>
#include <dev/reset.h>
#include <dev/syscon.h>

#define DMAC_CFG        0x10 /* bit 0: enable; bit 1: interrupts */
#define DMAC_CHEN       0x18
#define DMAC_RESET      0x58
#define DMAC_CH(n, reg) (0x100 + 0x100 * (n) + (reg))

#define CH_SAR        0x00
#define CH_DAR        0x08
#define CH_BLOCK_TS   0x10
#define CH_CTL        0x18
#define CH_CFG        0x20
#define CH_INT_ENABLE 0x80
#define CH_INT_STATUS 0x88
#define CH_INT_SIGNAL 0x90
#define CH_INT_CLEAR  0x98

#define CH_CTL_DST_MASTER2 (1ull << 2)
#define CH_CTL_SRC_FIXED   (1ull << 4)
#define CH_CTL_DST_FIXED   (1ull << 6)
#define CH_CTL_WORDS       (2ull << 8 | 2ull << 11) /* 32 bits, both sides */
#define CH_CTL_SRC_BURST4  (1ull << 14)
#define CH_CTL_DST_BURST4  (1ull << 18)

#define CH_CFG_TO_DEVICE   (1ull << 32)
#define CH_CFG_FROM_DEVICE (2ull << 32)
#define CH_CFG_SRC_SOFT    (1ull << 35) /* memory needs no handshake */
#define CH_CFG_DST_SOFT    (1ull << 36)
#define CH_CFG_SRC(n)      ((uint64_t)(n) << 39)
#define CH_CFG_DST(n)      ((uint64_t)(n) << 44)
#define CH_CFG_PRIORITY(n) ((uint64_t)(n) << 49)

#define CH_INT_DONE   (1u << 1)
#define CH_INT_ERRORS 0x1fe0u /* decoding and slave errors */

#define DW_DMA_CHANNELS 6

struct dw_dma_channel {
	struct dma_channel channel;
	struct dw_dma *dma; /* [I] */
	unsigned number;    /* [I] */
	bool taken;         /* [dma->lock] */
};

struct dw_dma {
	struct dma_controller controller;
	uint8_t __iomem *regs; /* [I] */
	struct syscon *sysctl; /* [I] that has dma_sel; NULL: none */
	uint32_t dma_sel;      /* [I] its offset there */
	spinlock_t lock;       /* irqsave; rank LOCK_LEAF: CHEN, taken */
	struct dw_dma_channel channels[DW_DMA_CHANNELS];
};

static struct dw_dma_channel *dw_dma_channel(struct dma_channel *channel)
{
	return container_of(channel, struct dw_dma_channel, channel);
}

static void dw_dma_write(struct dw_dma_channel *channel, unsigned reg,
			 uint64_t value)
{
	mmio_write64(value, channel->dma->regs + DMAC_CH(channel->number, reg));
}

/* Each channel's bit comes with one that lets it be written. */
static void dw_dma_switch(struct dw_dma_channel *channel, bool on)
{
	uint64_t bit = 1ull << channel->number;

	mmio_write64(bit << 8 | (on ? bit : 0), channel->dma->regs + DMAC_CHEN);
}

static void dw_dma_interrupt(void *arg)
{
	struct dw_dma_channel *channel = arg;
	uint8_t __iomem *regs =
		channel->dma->regs + DMAC_CH(channel->number, 0);
	uint64_t status = mmio_read64(regs + CH_INT_STATUS);

	mmio_write64(0xffffffff, regs + CH_INT_CLEAR);
	if (!channel->taken || !(status & (CH_INT_DONE | CH_INT_ERRORS)))
		return;
	channel->channel.done(channel->channel.arg,
			      status & CH_INT_ERRORS ? -EIO : 0);
}

/* dma_sel has six bits a channel, five channels a register. */
static void dw_dma_select(struct dw_dma *dma, unsigned number, uint32_t request)
{
	unsigned shift = number % 5 * 6;

	if (dma->sysctl)
		syscon_update(dma->sysctl, dma->dma_sel + number / 5 * 4,
			      0x3fu << shift, request << shift);
}

static int dw_dma_get(struct dma_controller *controller,
		      const struct dt_args *args, struct dma_channel **result)
{
	struct dw_dma *dma = controller->private;
	unsigned long flags;
	unsigned n;

	if (args->nr_cells != 1 || args->cells[0] > 0x3f)
		return -EINVAL;
	flags = spin_lock_irqsave(&dma->lock);
	for (n = 0; n < DW_DMA_CHANNELS && dma->channels[n].taken; n++)
		;
	if (n < DW_DMA_CHANNELS)
		dma->channels[n].taken = true;
	spin_unlock_irqrestore(&dma->lock, flags);
	if (n == DW_DMA_CHANNELS)
		return -EBUSY;
	dw_dma_select(dma, n, args->cells[0]);
	*result = &dma->channels[n].channel;
	return 0;
}

static void dw_dma_put(struct dma_channel *channel)
{
	dw_dma_channel(channel)->taken = false;
}

static void dw_dma_start(struct dma_channel *which,
			 const struct dma_transfer *transfer)
{
	struct dw_dma_channel *channel = dw_dma_channel(which);
	bool to_device = transfer->direction == DMA_TO_DEVICE;
	unsigned n = channel->number;
	uint64_t cfg = CH_CFG_SRC(n) | CH_CFG_DST(n) | CH_CFG_PRIORITY(n);
	uint64_t ctl = CH_CTL_WORDS | CH_CTL_DST_MASTER2;

	cfg |= to_device ? CH_CFG_TO_DEVICE | CH_CFG_SRC_SOFT
			 : CH_CFG_FROM_DEVICE | CH_CFG_DST_SOFT;
	ctl |= to_device ? CH_CTL_DST_FIXED | CH_CTL_DST_BURST4
			 : CH_CTL_SRC_FIXED;
	if (transfer->same_word)
		ctl |= to_device ? CH_CTL_SRC_FIXED : CH_CTL_DST_FIXED;
	/* CFG comes before addresses and length. */
	dw_dma_write(channel, CH_CFG, cfg);
	dw_dma_write(channel, CH_SAR,
		     to_device ? transfer->memory : transfer->port);
	dw_dma_write(channel, CH_DAR,
		     to_device ? transfer->port : transfer->memory);
	dw_dma_write(channel, CH_BLOCK_TS, transfer->nr_words - 1);
	dw_dma_write(channel, CH_CTL, ctl);
	dw_dma_write(channel, CH_INT_CLEAR, 0xffffffff);
	dw_dma_write(channel, CH_INT_ENABLE, CH_INT_DONE | CH_INT_ERRORS);
	dw_dma_write(channel, CH_INT_SIGNAL,
		     transfer->silent ? 0 : CH_INT_DONE | CH_INT_ERRORS);
	dw_dma_switch(channel, true);
}

static void dw_dma_stop(struct dma_channel *which)
{
	struct dw_dma_channel *channel = dw_dma_channel(which);

	dw_dma_write(channel, CH_INT_SIGNAL, 0);
	dw_dma_switch(channel, false);
	dw_dma_write(channel, CH_INT_CLEAR, 0xffffffff);
}

static const struct dma_ops dw_dma_ops = {
	.get = dw_dma_get,
	.put = dw_dma_put,
	.start = dw_dma_start,
	.stop = dw_dma_stop,
};

static int dw_dma_request_irqs(struct device *dev, struct dw_dma *dma)
{
	unsigned n;
	int ret = 0;

	for (n = 0; n < DW_DMA_CHANNELS; n++) {
		dma->channels[n].dma = dma;
		dma->channels[n].number = n;
		dma->channels[n].channel.controller = &dma->controller;
		ret = irq_request(dev, n, dw_dma_interrupt, &dma->channels[n]);
		if (ret)
			break;
	}
	while (ret && n--)
		irq_free(dev, n);
	return ret;
}

/* Where dma_sel is: a K210's tree says so, others have fixed interfaces. */
static int dw_dma_find_sysctl(const struct device *dev, struct dw_dma *dma)
{
	int ret = syscon_get(dev, "canaan,k210-sysctl-dma", &dma->sysctl,
			     &dma->dma_sel);

	return ret == -ENOENT ? 0 : ret;
}

static int dw_dma_power_up(struct device *dev, struct dw_dma *dma)
{
	struct reset reset;
	void __iomem *regs;
	int ret;

	ret = reset_get(dev, 0, &reset);
	if (!ret)
		ret = dw_dma_find_sysctl(dev, dma);
	if (!ret)
		ret = clk_enable_all(dev);
	if (ret)
		return ret;
	ret = device_map_reg(dev, 0, &regs);
	if (ret) {
		clk_disable_all(dev);
		return ret;
	}
	dma->regs = regs;
	reset_pulse(&reset);
	mmio_write64(3, dma->regs + DMAC_CFG);
	return 0;
}

static int dw_dma_probe(struct device *dev)
{
	struct dw_dma *dma = kzalloc(sizeof(*dma));
	int ret;

	if (!dma)
		return -ENOMEM;
	spin_init(&dma->lock, LOCK_LEAF);
	ret = dw_dma_power_up(dev, dma);
	if (ret)
		goto err_free;
	ret = dw_dma_request_irqs(dev, dma);
	if (ret)
		goto err_power_down;
	dma->controller.provider.node = dev->node;
	dma->controller.ops = &dw_dma_ops;
	dma->controller.private = dma;
	dma_controller_register(&dma->controller);
	return 0;

err_power_down:
	device_unmap_reg(dev, 0, dma->regs);
	clk_disable_all(dev);
err_free:
	kfree(dma);
	return ret;
}

static const struct of_match dw_dma_match[] = {
	{ .compatible = "snps,axi-dma-1.01a" },
	{},
};

static const struct driver dw_dma_driver = {
	.name = "dw-axi-dma",
	.match = dw_dma_match,
	.probe = dw_dma_probe,
};
DRIVER_DECLARE(dw_dma_driver);
