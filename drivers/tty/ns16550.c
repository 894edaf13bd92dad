// SPDX-License-Identifier: MIT
/*
 * UARTs of the 16550 family: ns16550a and DesignWare's, memory-mapped.
 *
 * Registers: National Semiconductor PC16550D data sheet, section 8; the
 * binding's reg-shift, reg-io-width and clock-frequency are honoured.  Input
 * and output come by interrupt; the log is written by polling, so that it
 * works in a panic.  No modem lines, no flow control by wire.
 *
 * uart->lock covers the registers and is taken with interrupts off, inside
 * tty->lock.
 */
#include <stdio.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/lock.h>
#include <core/printk.h>
#include <dev/console.h>
#include <dev/device.h>
#include <dev/irq.h>
#include <dev/tty.h>
#include <drivers/tty/ns16550_port.h>

#define TTY_MAJOR    4
#define TTYS_MINOR   64
#define UARTS_MAX    16
#define POLL_LIMIT   100000 /* of the status register, until it is given up */
#define DEFAULT_BAUD 115200

struct ns16550_uart {
	struct tty tty;
	struct log_sink sink;
	spinlock_t lock;
	struct ns16550_port port; /* [lock] */
	uint8_t ier;              /* [lock] what the register holds */
	char name[8];             /* [I] */
};

static atomic_t uart_count; /* for names and minors */

static void uart_set_ier(struct ns16550_uart *uart, uint8_t ier)
{
	if (uart->ier == ier)
		return;
	uart->ier = ier;
	ns16550_write(&uart->port, NS16550_IER, ier);
}

/* Move output to the device while it takes any; ask for a call if some stays. */
static void uart_start(struct tty *tty)
{
	struct ns16550_uart *uart = tty->private;
	unsigned long flags = spin_lock_irqsave(&uart->lock);
	uint8_t ier = uart->ier & ~NS16550_IER_THRI;
	char buf[NS16550_FIFO_SIZE];
	size_t i, n;

	for (;;) {
		if (!(ns16550_read(&uart->port, NS16550_LSR) &
		      NS16550_LSR_THRE)) {
			ier |= NS16550_IER_THRI;
			break;
		}
		n = tty_take_output(tty, buf, sizeof(buf));
		if (!n)
			break;
		for (i = 0; i < n; i++)
			ns16550_write(&uart->port, NS16550_THR, buf[i]);
	}
	uart_set_ier(uart, ier);
	spin_unlock_irqrestore(&uart->lock, flags);
}

/* Read what has come in; true if there was anything. */
static bool uart_receive(struct ns16550_uart *uart)
{
	unsigned long flags = spin_lock_irqsave(&uart->lock);
	char buf[64];
	size_t n = 0;

	while (n < sizeof(buf) &&
	       ns16550_read(&uart->port, NS16550_LSR) & NS16550_LSR_DR)
		buf[n++] = ns16550_read(&uart->port, NS16550_RBR);
	spin_unlock_irqrestore(&uart->lock, flags);
	if (n)
		tty_receive(&uart->tty, buf, n);
	return n;
}

static void uart_interrupt(void *arg)
{
	struct ns16550_uart *uart = arg;
	struct tty *tty = &uart->tty;
	unsigned long flags;

	/* Reading IIR acknowledges the transmitter's interrupt. */
	ns16550_read(&uart->port, NS16550_IIR);
	while (uart_receive(uart))
		;
	if (!(uart->ier & NS16550_IER_THRI))
		return;
	flags = spin_lock_irqsave(&tty->lock);
	uart_start(tty);
	spin_unlock_irqrestore(&tty->lock, flags);
	tty_output_drained(tty);
}

/* A device that never gets ready loses the byte rather than the machine. */
static void uart_put_polled(struct ns16550_uart *uart, char c)
{
	unsigned polls = 0;

	while (!(ns16550_read(&uart->port, NS16550_LSR) & NS16550_LSR_THRE)) {
		if (++polls == POLL_LIMIT)
			return;
	}
	ns16550_write(&uart->port, NS16550_THR, c);
}

static void uart_log_write(struct log_sink *sink, const char *text, size_t len)
{
	struct ns16550_uart *uart =
		container_of(sink, struct ns16550_uart, sink);
	unsigned long flags = spin_lock_irqsave(&uart->lock);
	size_t i;

	for (i = 0; i < len; i++) {
		if (text[i] == '\n')
			uart_put_polled(uart, '\r');
		uart_put_polled(uart, text[i]);
	}
	spin_unlock_irqrestore(&uart->lock, flags);
}

static void uart_set_termios(struct tty *tty)
{
	struct ns16550_uart *uart = tty->private;
	unsigned long flags = spin_lock_irqsave(&uart->lock);

	ns16550_set_baud(&uart->port, tty->termios.c_ospeed);
	spin_unlock_irqrestore(&uart->lock, flags);
}

static const struct tty_ops uart_tty_ops = {
	.start = uart_start,
	.set_termios = uart_set_termios,
};

static int uart_register(struct ns16550_uart *uart)
{
	int index = atomic_fetch_add(&uart_count, 1);

	if (index >= UARTS_MAX)
		return -ENOSPC;
	snprintf(uart->name, sizeof(uart->name), "ttyS%d", index);
	uart->tty.name = uart->name;
	uart->tty.ops = &uart_tty_ops;
	uart->tty.private = uart;
	uart->tty.cdev.major = TTY_MAJOR;
	uart->tty.cdev.minor = TTYS_MINOR + index;
	return tty_register(&uart->tty);
}

static int ns16550_probe(struct device *dev)
{
	struct ns16550_uart *uart;
	void __iomem *regs;
	unsigned long flags;
	int ret;

	uart = kzalloc(sizeof(*uart));
	if (!uart)
		return -ENOMEM;
	spin_init(&uart->lock, LOCK_UART);
	uart->sink.write = uart_log_write;

	ret = device_map_reg(dev, 0, &regs);
	if (ret)
		goto err_free;
	ret = -EINVAL;
	if (ns16550_port_init(
		    &uart->port, regs, device_get_u32(dev, "reg-shift", 0),
		    device_get_u32(dev, "reg-io-width", 1),
		    device_get_u32(dev, "clock-frequency", 0),
		    device_get_u32(dev, "current-speed", DEFAULT_BAUD)))
		goto err_unmap;
	ret = irq_request(dev, 0, uart_interrupt, uart);
	if (ret)
		goto err_unmap;
	ret = uart_register(uart);
	if (ret)
		goto err_free_irq;

	console_offer(&uart->tty, dev->node, &uart->sink);
	flags = spin_lock_irqsave(&uart->lock);
	uart_set_ier(uart, NS16550_IER_RDI);
	spin_unlock_irqrestore(&uart->lock, flags);
	return 0;

err_free_irq:
	irq_free(dev, 0);
err_unmap:
	device_unmap_reg(dev, 0, regs);
err_free:
	kfree(uart);
	return ret;
}

static const struct of_match ns16550_match[] = {
	{ .compatible = "ns16550a" },
	{ .compatible = "ns16550" },
	{ .compatible = "ns16750" },
	{ .compatible = "snps,dw-apb-uart" },
	{},
};

static const struct driver ns16550_driver = {
	.name = "ns16550",
	.match = ns16550_match,
	.probe = ns16550_probe,
};
DRIVER_DECLARE(ns16550_driver);
