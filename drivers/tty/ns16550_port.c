// SPDX-License-Identifier: MIT
/*
 * Setting up a 16550 UART; see ns16550_port.h.
 */
#include <drivers/tty/ns16550_port.h>

#define DIVISOR_CLOCKS 16 /* clocks a bit at divisor 1 */
#define DIVISOR_MAX    0xffff

void ns16550_set_baud(const struct ns16550_port *port, uint32_t baud)
{
	uint32_t divisor;

	if (!port->clock_hz || !baud || baud > port->clock_hz / DIVISOR_CLOCKS)
		return;
	divisor = (port->clock_hz + DIVISOR_CLOCKS / 2 * baud) /
		  (DIVISOR_CLOCKS * baud);
	if (divisor > DIVISOR_MAX)
		divisor = DIVISOR_MAX;

	ns16550_write(port, NS16550_LCR, NS16550_LCR_8N1 | NS16550_LCR_DLAB);
	ns16550_write(port, NS16550_DLL, divisor);
	ns16550_write(port, NS16550_DLM, divisor >> 8);
	ns16550_write(port, NS16550_LCR, NS16550_LCR_8N1);
}

int ns16550_port_init(struct ns16550_port *port, void __iomem *regs,
		      unsigned shift, unsigned io_width, uint32_t clock_hz,
		      uint32_t baud)
{
	if (shift > 4 || (io_width != 1 && io_width != 4))
		return -1;
	port->regs = regs;
	port->shift = shift;
	port->io_width = io_width;
	port->clock_hz = clock_hz;

	ns16550_write(port, NS16550_IER, 0);
	ns16550_write(port, NS16550_LCR, NS16550_LCR_8N1);
	ns16550_set_baud(port, baud);
	ns16550_write(port, NS16550_FCR, NS16550_FCR_FIFOS);
	ns16550_write(port, NS16550_MCR, NS16550_MCR_ON);
	return 0;
}
