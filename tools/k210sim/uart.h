// SPDX-License-Identifier: MIT
/* UART1 to UART3; k210.md section 3.4. */
#pragma once

#include "map.h"
#include "uart_line.h"

/* Bits that uart_line.c looks at, too. */
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
