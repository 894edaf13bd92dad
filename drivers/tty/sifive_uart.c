// SPDX-License-Identifier: MIT
/*
 * SiFive's UART, which the K210 calls UARTHS.
 *
 * Registers: SiFive FE310-G000 manual v2p3, chapter 19.  Input and output come
 * by interrupt; the log is written by polling, so that it works in a panic.
 * 8N1 only, no flow control.
 *
 * uart->lock covers the registers and is taken with interrupts off, inside
 * tty->lock.
 */
#include <stdio.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/lock.h>
#include <core/printk.h>
#include <core/time.h>
#include <dev/console.h>
#include <dev/device.h>
#include <dev/irq.h>
#include <dev/tty.h>
#include <drivers/tty/sifive_uart_port.h>

#define TTY_MAJOR    240 /* for local use; Linux, too, has no fixed one */
#define UARTS_MAX    16
#define POLL_LIMIT   100000 /* of the FIFO, until it is given up */
#define DRAIN_LIMIT  100    /* milliseconds */
#define DEFAULT_BAUD 115200

struct sifive_uart {
	struct tty tty;
	struct log_sink sink;
	spinlock_t lock;
	uint8_t __iomem *regs; /* [I] */
	uint32_t ie;           /* [lock] what the register holds */
	uint64_t clock_hz;     /* [I] 0: unknown, the speed is left alone */
	char name[12];         /* [I] */
};

static atomic_t uart_count; /* for names and minors */

static void uart_set_ie(struct sifive_uart *uart, uint32_t ie)
{
	if (uart->ie == ie)
		return;
	uart->ie = ie;
	mmio_write32(ie, uart->regs + SIFIVE_UART_IE);
}

static bool uart_is_full(const struct sifive_uart *uart)
{
	return mmio_read32(uart->regs + SIFIVE_UART_TXDATA) &
	       SIFIVE_UART_TX_FULL;
}

/* Move output to the device while it takes any; ask for a call if some stays. */
static void uart_start(struct tty *tty)
{
	struct sifive_uart *uart = tty->private;
	unsigned long flags = spin_lock_irqsave(&uart->lock);
	uint32_t ie = uart->ie & ~SIFIVE_UART_TXWM;
	char c;

	for (;;) {
		if (uart_is_full(uart)) {
			ie |= SIFIVE_UART_TXWM;
			break;
		}
		if (!tty_take_output(tty, &c, 1))
			break;
		mmio_write32((uint8_t)c, uart->regs + SIFIVE_UART_TXDATA);
	}
	uart_set_ie(uart, ie);
	spin_unlock_irqrestore(&uart->lock, flags);
}

/* Read what has come in; true if there was anything. */
static bool uart_receive(struct sifive_uart *uart)
{
	unsigned long flags = spin_lock_irqsave(&uart->lock);
	char buf[64];
	size_t n = 0;
	int c;

	while (n < sizeof(buf) && (c = sifive_uart_getc(uart->regs)) >= 0)
		buf[n++] = (char)c;
	spin_unlock_irqrestore(&uart->lock, flags);
	if (n)
		tty_receive(&uart->tty, buf, n);
	return n;
}

static void uart_interrupt(void *arg)
{
	struct sifive_uart *uart = arg;
	struct tty *tty = &uart->tty;
	unsigned long flags;

	while (uart_receive(uart))
		;
	if (!(uart->ie & SIFIVE_UART_TXWM))
		return;
	flags = spin_lock_irqsave(&tty->lock);
	uart_start(tty);
	spin_unlock_irqrestore(&tty->lock, flags);
	tty_output_drained(tty);
}

/* A device that never gets ready loses the byte rather than the machine. */
static void uart_put_polled(struct sifive_uart *uart, char c)
{
	unsigned polls = 0;

	while (uart_is_full(uart)) {
		if (++polls == POLL_LIMIT)
			return;
	}
	mmio_write32((uint8_t)c, uart->regs + SIFIVE_UART_TXDATA);
}

static void uart_log_write(struct log_sink *sink, const char *text, size_t len)
{
	struct sifive_uart *uart = container_of(sink, struct sifive_uart, sink);
	unsigned long flags = spin_lock_irqsave(&uart->lock);
	size_t i;

	for (i = 0; i < len; i++) {
		if (text[i] == '\n')
			uart_put_polled(uart, '\r');
		uart_put_polled(uart, text[i]);
	}
	spin_unlock_irqrestore(&uart->lock, flags);
}

/* Let what the FIFO holds, and then the byte on the line, get out. */
static void uart_drain(struct sifive_uart *uart)
{
	unsigned ms = 0;

	while (!(mmio_read32(uart->regs + SIFIVE_UART_IP) & SIFIVE_UART_TXWM) &&
	       ms++ < DRAIN_LIMIT)
		sleep_us(1000);
	sleep_us(1000);
}

static void uart_set_termios(struct tty *tty)
{
	struct sifive_uart *uart = tty->private;
	uint64_t baud = tty->termios.c_ospeed;
	uint64_t div;

	if (!uart->clock_hz || !baud)
		return;
	div = (uart->clock_hz + baud / 2) / baud;
	div = MIN(MAX(div, 1), SIFIVE_UART_DIV_MAX + 1) - 1;
	if (mmio_read32(uart->regs + SIFIVE_UART_DIV) == div)
		return;
	uart_drain(uart);
	mmio_write32((uint32_t)div, uart->regs + SIFIVE_UART_DIV);
}

static const struct tty_ops uart_tty_ops = {
	.start = uart_start,
	.set_termios = uart_set_termios,
};

static int uart_register(struct sifive_uart *uart)
{
	int index = atomic_fetch_add(&uart_count, 1);

	if (index >= UARTS_MAX)
		return -ENOSPC;
	snprintf(uart->name, sizeof(uart->name), "ttySIF%d", index);
	uart->tty.name = uart->name;
	uart->tty.ops = &uart_tty_ops;
	uart->tty.private = uart;
	uart->tty.cdev.major = TTY_MAJOR;
	uart->tty.cdev.minor = index;
	return tty_register(&uart->tty);
}

/*
 * A bit lasts DIV + 1 clocks.  Firmware has set it for the speed at which it
 * talks, which tells us the clock, whatever that is derived from.
 */
static void uart_init_port(struct sifive_uart *uart, uint32_t baud)
{
	uint32_t div = mmio_read32(uart->regs + SIFIVE_UART_DIV);

	if (div)
		uart->clock_hz = (div + 1ul) * baud;
	sifive_uart_enable(uart->regs);
	mmio_write32(SIFIVE_UART_CTRL_ON | SIFIVE_UART_CTRL_LEVEL(1),
		     uart->regs + SIFIVE_UART_TXCTRL);
}

static int sifive_uart_probe(struct device *dev)
{
	struct sifive_uart *uart;
	unsigned long flags;
	int ret;

	uart = kzalloc(sizeof(*uart));
	if (!uart)
		return -ENOMEM;
	spin_init(&uart->lock, LOCK_UART);
	uart->sink.write = uart_log_write;

	ret = device_map_reg(dev, 0, (void __iomem **)&uart->regs);
	if (ret)
		goto err_free;
	uart_init_port(uart,
		       device_get_u32(dev, "current-speed", DEFAULT_BAUD));
	ret = irq_request(dev, 0, uart_interrupt, uart);
	if (ret)
		goto err_unmap;
	ret = uart_register(uart);
	if (ret)
		goto err_free_irq;

	console_offer(&uart->tty, dev->node, &uart->sink);
	flags = spin_lock_irqsave(&uart->lock);
	uart_set_ie(uart, SIFIVE_UART_RXWM);
	spin_unlock_irqrestore(&uart->lock, flags);
	return 0;

err_free_irq:
	irq_free(dev, 0);
err_unmap:
	device_unmap_reg(dev, 0, uart->regs);
err_free:
	kfree(uart);
	return ret;
}

static const struct of_match sifive_uart_match[] = {
	{ .compatible = "canaan,k210-uarths" },
	{ .compatible = "sifive,uart0" },
	{},
};

static const struct driver sifive_uart_driver = {
	.name = "sifive-uart",
	.match = sifive_uart_match,
	.probe = sifive_uart_probe,
};
DRIVER_DECLARE(sifive_uart_driver);
