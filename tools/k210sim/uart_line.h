// SPDX-License-Identifier: MIT
/*
 * The serial side of UART1 to UART3: FIFOs, shift registers, and the way over
 * the pads.  uart.c has the registers.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "event.h"

struct machine;

#define NR_UARTS  3
#define UART_FIFO 16

struct uart_fifo {
	uint8_t bytes[UART_FIFO]; /* oldest first */
	unsigned int level;
};

struct uart {
	/* Registers, as the guest wrote them. */
	uint32_t ier, fcr, lcr, mcr, scr;
	uint32_t divisor; /* DLH and DLL */
	uint32_t fraction;
	uint32_t halt; /* HTX */
	uint32_t low_power[2];
	uint32_t rs485[5];   /* TCR to TAT */
	uint32_t address[3]; /* RAR, TAR, LCR_EXT */
	/* What they show. */
	uint32_t errors;  /* of LSR, until that is read */
	uint32_t deltas;  /* of MSR, likewise */
	bool sent_enough; /* the interrupt "THR empty" is due */
	bool was_busy;    /* LCR was written in vain */
	bool timed_out;   /* received bytes lie about */
	/* The line. */
	struct uart_fifo tx, rx;
	bool is_shifting;    /* the first byte of tx is on its way */
	struct event sent;   /* it is out */
	struct event listen; /* when the terminal's next byte can be there */
	struct event silence;
	uint8_t unit;
};

/* Bytes that fit into each FIFO now. */
unsigned int uart_depth(const struct uart *uart);

/* LSR bit 5 says "full", and the interrupt "at or below the threshold". */
bool uart_has_ptime(const struct uart *uart);

/* Bytes to send at which more are asked for; what FCR says of it. */
unsigned int uart_tx_threshold(const struct uart *uart);

/* A byte to send; lost if the FIFO is full. */
void uart_push(struct machine *machine, struct uart *uart, uint8_t byte);

/* The oldest received byte, or 0. */
uint8_t uart_pop(struct machine *machine, struct uart *uart);

void uart_clear_tx(struct machine *machine, struct uart *uart);
void uart_clear_rx(struct machine *machine, struct uart *uart);

/* A register, clock or route changed: go on with what waited for it. */
void uart_line_update(struct machine *machine, struct uart *uart);

/* Forget all, as a reset does. */
void uart_line_reset(struct machine *machine, struct uart *uart);

/*
 * Open the files for what leaves on other pads than the terminal's; a path may
 * be NULL.  False: one cannot be written, and standard error has been told.
 */
bool uart_open_files(struct machine *machine,
		     const char *const paths[NR_UARTS]);

/* FPIOA may have brought the terminal's line here. */
void uart_line_changed(struct machine *machine, unsigned int unit);
