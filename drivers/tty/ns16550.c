// SPDX-License-Identifier: MIT
/*
 * UARTs of the 16550 family: ns16550a and DesignWare's, memory-mapped.
 *
 * Registers: National Semiconductor PC16550D data sheet, section 8; the
 * binding's reg-shift, reg-io-width and clock-frequency are honoured.  No modem
 * lines, no flow control by wire.
 */
#include <lib/errno.h>

#include <core/alloc.h>
#include <core/lock.h>
#include <dev/device.h>
#include <drivers/tty/ns16550_port.h>
#include <drivers/tty/uart.h>

#define TTY_MAJOR    4
#define TTYS_MINOR   64
#define DEFAULT_BAUD 115200

struct ns16550_uart {
	struct uart uart;
	struct ns16550_port port; /* [uart.lock] */
};

static struct ns16550_port *ns16550_port_of(struct uart *uart)
{
	return &container_of(uart, struct ns16550_uart, uart)->port;
}

static int ns16550_init(struct uart *uart, struct device *dev)
{
	if (ns16550_port_init(
		    ns16550_port_of(uart), uart->regs,
		    device_get_u32(dev, "reg-shift", 0),
		    device_get_u32(dev, "reg-io-width", 1),
		    device_get_u32(dev, "clock-frequency", 0),
		    device_get_u32(dev, "current-speed", DEFAULT_BAUD)))
		return -EINVAL;
	return 0;
}

static void ns16550_uart_set_baud(struct uart *uart, uint32_t baud)
{
	unsigned long flags = spin_lock_irqsave(&uart->lock);

	ns16550_set_baud(ns16550_port_of(uart), baud);
	spin_unlock_irqrestore(&uart->lock, flags);
}

/* Reading IIR acknowledges the transmitter's interrupt. */
static void ns16550_acknowledge(struct uart *uart)
{
	ns16550_read(ns16550_port_of(uart), NS16550_IIR);
}

static void ns16550_set_interrupts(struct uart *uart, bool sending)
{
	ns16550_write(ns16550_port_of(uart), NS16550_IER,
		      NS16550_IER_RDI | (sending ? NS16550_IER_THRI : 0));
}

static bool ns16550_is_ready(struct uart *uart)
{
	return ns16550_read(ns16550_port_of(uart), NS16550_LSR) &
	       NS16550_LSR_THRE;
}

static void ns16550_put(struct uart *uart, uint8_t byte)
{
	ns16550_write(ns16550_port_of(uart), NS16550_THR, byte);
}

static int ns16550_get(struct uart *uart)
{
	const struct ns16550_port *port = ns16550_port_of(uart);

	return ns16550_read(port, NS16550_LSR) & NS16550_LSR_DR
		       ? ns16550_read(port, NS16550_RBR)
		       : -1;
}

static atomic_t ns16550_count;

static const struct uart_type ns16550_type = {
	.prefix = "ttyS",
	.major = TTY_MAJOR,
	.minor = TTYS_MINOR,
	.burst = NS16550_FIFO_SIZE,
	.count = &ns16550_count,
	.init = ns16550_init,
	.set_baud = ns16550_uart_set_baud,
	.acknowledge = ns16550_acknowledge,
	.set_interrupts = ns16550_set_interrupts,
	.is_ready = ns16550_is_ready,
	.put = ns16550_put,
	.get = ns16550_get,
};
static_assert(NS16550_FIFO_SIZE <= UART_BURST_MAX, "a burst fits");

static int ns16550_probe(struct device *dev)
{
	struct ns16550_uart *uart = kzalloc(sizeof(*uart));
	int ret;

	if (!uart)
		return -ENOMEM;
	ret = uart_probe(dev, &uart->uart, &ns16550_type);
	if (ret)
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
