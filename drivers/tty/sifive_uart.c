// SPDX-License-Identifier: MIT
/*
 * SiFive's UART, which the K210 calls UARTHS.
 *
 * Registers: SiFive FE310-G000 manual v2p3, chapter 19.  8N1 only, no flow
 * control.
 */
#include <lib/errno.h>

#include <core/alloc.h>
#include <core/time.h>
#include <dev/device.h>
#include <drivers/tty/sifive_uart_port.h>
#include <drivers/tty/uart.h>

#define TTY_MAJOR    240 /* for local use; Linux, too, has no fixed one */
#define DRAIN_LIMIT  100 /* milliseconds */
#define DEFAULT_BAUD 115200

struct sifive_uart {
	struct uart uart;
	uint64_t clock_hz; /* [I] 0: unknown, the speed is left alone */
};

/*
 * A bit lasts DIV + 1 clocks.  Firmware has set it for the speed at which it
 * talks, which tells us the clock, whatever that is derived from.
 */
static int sifive_uart_init(struct uart *uart, struct device *dev)
{
	struct sifive_uart *sifive =
		container_of(uart, struct sifive_uart, uart);
	uint32_t div = mmio_read32(uart->regs + SIFIVE_UART_DIV);

	if (div)
		sifive->clock_hz =
			(div + 1ul) *
			device_get_u32(dev, "current-speed", DEFAULT_BAUD);
	sifive_uart_enable(uart->regs);
	mmio_write32(SIFIVE_UART_CTRL_ON | SIFIVE_UART_CTRL_LEVEL(1),
		     uart->regs + SIFIVE_UART_TXCTRL);
	return 0;
}

/* Let what the FIFO holds, and then the byte on the line, get out. */
static void sifive_uart_drain(struct uart *uart)
{
	unsigned ms = 0;

	while (!(mmio_read32(uart->regs + SIFIVE_UART_IP) & SIFIVE_UART_TXWM) &&
	       ms++ < DRAIN_LIMIT)
		sleep_us(1000);
	sleep_us(1000);
}

static void sifive_uart_set_baud(struct uart *uart, uint32_t baud)
{
	uint64_t clock_hz =
		container_of(uart, struct sifive_uart, uart)->clock_hz;
	uint64_t div;

	if (!clock_hz || !baud)
		return;
	div = (clock_hz + baud / 2) / baud;
	div = MIN(MAX(div, 1), SIFIVE_UART_DIV_MAX + 1) - 1;
	if (mmio_read32(uart->regs + SIFIVE_UART_DIV) == div)
		return;
	sifive_uart_drain(uart);
	mmio_write32((uint32_t)div, uart->regs + SIFIVE_UART_DIV);
}

static void sifive_uart_set_interrupts(struct uart *uart, bool sending)
{
	mmio_write32(SIFIVE_UART_RXWM | (sending ? SIFIVE_UART_TXWM : 0),
		     uart->regs + SIFIVE_UART_IE);
}

static bool sifive_uart_is_ready(struct uart *uart)
{
	return !(mmio_read32(uart->regs + SIFIVE_UART_TXDATA) &
		 SIFIVE_UART_TX_FULL);
}

static void sifive_uart_put(struct uart *uart, uint8_t byte)
{
	mmio_write32(byte, uart->regs + SIFIVE_UART_TXDATA);
}

static int sifive_uart_get(struct uart *uart)
{
	return sifive_uart_getc(uart->regs);
}

static atomic_t sifive_uart_count;

static const struct uart_type sifive_uart_type = {
	.prefix = "ttySIF",
	.major = TTY_MAJOR,
	.burst = 1, /* it tells whether there is room, not how much */
	.count = &sifive_uart_count,
	.init = sifive_uart_init,
	.set_baud = sifive_uart_set_baud,
	.set_interrupts = sifive_uart_set_interrupts,
	.is_ready = sifive_uart_is_ready,
	.put = sifive_uart_put,
	.get = sifive_uart_get,
};

static int sifive_uart_probe(struct device *dev)
{
	struct sifive_uart *uart = kzalloc(sizeof(*uart));
	int ret;

	if (!uart)
		return -ENOMEM;
	ret = uart_probe(dev, &uart->uart, &sifive_uart_type);
	if (ret)
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
