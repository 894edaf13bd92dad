// SPDX-License-Identifier: MIT
/*
 * What all UARTs have in common; see uart.h.
 *
 * uart->lock covers the registers and is taken with interrupts off, inside
 * tty->lock.
 */
#include <drivers/tty/uart.h>

#include <stdio.h>

#include <lib/errno.h>

#include <core/lock.h>
#include <dev/console.h>
#include <dev/device.h>
#include <dev/irq.h>

#define UARTS_MAX  16
#define POLL_LIMIT 100000 /* of the device, until it is given up */

static struct uart *uart_of_tty(struct tty *tty)
{
	return tty->private;
}

static void uart_set_sending(struct uart *uart, bool sending)
{
	if (uart->sending == sending)
		return;
	uart->sending = sending;
	if (uart->listening)
		uart->type->set_interrupts(uart, sending);
}

/* Move output to the device while it takes any; ask for a call if some stays. */
static void uart_start(struct tty *tty)
{
	struct uart *uart = uart_of_tty(tty);
	const struct uart_type *type = uart->type;
	unsigned long flags = spin_lock_irqsave(&uart->lock);
	char buf[UART_BURST_MAX];
	bool ready;
	size_t n;

	while ((ready = type->is_ready(uart))) {
		n = tty_take_output(tty, buf, type->burst);
		if (!n)
			break;
		for (size_t i = 0; i < n; i++)
			type->put(uart, (uint8_t)buf[i]);
	}
	uart_set_sending(uart, !ready);
	spin_unlock_irqrestore(&uart->lock, flags);
}

/* Read what has come in; true if there was anything. */
static bool uart_receive(struct uart *uart)
{
	unsigned long flags = spin_lock_irqsave(&uart->lock);
	char buf[64];
	size_t n = 0;
	int c;

	while (n < sizeof(buf) && (c = uart->type->get(uart)) >= 0)
		buf[n++] = (char)c;
	spin_unlock_irqrestore(&uart->lock, flags);
	if (n)
		tty_receive(&uart->tty, buf, n);
	return n;
}

/*
 * An interrupt may come before there is a terminal: an interrupt controller
 * holds one that firmware had let the device raise.  What it is about stays in
 * the device until uart_listen().
 */
static bool uart_is_listening(struct uart *uart)
{
	unsigned long flags = spin_lock_irqsave(&uart->lock);
	bool listening = uart->listening;

	spin_unlock_irqrestore(&uart->lock, flags);
	return listening;
}

static void uart_interrupt(void *arg)
{
	struct uart *uart = arg;
	struct tty *tty = &uart->tty;
	unsigned long flags;

	if (!uart_is_listening(uart))
		return;
	if (uart->type->acknowledge)
		uart->type->acknowledge(uart);
	while (uart_receive(uart))
		;
	if (!uart->sending)
		return;
	flags = spin_lock_irqsave(&tty->lock);
	uart_start(tty);
	spin_unlock_irqrestore(&tty->lock, flags);
	tty_output_drained(tty);
}

/* A device that never gets ready loses the byte rather than the machine. */
static void uart_put_polled(struct uart *uart, char c)
{
	unsigned polls = 0;

	while (!uart->type->is_ready(uart)) {
		if (++polls == POLL_LIMIT)
			return;
	}
	uart->type->put(uart, (uint8_t)c);
}

static void uart_log_write(struct log_sink *sink, const char *text, size_t len)
{
	struct uart *uart = container_of(sink, struct uart, sink);
	unsigned long flags = spin_lock_irqsave(&uart->lock);

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n')
			uart_put_polled(uart, '\r');
		uart_put_polled(uart, text[i]);
	}
	spin_unlock_irqrestore(&uart->lock, flags);
}

static void uart_set_termios(struct tty *tty)
{
	struct uart *uart = uart_of_tty(tty);

	uart->type->set_baud(uart, tty->termios.c_ospeed);
}

static const struct tty_ops uart_tty_ops = {
	.start = uart_start,
	.set_termios = uart_set_termios,
};

static int uart_register(struct uart *uart)
{
	const struct uart_type *type = uart->type;
	int index = atomic_fetch_add(type->count, 1);

	if (index >= UARTS_MAX)
		return -ENOSPC;
	snprintf(uart->name, sizeof(uart->name), "%s%d", type->prefix, index);
	uart->tty.name = uart->name;
	uart->tty.ops = &uart_tty_ops;
	uart->tty.private = uart;
	uart->tty.cdev.major = type->major;
	uart->tty.cdev.minor = type->minor + (unsigned)index;
	return tty_register(&uart->tty);
}

static void uart_listen(struct uart *uart)
{
	unsigned long flags = spin_lock_irqsave(&uart->lock);

	uart->listening = true;
	uart->type->set_interrupts(uart, uart->sending);
	spin_unlock_irqrestore(&uart->lock, flags);
}

int uart_probe(struct device *dev, struct uart *uart,
	       const struct uart_type *type)
{
	int ret;

	uart->type = type;
	uart->sink.write = uart_log_write;
	spin_init(&uart->lock, LOCK_UART);

	ret = device_map_reg(dev, 0, (void __iomem **)&uart->regs);
	if (ret)
		return ret;
	ret = type->init(uart, dev);
	if (ret)
		goto err_unmap;
	ret = irq_request(dev, 0, uart_interrupt, uart);
	if (ret)
		goto err_unmap;
	ret = uart_register(uart);
	if (ret)
		goto err_free_irq;

	console_offer(&uart->tty, dev->node, &uart->sink);
	uart_listen(uart);
	return 0;

err_free_irq:
	irq_free(dev, 0);
err_unmap:
	device_unmap_reg(dev, 0, uart->regs);
	return ret;
}
