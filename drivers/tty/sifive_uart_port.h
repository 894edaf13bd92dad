/* SPDX-License-Identifier: MIT */
/*
 * The registers of SiFive's UART, for firmware and kernel alike; the K210 calls
 * it UARTHS.
 *
 * SiFive FE310-G000 manual v2p3, chapter 19.  All registers are 32 bits wide.
 */
#pragma once

#include <lib/mmio.h>
#include <lib/types.h>

#define SIFIVE_UART_TXDATA 0x00
#define SIFIVE_UART_RXDATA 0x04
#define SIFIVE_UART_TXCTRL 0x08
#define SIFIVE_UART_RXCTRL 0x0c
#define SIFIVE_UART_IE     0x10
#define SIFIVE_UART_IP     0x14
#define SIFIVE_UART_DIV    0x18

#define SIFIVE_UART_TX_FULL  0x80000000u /* TXDATA */
#define SIFIVE_UART_RX_EMPTY 0x80000000u /* RXDATA */
#define SIFIVE_UART_CTRL_ON  0x00000001u /* TXCTRL, RXCTRL */
#define SIFIVE_UART_TXWM     0x00000001u /* IE, IP: fewer to send than... */
#define SIFIVE_UART_RXWM     0x00000002u /* IE, IP: more received than... */
#define SIFIVE_UART_DIV_MAX  0xffff

/* ... this many, in TXCTRL and RXCTRL. */
#define SIFIVE_UART_CTRL_LEVEL(n) ((uint32_t)(n) << 16)

/* Switch both directions on, interrupts off; the speed stays as it is. */
static inline void sifive_uart_enable(uint8_t __iomem *regs)
{
	mmio_write32(0, regs + SIFIVE_UART_IE);
	mmio_write32(SIFIVE_UART_CTRL_ON, regs + SIFIVE_UART_TXCTRL);
	mmio_write32(SIFIVE_UART_CTRL_ON, regs + SIFIVE_UART_RXCTRL);
}

/* Send one byte, waiting for room. */
static inline void sifive_uart_putc(uint8_t __iomem *regs, uint8_t byte)
{
	while (mmio_read32(regs + SIFIVE_UART_TXDATA) & SIFIVE_UART_TX_FULL)
		;
	mmio_write32(byte, regs + SIFIVE_UART_TXDATA);
}

/* The next byte received, or -1. */
static inline int sifive_uart_getc(uint8_t __iomem *regs)
{
	uint32_t data = mmio_read32(regs + SIFIVE_UART_RXDATA);

	return data & SIFIVE_UART_RX_EMPTY ? -1 : (int)(data & 0xff);
}
