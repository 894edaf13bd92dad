// SPDX-License-Identifier: MIT
/*
 * GPIO of DesignWare's APB peripherals (DW_apb_gpio), of which port A is used:
 * eight lines on the K210.
 *
 * Registers: kendryte-standalone-sdk, lib/drivers/include/gpio.h.  Binding:
 * gpio/snps,dw-apb-gpio.yaml: the registers are the outer node's, the lines
 * those of its children.  One interrupt serves all lines.  Revisions of before
 * 2.13 have no interrupt at both edges: the polarity is turned at each.
 */
#include <core/alloc.h>
#include <dev/clk.h>
#include <dev/device.h>
#include <dev/gpio.h>
#include <dev/irq.h>
#include <dev/reset.h>
#include <lib/errno.h>
#include <lib/mmio.h>

#define GPIO_OUTPUT       0x00
#define GPIO_DIRECTION    0x04 /* 1: output */
#define GPIO_INT_ENABLE   0x30
#define GPIO_INT_MASK     0x34
#define GPIO_INT_EDGE     0x38 /* 0: level */
#define GPIO_INT_POLARITY 0x3c /* 1: rising */
#define GPIO_INT_STATUS   0x40
#define GPIO_DEBOUNCE     0x48
#define GPIO_EOI          0x4c
#define GPIO_INPUT        0x50

struct dw_gpio {
	struct gpio_chip chip;
	uint8_t __iomem *regs; /* [I] */
	uint32_t both_edges;   /* [chip->lock] lines that want both */
};

static void dw_gpio_update(struct gpio_chip *chip, unsigned reg, unsigned line,
			   bool on)
{
	struct dw_gpio *gpio = chip->private;
	uint8_t __iomem *addr = gpio->regs + reg;
	uint32_t word = mmio_read32(addr) & ~(1u << line);

	mmio_write32(word | (uint32_t)on << line, addr);
}

static bool dw_gpio_bit(struct gpio_chip *chip, unsigned reg, unsigned line)
{
	struct dw_gpio *gpio = chip->private;

	return mmio_read32(gpio->regs + reg) >> line & 1;
}

static void dw_gpio_write(struct gpio_chip *chip, unsigned line, bool high)
{
	dw_gpio_update(chip, GPIO_OUTPUT, line, high);
}

static void dw_gpio_set_output(struct gpio_chip *chip, unsigned line, bool high)
{
	/* The level first, so that the pad does not twitch. */
	dw_gpio_write(chip, line, high);
	dw_gpio_update(chip, GPIO_DIRECTION, line, true);
}

static void dw_gpio_set_input(struct gpio_chip *chip, unsigned line)
{
	dw_gpio_update(chip, GPIO_DIRECTION, line, false);
}

static bool dw_gpio_is_output(struct gpio_chip *chip, unsigned line)
{
	return dw_gpio_bit(chip, GPIO_DIRECTION, line);
}

static bool dw_gpio_read(struct gpio_chip *chip, unsigned line)
{
	unsigned reg = dw_gpio_is_output(chip, line) ? GPIO_OUTPUT : GPIO_INPUT;

	return dw_gpio_bit(chip, reg, line);
}

/* Wait for the edge that leaves the present level. */
static void dw_gpio_turn(struct gpio_chip *chip, unsigned line)
{
	dw_gpio_update(chip, GPIO_INT_POLARITY, line,
		       !dw_gpio_bit(chip, GPIO_INPUT, line));
}

static void dw_gpio_set_edges(struct gpio_chip *chip, unsigned line,
			      unsigned edges)
{
	struct dw_gpio *gpio = chip->private;
	bool both = edges == (GPIO_EDGE_RISING | GPIO_EDGE_FALLING);

	dw_gpio_update(chip, GPIO_INT_MASK, line, true);
	gpio->both_edges &= ~(1u << line);
	gpio->both_edges |= (uint32_t)both << line;
	dw_gpio_update(chip, GPIO_INT_EDGE, line, true);
	dw_gpio_update(chip, GPIO_INT_POLARITY, line, edges & GPIO_EDGE_RISING);
	if (both)
		dw_gpio_turn(chip, line);
	mmio_write32(1u << line, gpio->regs + GPIO_EOI);
	dw_gpio_update(chip, GPIO_INT_ENABLE, line, edges);
	dw_gpio_update(chip, GPIO_INT_MASK, line, !edges);
}

static const struct gpio_chip_ops dw_gpio_ops = {
	.set_output = dw_gpio_set_output,
	.set_input = dw_gpio_set_input,
	.is_output = dw_gpio_is_output,
	.write = dw_gpio_write,
	.read = dw_gpio_read,
	.set_edges = dw_gpio_set_edges,
};

static void dw_gpio_interrupt(void *arg)
{
	struct dw_gpio *gpio = arg;
	struct gpio_chip *chip = &gpio->chip;
	unsigned long flags = spin_lock_irqsave(&chip->lock);
	uint32_t pending = mmio_read32(gpio->regs + GPIO_INT_STATUS);

	mmio_write32(pending, gpio->regs + GPIO_EOI);
	for (unsigned line = 0; line < chip->nr_lines; line++) {
		if (pending & gpio->both_edges & 1u << line)
			dw_gpio_turn(chip, line);
	}
	spin_unlock_irqrestore(&chip->lock, flags);
	for (unsigned line = 0; line < chip->nr_lines; line++) {
		if (pending >> line & 1)
			gpio_handle_edge(chip, line);
	}
}

/* The lines of port A; what is around them, the parent has set up. */
static int dw_gpio_port_probe(struct device *dev)
{
	struct dw_gpio *gpio;
	uint32_t lines = device_get_u32(dev, "snps,nr-gpios", 8);
	int ret;

	if (device_get_u32(dev, "reg", 0) != 0)
		return -ENODEV; /* the other ports have no interrupts */
	gpio = kzalloc(sizeof(*gpio));
	if (!gpio)
		return -ENOMEM;
	gpio->regs = (__force uint8_t __iomem *)dev->parent->private;
	gpio->chip.provider.node = dev->node;
	gpio->chip.name = dev->parent->name;
	gpio->chip.nr_lines = MIN(device_get_u32(dev, "ngpios", lines), 32);
	gpio->chip.ops = &dw_gpio_ops;
	gpio->chip.private = gpio;
	ret = irq_request(dev, 0, dw_gpio_interrupt, gpio);
	if (ret)
		goto err_free;
	ret = gpio_chip_register(&gpio->chip);
	if (ret)
		goto err_free_irq;
	return 0;

err_free_irq:
	irq_free(dev, 0);
err_free:
	kfree(gpio);
	return ret;
}

static int dw_gpio_probe(struct device *dev)
{
	struct reset reset;
	void __iomem *regs;
	int ret;

	ret = reset_get(dev, 0, &reset);
	if (ret)
		return ret;
	ret = clk_enable_all(dev);
	if (ret)
		return ret;
	ret = device_map_reg(dev, 0, &regs);
	if (ret)
		goto err_disable_clks;
	reset_deassert(&reset);
	mmio_write32(0, (uint8_t __iomem *)regs + GPIO_INT_ENABLE);
	mmio_write32(0, (uint8_t __iomem *)regs + GPIO_DEBOUNCE);
	dev->private = (__force void *)regs;
	ret = device_probe_children(dev);
	if (ret)
		goto err_unmap;
	return 0;

err_unmap:
	device_unmap_reg(dev, 0, regs);
err_disable_clks:
	clk_disable_all(dev);
	return ret;
}

static const struct of_match dw_gpio_port_match[] = {
	{ .compatible = "snps,dw-apb-gpio-port" },
	{},
};

static const struct driver dw_gpio_port_driver = {
	.name = "dw-gpio-port",
	.match = dw_gpio_port_match,
	.probe = dw_gpio_port_probe,
};
DRIVER_DECLARE(dw_gpio_port_driver);

static const struct of_match dw_gpio_match[] = {
	{ .compatible = "snps,dw-apb-gpio" },
	{},
};

static const struct driver dw_gpio_driver = {
	.name = "dw-gpio",
	.match = dw_gpio_match,
	.probe = dw_gpio_probe,
};
DRIVER_DECLARE(dw_gpio_driver);
