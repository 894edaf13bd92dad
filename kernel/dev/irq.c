// SPDX-License-Identifier: MIT
/*
 * Interrupt lines: which device asked for which, and how one gets to its
 * handler.
 *
 * irq_lock guards the list of chips and the actions while they change.
 * irq_handle() runs without it: a line is enabled after its action is
 * complete and disabled before it is taken away.
 */
#include <dev/irq.h>

#include <lib/errno.h>
#include <lib/fdt.h>

#include <core/alloc.h>
#include <core/lock.h>
#include <core/printk.h>
#include <dev/device.h>

static spinlock_t irq_lock = SPINLOCK_INIT(LOCK_IRQ);
static struct irqchip *chips;       /* [irq_lock] */
static const struct irq_root *root; /* set once, before interrupts are on */

int irqchip_register(struct irqchip *chip)
{
	unsigned long flags;

	chip->actions = kcalloc(chip->nr_irqs, sizeof(*chip->actions));
	if (!chip->actions)
		return -ENOMEM;

	flags = spin_lock_irqsave(&irq_lock);
	chip->next = chips;
	chips = chip;
	spin_unlock_irqrestore(&irq_lock, flags);
	return 0;
}

static struct irqchip *irqchip_find(int node)
{
	struct irqchip *chip;
	unsigned long flags = spin_lock_irqsave(&irq_lock);

	for (chip = chips; chip && chip->node != node; chip = chip->next)
		;
	spin_unlock_irqrestore(&irq_lock, flags);
	return chip;
}

/* The chip and the number behind a device's interrupt. */
static int irq_resolve(struct device *dev, unsigned index,
		       struct irqchip **chip, unsigned *irq)
{
	struct dt_interrupt spec;
	int ret;

	ret = dt_get_interrupt(device_tree(), dev->node, index, &spec);
	if (ret)
		return ret == -FDT_ERR_NOTFOUND ? -ENOENT : -EINVAL;
	*chip = irqchip_find(spec.controller);
	if (!*chip)
		return -EPROBE_DEFER;
	ret = (*chip)->translate(*chip, spec.cells, spec.nr_cells);
	if (ret < 0 || (unsigned)ret >= (*chip)->nr_irqs)
		return -EINVAL;
	*irq = ret;
	return 0;
}

int irq_request(struct device *dev, unsigned index, irq_handler *handler,
		void *arg)
{
	struct irq_action *action;
	struct irqchip *chip;
	unsigned long flags;
	unsigned irq;
	int ret;

	ret = irq_resolve(dev, index, &chip, &irq);
	if (ret)
		return ret;

	flags = spin_lock_irqsave(&irq_lock);
	action = &chip->actions[irq];
	if (action->handler) {
		ret = -EBUSY;
	} else {
		action->arg = arg;
		action->name = dev->name;
		action->handler = handler;
		chip->enable(chip, irq);
	}
	spin_unlock_irqrestore(&irq_lock, flags);
	return ret;
}

void irq_free(struct device *dev, unsigned index)
{
	struct irqchip *chip;
	unsigned long flags;
	unsigned irq;

	if (irq_resolve(dev, index, &chip, &irq))
		return;
	flags = spin_lock_irqsave(&irq_lock);
	chip->disable(chip, irq);
	chip->actions[irq].handler = NULL;
	spin_unlock_irqrestore(&irq_lock, flags);
}

void irq_handle(struct irqchip *chip, unsigned irq)
{
	struct irq_action *action;
	irq_handler *handler;

	if (irq >= chip->nr_irqs) {
		pr_err("%s: interrupt %u does not exist", chip->name, irq);
		return;
	}
	action = &chip->actions[irq];
	action->count++;
	handler = action->handler;
	if (handler)
		handler(action->arg);
}

void irq_root_register(const struct irq_root *controller)
{
	root = controller;
	irq_init_hart();
}

void irq_root_handler(void)
{
	if (root)
		root->handle(root->arg);
}

void irq_init_hart(void)
{
	if (root)
		root->init_hart(root->arg);
}

bool irq_describe(unsigned nth, const char **name, unsigned *irq,
		  const char **user, uint64_t *count)
{
	const struct irq_action *action;
	const struct irqchip *chip;
	unsigned i;

	/* Chips stay for ever and are only added: no lock to walk them. */
	for (chip = chips; chip; chip = chip->next) {
		for (i = 0; i < chip->nr_irqs; i++) {
			action = &chip->actions[i];
			if (!action->handler || nth--)
				continue;
			*name = chip->name;
			*irq = i;
			*user = action->name;
			*count = action->count;
			return true;
		}
	}
	return false;
}
