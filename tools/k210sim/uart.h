// SPDX-License-Identifier: MIT
/* UART1 to UART3; k210.md section 3.4. */
#pragma once

#include "map.h"
#include "uart_line.h"

/* Bits that the other files look at, too. */
#define UART_FCR_FIFOS   (1u << 0)
#define UART_IER_PTIME   (1u << 7)
#define UART_LCR_LENGTH  3u
#define UART_LCR_STOP    (1u << 2)
#define UART_LCR_PARITY  (1u << 3)
#define UART_LCR_BREAK   (1u << 6)
#define UART_MCR_LOOP    (1u << 4)
#define UART_LSR_OVERRUN (1u << 1)

extern const struct device_ops uart_ops;

/* Drive the interrupt and the requests to the DMAC. */
void uart_drive_lines(struct machine *machine, struct uart *uart);

/* For uart_extra.c: writes of registers whose fields have shadows. */
void uart_write_mcr(struct uart *uart, uint32_t value);
void uart_write_fcr(struct machine *machine, struct uart *uart, uint32_t value);

/* Bytes are on their way or wait to be read: LCR cannot be written. */
bool uart_is_busy(const struct uart *uart);

/* Registers that a 16550 does not have. */
uint32_t uart_extra_read(const struct reg_access *access, struct uart *uart);
void uart_extra_write(const struct reg_access *access, struct uart *uart,
		      uint32_t value);
