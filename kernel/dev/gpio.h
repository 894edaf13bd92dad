// SPDX-License-Identifier: MIT
/*
 * General-purpose input and output lines.
 *
 * A driver of a controller registers a struct gpio_chip; other drivers, and
 * programs through /dev/gpiochipN, claim single lines.  Values are logical: 1
 * is "active", which for a line that the tree calls active low is the low
 * level.
 */
#pragma once

#include <core/lock.h>
#include <dev/provider.h>

struct gpio_chip;

/* Edges of the physical level that interrupt. */
#define GPIO_EDGE_RISING  1u
#define GPIO_EDGE_FALLING 2u

/* With chip->lock held, interrupts off; levels are physical. */
struct gpio_chip_ops {
	void (*set_output)(struct gpio_chip *chip, unsigned line, bool high);
	void (*set_input)(struct gpio_chip *chip, unsigned line);
	bool (*is_output)(struct gpio_chip *chip, unsigned line);
	void (*write)(struct gpio_chip *chip, unsigned line, bool high);
	bool (*read)(struct gpio_chip *chip, unsigned line);
	/*
	 * Before the first set_edges(): 0 or -errno.  NULL: nothing to do.  Not
	 * with chip->lock held, but by the line's user.  Context: thread.
	 */
	int (*prepare_edges)(struct gpio_chip *chip, unsigned line);
	/* Interrupt at these edges, 0: at none.  NULL: it cannot. */
	void (*set_edges)(struct gpio_chip *chip, unsigned line,
			  unsigned edges);
};

typedef void gpio_handler(void *arg); /* interrupts off, may not sleep */

/* [l] chip->lock */
struct gpio_line {
	const char *consumer;  /* [l] who claimed it, or NULL */
	gpio_handler *handler; /* [l] of edges, or NULL */
	void *arg;             /* [l] */
	atomic_t running;      /* [a] the handler is, on another hart maybe */
};

/* Filled by its driver, never freed. */
struct gpio_chip {
	struct provider provider;
	const char *name;                /* [I] of the device */
	unsigned nr_lines;               /* [I] */
	const struct gpio_chip_ops *ops; /* [I] */
	void *private;                   /* [I] the driver's */
	unsigned index;                  /* [I] of /dev/gpiochipN; the core's */
	spinlock_t lock;                 /* irqsave; rank LOCK_GPIO */
	struct gpio_line *lines;         /* [l] nr_lines of them */
	struct gpio_chip *next;          /* [I] once registered */
};

/* One claimed line. */
struct gpio {
	struct gpio_chip *chip;
	unsigned line;
	bool active_low;
};

/* Announce a chip: 0 or -ENOMEM.  Context: thread; may sleep. */
int gpio_chip_register(struct gpio_chip *chip);
/* The nth chip, in order of registration; NULL: there are fewer. */
struct gpio_chip *gpio_chip_nth(unsigned n);

/* By drivers, from their interrupt: an edge came at that line. */
void gpio_handle_edge(struct gpio_chip *chip, unsigned line);

/*
 * Claim the line of entry index in the node's property ("cs-gpios") for
 * consumer, a string that stays.  0, -ENOENT (no such entry), -EINVAL,
 * -EPROBE_DEFER or -EBUSY.  Its direction is as it was.  Context: thread.
 */
int gpio_get(int node, const char *property_name, int index,
	     const char *consumer, struct gpio *gpio);
/* The same for a line by number: 0, -EINVAL or -EBUSY. */
int gpio_claim(struct gpio_chip *chip, unsigned line, const char *consumer,
	       struct gpio *gpio);
/* Whether gpio_get() would find that entry: 0, or its error but -EBUSY. */
int gpio_is_ready(int node, const char *property_name, int index);
/*
 * The same for entry 0 of "gpios" of each child of the node: drivers of such
 * nodes claim nothing before the controllers of all are there.
 */
int gpio_children_are_ready(int node);
/* Give it back; it keeps its direction and level.  Context: thread. */
void gpio_put(const struct gpio *gpio);

/*
 * Who has a line: true and its name in consumer, len bytes, or false; and which
 * direction it has.  Context: any.
 */
bool gpio_describe(struct gpio_chip *chip, unsigned line, char *consumer,
		   size_t len, bool *output);

/* Context: any. */
void gpio_output(const struct gpio *gpio, bool active);
void gpio_input(const struct gpio *gpio);
void gpio_write(const struct gpio *gpio, bool active);
bool gpio_read(const struct gpio *gpio);

/*
 * Call handler(arg) at these edges of the physical level; edges 0: never again,
 * and it does not run any more when this returns (not to be called from it).
 * 0, -EOPNOTSUPP (the chip has no interrupts), or as irq_request().
 * Context: thread.
 */
int gpio_watch(const struct gpio *gpio, unsigned edges, gpio_handler *handler,
	       void *arg);
