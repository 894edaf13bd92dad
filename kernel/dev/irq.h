// SPDX-License-Identifier: MIT
/*
 * Interrupts of devices: controllers ("chips") and handlers.
 */
#pragma once

#include <lib/types.h>

struct device;

typedef void irq_handler(void *arg); /* interrupts off, may not sleep */

/* Who is called for one line of a chip. */
struct irq_action {
	irq_handler *handler; /* [irq lock] NULL: not requested */
	void *arg;            /* [irq lock] */
	const char *name;     /* [irq lock] device name, for /proc/interrupts */
	uint64_t count;       /* [racy] times handled */
};

/* A controller; registered by its driver, never freed. */
struct irqchip {
	const char *name;
	int node;         /* [I] its node, by which devices refer to it */
	unsigned nr_irqs; /* [I] numbers are 0 .. nr_irqs - 1 */
	void *private;    /* [I] the driver's */
	/* The number that the cells of a specifier mean, or -EINVAL. */
	int (*translate)(struct irqchip *chip, const uint32_t *cells,
			 unsigned nr_cells);
	/* Let the line through, or not.  [irq lock] held, interrupts off. */
	void (*enable)(struct irqchip *chip, unsigned irq);
	void (*disable)(struct irqchip *chip, unsigned irq);

	struct irq_action *actions; /* [irq lock] nr_irqs of them */
	struct irqchip *next;       /* [irq lock] */
};

/* Announce a controller: 0 or -ENOMEM.  Context: thread; may sleep. */
int irqchip_register(struct irqchip *chip);

/*
 * Have handler(arg) called for the device's interrupt number index.
 * 0, -ENOENT (the node has none such), -EINVAL (malformed), -EPROBE_DEFER
 * (the controller is not there yet), -EBUSY (taken).  Context: thread.
 */
int irq_request(struct device *dev, unsigned index, irq_handler *handler,
		void *arg);
/* Afterwards the handler will not be started again.  Context: thread. */
void irq_free(struct device *dev, unsigned index);

/* For chips: call the handler of a claimed line.  Interrupts off. */
void irq_handle(struct irqchip *chip, unsigned irq);

/*
 * The controller that the harts' external interrupt comes from.  handle claims
 * and handles; init_hart sets this hart's part.  Interrupts off in both.
 */
struct irq_root {
	void (*handle)(void *arg);
	void (*init_hart)(void *arg);
	void *arg;
};
void irq_root_register(const struct irq_root *root);

/* For arch/: the external interrupt of this hart came; this hart comes up. */
void irq_root_handler(void);
void irq_init_hart(void);

/* The nth requested line, for /proc/interrupts; false beyond the last. */
bool irq_describe(unsigned nth, const char **name, unsigned *irq,
		  const char **user, uint64_t *count);
