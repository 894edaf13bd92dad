// SPDX-License-Identifier: MIT
/*
 * GPIO lines: who has which.  Binding: gpio/gpio.txt of the Linux kernel: two
 * cells, line and flags, of which bit 0 means active low.
 */
#include <dev/gpio.h>

#include <stdio.h>

#include <lib/barrier.h>
#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <dev/device.h>

#define GPIO_FLAG_ACTIVE_LOW 1u

static struct provider_list gpio_providers;
static struct gpio_chip *gpio_chips; /* only grows, while devices are probed */

int gpio_chip_register(struct gpio_chip *chip)
{
	struct gpio_chip **link = &gpio_chips;

	chip->lines = kcalloc(chip->nr_lines, sizeof(chip->lines[0]));
	if (!chip->lines)
		return -ENOMEM;
	spin_init(&chip->lock, LOCK_GPIO);
	chip->index = 0;
	chip->next = NULL;
	for (; *link; link = &(*link)->next)
		chip->index++;
	*link = chip;
	provider_add(&gpio_providers, &chip->provider);
	return 0;
}

struct gpio_chip *gpio_chip_nth(unsigned n)
{
	struct gpio_chip *chip = gpio_chips;

	while (chip && n--)
		chip = chip->next;
	return chip;
}

void gpio_handle_edge(struct gpio_chip *chip, unsigned line)
{
	struct gpio_line *what = &chip->lines[line];
	unsigned long flags = spin_lock_irqsave(&chip->lock);
	gpio_handler *handler = what->handler;
	void *arg = what->arg;

	atomic_store(&what->running, handler != NULL);
	spin_unlock_irqrestore(&chip->lock, flags);
	if (!handler)
		return;
	handler(arg);
	/* Pairs with the acquire in gpio_watch(). */
	atomic_store_release(&what->running, 0);
}

int gpio_claim(struct gpio_chip *chip, unsigned line, const char *consumer,
	       struct gpio *gpio)
{
	unsigned long flags;
	int ret = -EBUSY;

	if (line >= chip->nr_lines)
		return -EINVAL;
	flags = spin_lock_irqsave(&chip->lock);
	if (!chip->lines[line].consumer) {
		chip->lines[line].consumer = consumer;
		ret = 0;
	}
	spin_unlock_irqrestore(&chip->lock, flags);
	gpio->chip = chip;
	gpio->line = line;
	gpio->active_low = false;
	return ret;
}

int gpio_is_ready(int node, const char *property_name, int index)
{
	struct provider *provider;
	struct dt_args args;

	return provider_resolve(&gpio_providers, node, property_name,
				"#gpio-cells", index, &provider, &args);
}

int gpio_children_are_ready(int node)
{
	int child;
	int ret;

	fdt_for_each_subnode (child, device_tree(), node) {
		ret = gpio_is_ready(child, "gpios", 0);
		if (ret)
			return ret;
	}
	return 0;
}

int gpio_get(int node, const char *property_name, int index,
	     const char *consumer, struct gpio *gpio)
{
	struct provider *provider;
	struct dt_args args;
	int ret;

	ret = provider_resolve(&gpio_providers, node, property_name,
			       "#gpio-cells", index, &provider, &args);
	if (ret)
		return ret;
	if (args.nr_cells != 2)
		return -EINVAL;
	ret = gpio_claim(container_of(provider, struct gpio_chip, provider),
			 args.cells[0], consumer, gpio);
	gpio->active_low = args.cells[1] & GPIO_FLAG_ACTIVE_LOW;
	return ret;
}

void gpio_put(const struct gpio *gpio)
{
	struct gpio_line *line = &gpio->chip->lines[gpio->line];
	unsigned long flags;

	if (line->handler)
		(void)gpio_watch(gpio, 0, NULL, NULL);
	flags = spin_lock_irqsave(&gpio->chip->lock);
	line->consumer = NULL;
	spin_unlock_irqrestore(&gpio->chip->lock, flags);
}

bool gpio_describe(struct gpio_chip *chip, unsigned line, char *consumer,
		   size_t len, bool *output)
{
	unsigned long flags = spin_lock_irqsave(&chip->lock);
	const char *name = chip->lines[line].consumer;

	*output = chip->ops->is_output(chip, line);
	snprintf(consumer, len, "%s", name ? name : "");
	spin_unlock_irqrestore(&chip->lock, flags);
	return name != NULL;
}

void gpio_output(const struct gpio *gpio, bool active)
{
	struct gpio_chip *chip = gpio->chip;
	unsigned long flags = spin_lock_irqsave(&chip->lock);

	chip->ops->set_output(chip, gpio->line, active != gpio->active_low);
	spin_unlock_irqrestore(&chip->lock, flags);
}

void gpio_input(const struct gpio *gpio)
{
	struct gpio_chip *chip = gpio->chip;
	unsigned long flags = spin_lock_irqsave(&chip->lock);

	chip->ops->set_input(chip, gpio->line);
	spin_unlock_irqrestore(&chip->lock, flags);
}

void gpio_write(const struct gpio *gpio, bool active)
{
	struct gpio_chip *chip = gpio->chip;
	unsigned long flags = spin_lock_irqsave(&chip->lock);

	chip->ops->write(chip, gpio->line, active != gpio->active_low);
	spin_unlock_irqrestore(&chip->lock, flags);
}

bool gpio_read(const struct gpio *gpio)
{
	struct gpio_chip *chip = gpio->chip;
	unsigned long flags = spin_lock_irqsave(&chip->lock);
	bool high = chip->ops->read(chip, gpio->line);

	spin_unlock_irqrestore(&chip->lock, flags);
	return high != gpio->active_low;
}

int gpio_watch(const struct gpio *gpio, unsigned edges, gpio_handler *handler,
	       void *arg)
{
	struct gpio_chip *chip = gpio->chip;
	struct gpio_line *line = &chip->lines[gpio->line];
	unsigned long flags;
	int ret;

	if (!chip->ops->set_edges)
		return edges ? -EOPNOTSUPP : 0;
	if (edges && chip->ops->prepare_edges) {
		ret = chip->ops->prepare_edges(chip, gpio->line);
		if (ret)
			return ret;
	}
	flags = spin_lock_irqsave(&chip->lock);
	line->handler = edges ? handler : NULL;
	line->arg = arg;
	chip->ops->set_edges(chip, gpio->line, edges);
	spin_unlock_irqrestore(&chip->lock, flags);
	while (!edges && atomic_load_acquire(&line->running))
		cpu_relax();
	return 0;
}
