// SPDX-License-Identifier: MIT
/*
 * The Goldfish real-time clock, as QEMU's virt machine has it.
 *
 * Registers: QEMU hw/rtc/goldfish_rtc.c's user-visible map.  The counter is
 * nanoseconds since 1970; reading the low half latches the high one.  Only
 * read, once at boot; alarms are left out.
 */
#include <lib/mmio.h>

#include <core/time.h>
#include <dev/device.h>

#define GOLDFISH_TIME_LOW  0x00
#define GOLDFISH_TIME_HIGH 0x04

static int goldfish_rtc_probe(struct device *dev)
{
	void __iomem *mapped;
	uint8_t __iomem *regs;
	uint64_t low, high;
	int ret;

	ret = device_map_reg(dev, 0, &mapped);
	if (ret)
		return ret;
	regs = mapped;
	low = mmio_read32(regs + GOLDFISH_TIME_LOW);
	high = mmio_read32(regs + GOLDFISH_TIME_HIGH);
	time_set_wall_ns(high << 32 | low);
	device_unmap_reg(dev, 0, mapped);
	return 0;
}

static const struct of_match goldfish_rtc_match[] = {
	{ .compatible = "google,goldfish-rtc" },
	{},
};

static const struct driver goldfish_rtc_driver = {
	.name = "goldfish-rtc",
	.match = goldfish_rtc_match,
	.probe = goldfish_rtc_probe,
};
DRIVER_DECLARE(goldfish_rtc_driver);
