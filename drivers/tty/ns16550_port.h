// SPDX-License-Identifier: MIT
/*
 * The registers of a 16550 UART, for firmware and kernel alike.
 *
 * National Semiconductor PC16550D data sheet, section 8.  Callers keep two
 * users of one port apart; nothing here sleeps or takes locks.
 */
#pragma once

#include <lib/mmio.h>
#include <lib/types.h>

/* Register numbers; the port knows how far apart they lie. */
#define NS16550_RBR 0 /* read: received byte */
#define NS16550_THR 0 /* write: byte to send */
#define NS16550_DLL 0 /* divisor, low, while LCR_DLAB is set */
#define NS16550_IER 1
#define NS16550_DLM 1
#define NS16550_IIR 2
#define NS16550_FCR 2
#define NS16550_LCR 3
#define NS16550_MCR 4
#define NS16550_LSR 5

#define NS16550_IER_RDI   0x01 /* a byte came in */
#define NS16550_IER_THRI  0x02 /* the transmitter is empty */
#define NS16550_FCR_FIFOS 0x07 /* enable and clear both FIFOs */
#define NS16550_LCR_8N1   0x03
#define NS16550_LCR_DLAB  0x80
#define NS16550_MCR_ON    0x0b /* DTR, RTS, interrupt line on */
#define NS16550_LSR_DR    0x01 /* received data are there */
#define NS16550_LSR_THRE  0x20 /* the transmit FIFO is empty */

#define NS16550_FIFO_SIZE 16

struct ns16550_port {
	uint8_t __iomem *regs; /* [I] */
	unsigned shift;        /* [I] registers are 1 << shift bytes apart */
	unsigned io_width;     /* [I] bytes an access: 1 or 4 */
	uint32_t clock_hz;     /* [I] 0: unknown, the divisor is left alone */
};

static inline uint8_t ns16550_read(const struct ns16550_port *port,
				   unsigned reg)
{
	uint8_t __iomem *addr = port->regs + ((size_t)reg << port->shift);

	return port->io_width == 4 ? mmio_read32(addr) : mmio_read8(addr);
}

static inline void ns16550_write(const struct ns16550_port *port, unsigned reg,
				 uint8_t value)
{
	uint8_t __iomem *addr = port->regs + ((size_t)reg << port->shift);

	if (port->io_width == 4)
		mmio_write32(value, addr);
	else
		mmio_write8(value, addr);
}

/*
 * Take the port over: 8N1, FIFOs on and empty, interrupts off, baud bits/s if
 * the clock is known.  0, or -1: shift or io_width make no sense.
 */
int ns16550_port_init(struct ns16550_port *port, void __iomem *regs,
		      unsigned shift, unsigned io_width, uint32_t clock_hz,
		      uint32_t baud);

/* Nothing happens when the clock is unknown or baud is 0. */
void ns16550_set_baud(const struct ns16550_port *port, uint32_t baud);
