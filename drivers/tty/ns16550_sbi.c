// SPDX-License-Identifier: MIT
/*
 * The 16550 UART as the firmware's console: polled, as set up by what ran
 * before us if the tree does not name a clock.
 */
#include <drivers/tty/ns16550_port.h>

#include <console.h>
#include <device.h>
#include <lib/fdt.h>

#define BAUD 115200

static struct ns16550_port port; /* [I] after probe; console_lock the device */

static void ns16550_putc(uint8_t byte)
{
	while (!(ns16550_read(&port, NS16550_LSR) & NS16550_LSR_THRE))
		;
	ns16550_write(&port, NS16550_THR, byte);
}

static int ns16550_getc(void)
{
	if (!(ns16550_read(&port, NS16550_LSR) & NS16550_LSR_DR))
		return -1;
	return ns16550_read(&port, NS16550_RBR);
}

static const struct console_ops ns16550_console = {
	.send = ns16550_putc,
	.receive = ns16550_getc,
};

static int ns16550_probe(const void *fdt, int node, const void *data)
{
	uint32_t shift = 0, io_width = 1, clock_hz = 0, baud = BAUD;
	struct dt_range reg;
	int ret = dt_get_reg(fdt, node, 0, &reg);

	(void)data;
	if (ret)
		return ret;
	dt_get_u32(fdt, node, "reg-shift", &shift);
	dt_get_u32(fdt, node, "reg-io-width", &io_width);
	dt_get_u32(fdt, node, "clock-frequency", &clock_hz);
	dt_get_u32(fdt, node, "current-speed", &baud);

	ret = ns16550_port_init(&port, (void __iomem *)reg.start, shift,
				io_width, clock_hz, baud);
	if (!ret)
		console_register(&ns16550_console);
	return ret;
}

static const struct fw_match ns16550_match[] = {
	{ .compatible = "ns16550a" },
	{ .compatible = "ns16550" },
	{ .compatible = "snps,dw-apb-uart" },
	{},
};

const struct fw_driver ns16550_fw_driver = {
	.match = ns16550_match,
	.probe = ns16550_probe,
};
