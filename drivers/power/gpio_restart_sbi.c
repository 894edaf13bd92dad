// SPDX-License-Identifier: MIT
/*
 * Restart by a pin of SiFive's GPIO block: binding gpio-restart, as on the
 * HiFive Unleashed.  SiFive FU540-C000 manual v1p4, chapter 17.
 */
#include <device.h>
#include <lib/fdt.h>
#include <lib/mmio.h>
#include <reset.h>

#define GPIO_OUTPUT_EN  0x08
#define GPIO_OUTPUT_VAL 0x0c
#define NR_PINS         32

#define FLAG_ACTIVE_LOW 1u

/* [I] after boot */
static uint8_t __iomem *gpio;
static uint32_t pin_mask;
static bool is_active_low;

static void gpio_restart(uint64_t data, bool failed)
{
	uint32_t value = mmio_read32(gpio + GPIO_OUTPUT_VAL);
	uint32_t idle = is_active_low ? value | pin_mask : value & ~pin_mask;

	(void)data;
	(void)failed;
	/* An edge: idle first, in case the pin has been the other way. */
	mmio_write32(idle, gpio + GPIO_OUTPUT_VAL);
	mmio_write32(mmio_read32(gpio + GPIO_OUTPUT_EN) | pin_mask,
		     gpio + GPIO_OUTPUT_EN);
	mmio_write32(idle ^ pin_mask, gpio + GPIO_OUTPUT_VAL);
}

/* gpios = <controller pin flags>; other controllers are not ours to know. */
static int gpio_restart_probe(const void *fdt, int node, const void *data)
{
	int controller = dt_get_phandle_node(fdt, node, "gpios", 0);
	uint32_t pin, flags;
	struct dt_range reg;
	int len, ret;
	const fdt32_t *gpios = dt_getprop(fdt, node, "gpios", &len);

	(void)data;
	if (controller < 0)
		return controller;
	if (fdt_node_check_compatible(fdt, controller, "sifive,gpio0"))
		return -FDT_ERR_NOTFOUND;
	if (!dt_cell(gpios, len, 1, &pin) || !dt_cell(gpios, len, 2, &flags) ||
	    pin >= NR_PINS)
		return -FDT_ERR_BADVALUE;
	ret = dt_get_reg(fdt, controller, 0, &reg);
	if (ret)
		return ret;

	gpio = (uint8_t __iomem *)reg.start;
	pin_mask = 1u << pin;
	is_active_low = flags & FLAG_ACTIVE_LOW;
	reset_register(RESET_COLD_REBOOT, gpio_restart, 0, false);
	reset_register(RESET_WARM_REBOOT, gpio_restart, 0, false);
	return 0;
}

static const struct fw_match gpio_restart_match[] = {
	{ .compatible = "gpio-restart" },
	{},
};

const struct fw_driver gpio_restart_fw_driver = {
	.match = gpio_restart_match,
	.probe = gpio_restart_probe,
};
