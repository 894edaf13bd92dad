// SPDX-License-Identifier: MIT
/*
 * SiFive's UART as the firmware's console: polled, at the speed that was set
 * before us.
 */
#include <drivers/tty/sifive_uart_port.h>

#include <console.h>
#include <device.h>
#include <lib/fdt.h>

static uint8_t __iomem *uart; /* [I] after probe; console_lock the device */

static void putc_console(uint8_t byte)
{
	sifive_uart_putc(uart, byte);
}

static int getc_console(void)
{
	return sifive_uart_getc(uart);
}

static const struct console_ops sifive_uart_console = {
	.send = putc_console,
	.receive = getc_console,
};

static int sifive_uart_probe(const void *fdt, int node, const void *data)
{
	struct dt_range reg;
	int ret = dt_get_reg(fdt, node, 0, &reg);

	(void)data;
	if (ret)
		return ret;
	uart = (uint8_t __iomem *)reg.start;
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
