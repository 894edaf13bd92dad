// SPDX-License-Identifier: MIT
/*
 * Clocks of SiFive's FU540 (PRCI): the core PLL and what hangs on it, as the
 * previous boot stage set them.  Nothing is changed.
 *
 * Registers: SiFive FU540-C000 manual v1p0, chapter 7; numbers of the clocks as
 * in Linux's sifive-fu540-prci.h.
 */
#include <core/alloc.h>
#include <dev/clk.h>
#include <dev/device.h>
#include <lib/errno.h>
#include <lib/mmio.h>

#define PRCI_COREPLL 0x04
#define PRCI_CORESEL 0x24 /* bit 0: the crystal, not the PLL */

#define PRCI_PLL_R(reg) (((reg)&63) + 1)
#define PRCI_PLL_F(reg) (2 * (((reg) >> 6 & 511) + 1))
#define PRCI_PLL_Q(reg) ((reg) >> 15 & 7)

enum fu540_clk {
	FU540_CORE,
	FU540_DDR,
	FU540_GEMGXL,
	FU540_TILELINK,
	FU540_NR_CLKS
};

struct fu540_prci {
	struct clk_controller controller;
	uint8_t __iomem *regs; /* [I] */
	uint64_t crystal_hz;   /* [I] */
};

static int fu540_enable(struct clk_controller *controller, unsigned id)
{
	(void)controller;
	return id == FU540_CORE || id == FU540_TILELINK ? 0 : -EOPNOTSUPP;
}

static void fu540_disable(struct clk_controller *controller, unsigned id)
{
	(void)controller;
	(void)id;
}

static uint64_t fu540_rate(struct clk_controller *controller, unsigned id)
{
	struct fu540_prci *prci =
		container_of(controller, struct fu540_prci, controller);
	uint32_t pll = mmio_read32(prci->regs + PRCI_COREPLL);
	uint64_t hz = prci->crystal_hz;

	if (!(mmio_read32(prci->regs + PRCI_CORESEL) & 1))
		hz = hz * PRCI_PLL_F(pll) / PRCI_PLL_R(pll) >> PRCI_PLL_Q(pll);
	return id == FU540_TILELINK ? hz / 2 : hz;
}

static const struct clk_ops fu540_clk_ops = {
	.enable = fu540_enable,
	.disable = fu540_disable,
	.rate = fu540_rate,
};

static int fu540_prci_probe(struct device *dev)
{
	struct fu540_prci *prci;
	struct clk crystal;
	void __iomem *regs;
	int ret;

	ret = clk_get(dev, 0, &crystal);
	if (ret)
		return ret;
	prci = kzalloc(sizeof(*prci));
	if (!prci)
		return -ENOMEM;
	ret = device_map_reg(dev, 0, &regs);
	if (ret)
		goto err_free;
	prci->regs = regs;
	prci->crystal_hz = clk_rate(&crystal);
	prci->controller.provider.node = dev->node;
	prci->controller.ops = &fu540_clk_ops;
	prci->controller.nr_clks = FU540_NR_CLKS;
	ret = clk_controller_register(&prci->controller);
	if (ret)
		goto err_unmap;
	return 0;

err_unmap:
	device_unmap_reg(dev, 0, regs);
err_free:
	kfree(prci);
	return ret;
}

static const struct of_match fu540_prci_match[] = {
	{ .compatible = "sifive,fu540-c000-prci" },
	{},
};

static const struct driver fu540_prci_driver = {
	.name = "fu540-prci",
	.match = fu540_prci_match,
	.probe = fu540_prci_probe,
};
DRIVER_DECLARE(fu540_prci_driver);
