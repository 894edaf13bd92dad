// SPDX-License-Identifier: MIT
/*
 * Interrupts of devices: domains (controllers) and handlers.
 */
#pragma once

#include <lib/types.h>

struct device;

/* A controller, registered by its driver with its device-tree node. */
struct irqchip {
	const char *name;
	int node;          /* [I] its device-tree node, for interrupt-parent */
	unsigned nr_irqs;  /* [I] numbers 0 .. nr_irqs - 1 */
	unsigned cells;    /* [I] #interrupt-cells */
	void *private;
	/* Decode cells of a specifier: number or -EINVAL. */
	int (*translate)(struct irqchip *chip, const uint32_t *cells, unsigned n);
	void (*enable)(struct irqchip *chip, unsigned irq);  /* interrupts off */
	void (*disable)(struct irqchip *chip, unsigned irq);
	struct irq_action *actions; /* [irq lock] array of nr_irqs */
};
int irqchip_register(struct irqchip *chip);

typedef void irq_handler(void *arg); /* interrupt context: interrupts off */

/* Request the device's interrupt[index]: 0, -ENOENT, -EPROBE_DEFER (controller
 * not there yet), -EBUSY, -ENOMEM. */
int irq_request(struct device *dev, unsigned index, irq_handler *handler, void *arg);
void irq_free(struct device *dev, unsigned index);

/* Called by the chip's flow code for each claimed interrupt. */
void irq_handle(struct irqchip *chip, unsigned irq);

/* The hart's external interrupt: the root controller registers one function,
 * which arch/trap.c calls through irq_root_handler(), interrupts off. */
void irq_root_register(void (*handler)(void *arg), void *arg);
void irq_root_handler(void);
/* Let each hart, as it comes up, set its part of the root controller. */
void irq_root_register_hart_init(void (*init)(void *arg));
void irq_init_hart(void);
/* /proc/interrupts: name and count per line; see procfs. */
size_t irq_describe(char *buf, size_t len);
