// SPDX-License-Identifier: MIT
/*
 * What all UARTs have in common: a terminal, a sink for the log, an interrupt.
 *
 * A driver embeds a struct uart, describes its device by a struct uart_type,
 * and calls uart_probe().  Input and output come by interrupt; the log is
 * written by polling, so that it works in a panic.
 */
#pragma once

#include <core/printk.h>
#include <dev/tty.h>

struct device;
struct uart;

#define UART_BURST_MAX 16

/* With uart->lock held and interrupts off, if nothing else is said. */
struct uart_type {
	const char *prefix; /* of the names: "ttyS" */
	unsigned major;     /* of the device numbers */
	unsigned minor;     /* of the first */
	size_t burst;       /* bytes that one can send once it is ready */
	atomic_t *count;    /* of those that there are */

	/*
	 * Take the mapped device over, its interrupts off: 0 or -errno.
	 * Context: thread, no lock held.
	 */
	int (*init)(struct uart *uart, struct device *dev);
	/* Speed, if that can be set.  Context: thread, no lock held. */
	void (*set_baud)(struct uart *uart, uint32_t baud);
	/* What an interrupt wants to be told; may be NULL.  No lock held. */
	void (*acknowledge)(struct uart *uart);
	/* Interrupt at input; sending: and when it is ready to send. */
	void (*set_interrupts)(struct uart *uart, bool sending);
	bool (*is_ready)(struct uart *uart); /* to send a burst */
	void (*put)(struct uart *uart, uint8_t byte);
	int (*get)(struct uart *uart); /* the next byte received, or -1 */
};

/* Belongs to its driver, never freed once uart_probe() went well. */
struct uart {
	struct tty tty;
	struct log_sink sink;
	const struct uart_type *type; /* [I] */
	uint8_t __iomem *regs;        /* [I] */
	char name[12];                /* [I] */
	spinlock_t lock; /* the registers; irqsave, inside tty->lock */
	bool sending;    /* [lock] waits for the device to be ready */
	bool listening;  /* [lock] its terminal is there to take input */
};

/*
 * Make a terminal of a device, whose uart is all zeros: 0, or an error, and
 * uart is the caller's again.  Context: a driver's probe.
 */
int uart_probe(struct device *dev, struct uart *uart,
	       const struct uart_type *type);
