// SPDX-License-Identifier: MIT
/*
 * SiFive's UART as the firmware's console: polled, and at the speed that was set
 * before us if the tree names no clock that we know.
 */
#include <drivers/tty/sifive_uart_port.h>

#include <clock.h>
#include <console.h>
#include <device.h>
#include <lib/csr.h>
#include <lib/fdt.h>

#define BAUD       115200
#define FRAME_BITS 10 /* 8N1 with its start bit */

static uint8_t __iomem *uart; /* [I] after probe; console_lock the device */

static void putc_console(uint8_t byte)
{
	sifive_uart_putc(uart, byte);
}

static int getc_console(void)
{
	return sifive_uart_getc(uart);
}

/* The transmitter's last frame: in cycles, as the CPU's clock is the UART's. */
static void wait_frame(void)
{
	uint64_t start = csr_read(CSR_MCYCLE);
	uint64_t frame =
		FRAME_BITS * (mmio_read32(uart + SIFIVE_UART_DIV) + 1ul);

	while (csr_read(CSR_MCYCLE) - start < frame)
		;
}

/* The watermark is reached when the FIFO holds less than one. */
static void flush_console(void)
{
	mmio_write32(SIFIVE_UART_CTRL_ON | SIFIVE_UART_CTRL_LEVEL(1),
		     uart + SIFIVE_UART_TXCTRL);
	while (!(mmio_read32(uart + SIFIVE_UART_IP) & SIFIVE_UART_TXWM))
		;
	wait_frame();
}

static const struct console_ops sifive_uart_console = {
	.send = putc_console,
	.receive = getc_console,
	.flush = flush_console,
};

/* baud = clock / (div + 1), to the nearest. */
static void set_baud(uint64_t clock_hz, uint32_t baud)
{
	uint64_t div;

	if (!clock_hz || !baud || baud > clock_hz)
		return;
	div = (clock_hz + baud / 2) / baud - 1;
	mmio_write32(MIN(div, SIFIVE_UART_DIV_MAX), uart + SIFIVE_UART_DIV);
}

static int sifive_uart_probe(const void *fdt, int node, const void *data)
{
	uint32_t baud = BAUD;
	struct dt_range reg;
	int ret = dt_get_reg(fdt, node, 0, &reg);

	(void)data;
	if (ret)
		return ret;
	uart = (uint8_t __iomem *)reg.start;
	dt_get_u32(fdt, node, "current-speed", &baud);
	set_baud(clock_get_rate(fdt, node), baud);
	sifive_uart_enable(uart);
	console_register(&sifive_uart_console);
	return 0;
}

static const struct fw_match sifive_uart_match[] = {
	{ .compatible = "canaan,k210-uarths" },
	{ .compatible = "sifive,uart0" },
	{},
};

const struct fw_driver sifive_uart_fw_driver = {
	.match = sifive_uart_match,
	.probe = sifive_uart_probe,
};
