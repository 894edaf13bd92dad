// SPDX-License-Identifier: MIT
/*
 * Watchdog of DesignWare's APB peripherals (DW_apb_wdt): "snps,dw-wdt".
 *
 * Registers: kendryte-standalone-sdk, lib/drivers/include/wdt.h.  It resets the
 * machine at the first timeout, without an interrupt before.  Timeouts are
 * powers of two of the clock; once enabled it can only be stopped by its reset.
 */
#include <lib/errno.h>
#include <lib/mmio.h>

#include <core/alloc.h>
#include <dev/clk.h>
#include <dev/device.h>
#include <dev/reset.h>
#include <dev/watchdog.h>

#define WDT_CR   0x00 /* bit 0: enable; bit 1: interrupt first */
#define WDT_TORR 0x04 /* exponent of the timeout, twice */
#define WDT_CCVR 0x08
#define WDT_CRR  0x0c

#define WDT_CR_ENABLE  1u
#define WDT_CRR_KICK   0x76u
#define WDT_TOP_MAX    15u
#define WDT_TICKS(top) (1ull << (16 + (top)))

struct dw_wdt {
	struct watchdog watchdog;
	uint8_t __iomem *regs; /* [I] */
	struct reset reset;    /* [I] */
	uint64_t clk_hz;       /* [I] */
};

static void dw_wdt_kick(struct watchdog *watchdog)
{
	struct dw_wdt *wdt = watchdog->private;

	mmio_write32(WDT_CRR_KICK, wdt->regs + WDT_CRR);
}

static unsigned dw_wdt_start(struct watchdog *watchdog, unsigned timeout_s)
{
	struct dw_wdt *wdt = watchdog->private;
	unsigned top = 0;

	while (top < WDT_TOP_MAX && WDT_TICKS(top) < timeout_s * wdt->clk_hz)
		top++;
	mmio_write32(top | top << 4, wdt->regs + WDT_TORR);
	/* The new timeout counts from the next kick on. */
	dw_wdt_kick(watchdog);
	mmio_write32(WDT_CR_ENABLE, wdt->regs + WDT_CR);
	return (unsigned)(WDT_TICKS(top) / wdt->clk_hz);
}

static void dw_wdt_stop(struct watchdog *watchdog)
{
	struct dw_wdt *wdt = watchdog->private;

	reset_pulse(&wdt->reset);
}

static unsigned dw_wdt_left_s(struct watchdog *watchdog)
{
	struct dw_wdt *wdt = watchdog->private;

	return (unsigned)(mmio_read32(wdt->regs + WDT_CCVR) / wdt->clk_hz);
}

static const struct watchdog_ops dw_wdt_ops = {
	.start = dw_wdt_start,
	.stop = dw_wdt_stop,
	.kick = dw_wdt_kick,
	.left_s = dw_wdt_left_s,
};

static int dw_wdt_power_up(struct device *dev, struct dw_wdt *wdt)
{
	void __iomem *regs;
	struct clk clk;
	int ret;

	ret = reset_get(dev, 0, &wdt->reset);
	if (!ret && !wdt->reset.controller)
		ret = -ENODEV; /* it could not be stopped */
	if (!ret)
		ret = clk_get(dev, 0, &clk);
	if (!ret)
		ret = clk_enable_all(dev);
	if (ret)
		return ret;
	wdt->clk_hz = clk_rate(&clk);
	ret = wdt->clk_hz ? device_map_reg(dev, 0, &regs) : -EINVAL;
	if (ret) {
		clk_disable_all(dev);
		return ret;
	}
	wdt->regs = regs;
	return 0;
}

static int dw_wdt_probe(struct device *dev)
{
	struct dw_wdt *wdt = kzalloc(sizeof(*wdt));
	int ret;

	if (!wdt)
		return -ENOMEM;
	ret = dw_wdt_power_up(dev, wdt);
	if (ret) {
		kfree(wdt);
		return ret;
	}
	dev->private = wdt;
	wdt->watchdog.ops = &dw_wdt_ops;
	wdt->watchdog.name = "DesignWare watchdog";
	wdt->watchdog.max_timeout_s =
		(unsigned)(WDT_TICKS(WDT_TOP_MAX) / wdt->clk_hz);
	wdt->watchdog.private = wdt;
	/* A previous stage may have left it running. */
	dw_wdt_stop(&wdt->watchdog);
	watchdog_register(&wdt->watchdog);
	return 0;
}

static const struct of_match dw_wdt_match[] = {
	{ .compatible = "snps,dw-wdt" },
	{},
};

static const struct driver dw_wdt_driver = {
	.name = "dw-wdt",
	.match = dw_wdt_match,
	.probe = dw_wdt_probe,
};
DRIVER_DECLARE(dw_wdt_driver);
