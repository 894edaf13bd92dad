// SPDX-License-Identifier: MIT
/*
 * GPIO of SiFive's chips, which the K210 has as GPIOHS.
 *
 * Registers: SiFive FU540-C000 manual v1p0, chapter 17.  Each line has an
 * interrupt of its own; the bits that say which edge came are cleared by
 * writing 1.  Shared registers are changed under the chip's lock.  Pulls,
 * drive strength and the hardware functions of pads are left alone.
 */
#include <core/alloc.h>
#include <dev/clk.h>
#include <dev/device.h>
#include <dev/gpio.h>
#include <dev/irq.h>
#include <lib/errno.h>
#include <lib/mmio.h>

#define GPIO_INPUT_VAL  0x00
#define GPIO_INPUT_EN   0x04
#define GPIO_OUTPUT_EN  0x08
#define GPIO_OUTPUT_VAL 0x0c
#define GPIO_RISE_IE    0x18
#define GPIO_RISE_IP    0x1c
#define GPIO_FALL_IE    0x20
#define GPIO_FALL_IP    0x24
#define GPIO_HIGH_IE    0x28
#define GPIO_LOW_IE     0x30
#define GPIO_IOF_EN     0x38
#define GPIO_OUT_XOR    0x40

#define GPIO_LINES_MAX 32

/* The argument of a line's interrupt handler; whoever claimed it sets it up. */
struct sifive_gpio_line {
	struct sifive_gpio *gpio; /* NULL: its interrupt is not requested */
	unsigned line;
};

struct sifive_gpio {
	struct gpio_chip chip;
	struct device *dev;    /* [I] */
	uint8_t __iomem *regs; /* [I] */
	struct sifive_gpio_line lines[GPIO_LINES_MAX];
};

static void sifive_gpio_update(struct gpio_chip *chip, unsigned reg,
			       unsigned line, bool on)
{
	struct sifive_gpio *gpio = chip->private;
	uint8_t __iomem *addr = gpio->regs + reg;
	uint32_t word = mmio_read32(addr) & ~(1u << line);

	mmio_write32(word | (uint32_t)on << line, addr);
}

static void sifive_gpio_write(struct gpio_chip *chip, unsigned line, bool high)
{
	sifive_gpio_update(chip, GPIO_OUTPUT_VAL, line, high);
}

static void sifive_gpio_set_output(struct gpio_chip *chip, unsigned line,
				   bool high)
{
	/* The level first, so that the pad does not twitch. */
	sifive_gpio_update(chip, GPIO_OUT_XOR, line, false);
	sifive_gpio_write(chip, line, high);
	sifive_gpio_update(chip, GPIO_OUTPUT_EN, line, true);
	sifive_gpio_update(chip, GPIO_INPUT_EN, line, false);
}

static void sifive_gpio_set_input(struct gpio_chip *chip, unsigned line)
{
	sifive_gpio_update(chip, GPIO_INPUT_EN, line, true);
	sifive_gpio_update(chip, GPIO_OUTPUT_EN, line, false);
}

static bool sifive_gpio_is_output(struct gpio_chip *chip, unsigned line)
{
	struct sifive_gpio *gpio = chip->private;

	return mmio_read32(gpio->regs + GPIO_OUTPUT_EN) >> line & 1;
}

/* An output reads as what is driven: its input buffer is off. */
static bool sifive_gpio_read(struct gpio_chip *chip, unsigned line)
{
	struct sifive_gpio *gpio = chip->private;
	unsigned reg = sifive_gpio_is_output(chip, line) ? GPIO_OUTPUT_VAL
							 : GPIO_INPUT_VAL;

	return mmio_read32(gpio->regs + reg) >> line & 1;
}

static void sifive_gpio_set_edges(struct gpio_chip *chip, unsigned line,
				  unsigned edges)
{
	struct sifive_gpio *gpio = chip->private;

	mmio_write32(1u << line, gpio->regs + GPIO_RISE_IP);
	mmio_write32(1u << line, gpio->regs + GPIO_FALL_IP);
	sifive_gpio_update(chip, GPIO_RISE_IE, line, edges & GPIO_EDGE_RISING);
	sifive_gpio_update(chip, GPIO_FALL_IE, line, edges & GPIO_EDGE_FALLING);
}

/*
 * The K210 clears a pending edge only while that edge does not interrupt
 * (kendryte-standalone-sdk, lib/drivers/gpiohs.c); others do not mind.
 */
static void sifive_gpio_clear(struct gpio_chip *chip, unsigned line,
			      unsigned ie, unsigned ip)
{
	struct sifive_gpio *gpio = chip->private;

	if (!(mmio_read32(gpio->regs + ip) >> line & 1) ||
	    !(mmio_read32(gpio->regs + ie) >> line & 1))
		return;
	sifive_gpio_update(chip, ie, line, false);
	mmio_write32(1u << line, gpio->regs + ip);
	sifive_gpio_update(chip, ie, line, true);
}

static void sifive_gpio_interrupt(void *arg)
{
	struct sifive_gpio_line *line = arg;
	struct gpio_chip *chip = &line->gpio->chip;
	unsigned long flags = spin_lock_irqsave(&chip->lock);

	sifive_gpio_clear(chip, line->line, GPIO_RISE_IE, GPIO_RISE_IP);
	sifive_gpio_clear(chip, line->line, GPIO_FALL_IE, GPIO_FALL_IP);
	spin_unlock_irqrestore(&chip->lock, flags);
	gpio_handle_edge(chip, line->line);
}

/* Interrupts are asked for when the first edge is: few lines ever do. */
static int sifive_gpio_prepare_edges(struct gpio_chip *chip, unsigned line)
{
	struct sifive_gpio *gpio = chip->private;
	struct sifive_gpio_line *mine = &gpio->lines[line];
	int ret;

	if (mine->gpio)
		return 0;
	mine->line = line;
	mine->gpio = gpio;
	ret = irq_request(gpio->dev, line, sifive_gpio_interrupt, mine);
	if (ret)
		mine->gpio = NULL;
	return ret;
}

static const struct gpio_chip_ops sifive_gpio_ops = {
	.set_output = sifive_gpio_set_output,
	.set_input = sifive_gpio_set_input,
	.is_output = sifive_gpio_is_output,
	.write = sifive_gpio_write,
	.read = sifive_gpio_read,
	.prepare_edges = sifive_gpio_prepare_edges,
	.set_edges = sifive_gpio_set_edges,
};

/* Each line has an interrupt: as many as there are. */
static unsigned sifive_gpio_count_lines(const struct device *dev)
{
	struct dt_interrupt spec;
	unsigned n = 0;

	while (n < GPIO_LINES_MAX &&
	       !dt_get_interrupt(device_tree(), dev->node, (int)n, &spec))
		n++;
	return n;
}

static int sifive_gpio_probe(struct device *dev)
{
	struct sifive_gpio *gpio = kzalloc(sizeof(*gpio));
	void __iomem *regs;
	int ret;

	if (!gpio)
		return -ENOMEM;
	ret = clk_enable_all(dev);
	if (ret)
		goto err_free;
	ret = device_map_reg(dev, 0, &regs);
	if (ret)
		goto err_disable_clks;
	gpio->dev = dev;
	gpio->regs = regs;
	for (unsigned reg = GPIO_RISE_IE; reg <= GPIO_LOW_IE; reg += 8)
		mmio_write32(0, gpio->regs + reg);
	gpio->chip.provider.node = dev->node;
	gpio->chip.name = dev->name;
	gpio->chip.ops = &sifive_gpio_ops;
	gpio->chip.private = gpio;
	gpio->chip.nr_lines = sifive_gpio_count_lines(dev);
	ret = gpio->chip.nr_lines ? gpio_chip_register(&gpio->chip) : -EINVAL;
	if (ret)
		goto err_unmap;
	return 0;

err_unmap:
	device_unmap_reg(dev, 0, regs);
err_disable_clks:
	clk_disable_all(dev);
err_free:
	kfree(gpio);
	return ret;
}

static const struct of_match sifive_gpio_match[] = {
	{ .compatible = "canaan,k210-gpiohs" },
	{ .compatible = "sifive,gpio0" },
	{},
};

static const struct driver sifive_gpio_driver = {
	.name = "sifive-gpio",
	.match = sifive_gpio_match,
	.probe = sifive_gpio_probe,
};
DRIVER_DECLARE(sifive_gpio_driver);
