// SPDX-License-Identifier: MIT
/*
 * UART1 to UART3: k210.md section 3.4, after the SDK's uart.h and the
 * DW_apb_uart databook it follows.
 *
 * Here are the registers of the 16550 and the interrupts.  FIFOs have 16
 * bytes, as the SDK's thresholds assume (the datasheet says 8).  Modem lines
 * exist in loop-back only.
 */
#include "uart.h"

#include "machine.h"

#define RBR_THR 0x00
#define IER     0x04
#define IIR_FCR 0x08
#define LCR     0x0c
#define MCR     0x10
#define LSR     0x14
#define MSR     0x18
#define SCR     0x1c
#define WINDOW  0x30 /* SRBR and STHR */
#define EXTRA   0x70 /* uart_extra.c has the rest */

#define IER_RECEIVE  (1u << 0)
#define IER_SEND     (1u << 1)
#define IER_ERRORS   (1u << 2)
#define IER_MODEM    (1u << 3)
#define IER_BITS     0x8f
#define FCR_CLEAR_RX (1u << 1)
#define FCR_CLEAR_TX (1u << 2)
#define FCR_DMA      (1u << 3)
#define FCR_STORED   0xf9
#define LCR_DLAB     (1u << 7)
#define MCR_BITS     0x7f
#define LSR_READY    (1u << 0)
#define LSR_THRE     (1u << 5)
#define LSR_TEMT     (1u << 6)

#define IIR_MODEM   0x0
#define IIR_NONE    0x1
#define IIR_SEND    0x2
#define IIR_RECEIVE 0x4
#define IIR_ERRORS  0x6
#define IIR_BUSY    0x7
#define IIR_TIMEOUT 0xc
#define IIR_FIFOS   0xc0

#define FIRST_IRQ     11
#define FIRST_REQUEST 14

static bool has_fifos(const struct uart *uart)
{
	return uart->fcr & UART_FCR_FIFOS;
}

static unsigned int rx_trigger(const struct uart *uart)
{
	static const uint8_t levels[4] = { 1, UART_FIFO / 4, UART_FIFO / 2,
					   UART_FIFO - 2 };

	return has_fifos(uart) ? levels[uart->fcr >> 6 & 3] : 1;
}

bool uart_is_busy(const struct uart *uart)
{
	return uart->tx.level || uart->rx.level;
}

static uint32_t interrupt_id(const struct uart *uart)
{
	if (uart->ier & IER_ERRORS && uart->errors)
		return IIR_ERRORS;
	if (uart->ier & IER_RECEIVE && uart->rx.level >= rx_trigger(uart))
		return IIR_RECEIVE;
	if (uart->ier & IER_RECEIVE && uart->timed_out)
		return IIR_TIMEOUT;
	if (uart->ier & IER_SEND && uart->sent_enough)
		return IIR_SEND;
	if (uart->ier & IER_MODEM && uart->deltas)
		return IIR_MODEM;
	return uart->was_busy ? IIR_BUSY : IIR_NONE;
}

void uart_drive_lines(struct machine *machine, struct uart *uart)
{
	bool burst = has_fifos(uart) && uart->fcr & FCR_DMA;
	unsigned int request = FIRST_REQUEST + 2u * uart->unit;
	unsigned int wanted = burst ? rx_trigger(uart) : 1;
	unsigned int allowed = burst ? uart_tx_threshold(uart) : 0;

	plic_set_level(machine, FIRST_IRQ + uart->unit,
		       interrupt_id(uart) != IIR_NONE);
	dmac_set_request(machine, request,
			 uart->rx.level >= wanted || uart->timed_out);
	dmac_set_request(machine, request + 1, uart->tx.level <= allowed);
}

static uint32_t read_lsr(struct uart *uart)
{
	uint32_t value = uart->errors;
	bool full = uart->tx.level >= uart_depth(uart);

	uart->errors = 0;
	if (uart->rx.level)
		value |= LSR_READY;
	if (uart_has_ptime(uart) ? full : !uart->tx.level)
		value |= LSR_THRE;
	if (!uart->tx.level)
		value |= LSR_TEMT;
	return value;
}

/* CTS, DSR, RI, DCD; in loop-back they are RTS, DTR and the two outputs. */
static uint32_t modem_lines(const struct uart *uart)
{
	uint32_t mcr = uart->mcr & UART_MCR_LOOP ? uart->mcr : 0;

	return (mcr >> 1 & 1) << 4 | (mcr & 1) << 5 | (mcr >> 2 & 3) << 6;
}

void uart_write_mcr(struct uart *uart, uint32_t value)
{
	uint32_t old = modem_lines(uart);

	uart->mcr = value & MCR_BITS;
	uart->deltas |= (old ^ modem_lines(uart)) >> 4;
}

static uint32_t read_msr(struct uart *uart)
{
	uint32_t value = modem_lines(uart) | uart->deltas;

	uart->deltas = 0;
	return value;
}

static uint32_t read_iir(struct uart *uart)
{
	uint32_t id = interrupt_id(uart);

	if (id == IIR_SEND)
		uart->sent_enough = false;
	return id | (has_fifos(uart) ? IIR_FIFOS : 0);
}

void uart_write_fcr(struct machine *machine, struct uart *uart, uint32_t value)
{
	bool toggled = (uart->fcr ^ value) & UART_FCR_FIFOS;

	if (toggled || value & FCR_CLEAR_RX)
		uart_clear_rx(machine, uart);
	if (toggled || value & FCR_CLEAR_TX)
		uart_clear_tx(machine, uart);
	uart->fcr = value & FCR_STORED;
}

/* To ask for "THR empty" while it is empty already is an interrupt at once. */
static void write_ier(struct uart *uart, uint32_t value)
{
	if (value & ~uart->ier & IER_SEND &&
	    uart->tx.level <= uart_tx_threshold(uart))
		uart->sent_enough = true;
	uart->ier = value & IER_BITS;
}

static void write_lcr(struct uart *uart, uint32_t value)
{
	if (uart_is_busy(uart))
		uart->was_busy = true; /* and nothing else */
	else
		uart->lcr = value & 0xff;
}

static uint32_t read_register(const struct reg_access *access,
			      struct uart *uart)
{
	bool dlab = uart->lcr & LCR_DLAB;

	switch (access->offset) {
	case RBR_THR:
		return dlab ? uart->divisor & 0xff
			    : uart_pop(access->machine, uart);
	case IER:
		return dlab ? uart->divisor >> 8 : uart->ier;
	case IIR_FCR:
		return read_iir(uart);
	case LCR:
		return uart->lcr;
	case MCR:
		return uart->mcr;
	case LSR:
		return read_lsr(uart);
	case MSR:
		return read_msr(uart);
	case SCR:
		return uart->scr;
	default:
		if (access->offset >= WINDOW && access->offset < EXTRA)
			return uart_pop(access->machine, uart);
		return uart_extra_read(access, uart);
	}
}

static uint32_t uart_read(const struct reg_access *access)
{
	struct uart *uart = &access->machine->uart[access->device->unit];
	uint32_t value = read_register(access, uart);

	uart_drive_lines(access->machine, uart);
	return value;
}

static void send(const struct reg_access *access, struct uart *uart,
		 uint32_t value)
{
	if (!uart->divisor)
		access_misuse(access, "sends without a divisor (k210.md 3.4)");
	uart_push(access->machine, uart, (uint8_t)value);
}

static void write_register(const struct reg_access *access, struct uart *uart,
			   uint32_t value)
{
	bool dlab = uart->lcr & LCR_DLAB;

	switch (access->offset) {
	case RBR_THR:
		if (dlab)
			uart->divisor =
				(uart->divisor & 0xff00) | (value & 0xff);
		else
			send(access, uart, value);
		break;
	case IER:
		if (dlab)
			uart->divisor = (uart->divisor & 0xff) | (value & 0xff)
									 << 8;
		else
			write_ier(uart, value);
		break;
	case IIR_FCR:
		uart_write_fcr(access->machine, uart, value);
		break;
	case LCR:
		write_lcr(uart, value);
		break;
	case MCR:
		uart_write_mcr(uart, value);
		break;
	case LSR:
	case MSR:
		break;
	case SCR:
		uart->scr = value & 0xff;
		break;
	default:
		if (access->offset >= WINDOW && access->offset < EXTRA)
			send(access, uart, value);
		else
			uart_extra_write(access, uart, value);
		break;
	}
}

static void uart_write(const struct reg_access *access, uint32_t value)
{
	struct uart *uart = &access->machine->uart[access->device->unit];

	write_register(access, uart, value);
	uart_line_update(access->machine, uart);
	uart_drive_lines(access->machine, uart);
}

static void uart_reset(struct machine *machine, const struct device *device)
{
	struct uart *uart = &machine->uart[device->unit];

	uart->unit = device->unit;
	uart_line_reset(machine, uart);
	uart_drive_lines(machine, uart);
}

static void uart_clocks_changed(struct machine *machine,
				const struct device *device)
{
	uart_line_update(machine, &machine->uart[device->unit]);
}

const struct device_ops uart_ops = {
	.read = uart_read,
	.write = uart_write,
	.reset = uart_reset,
	.clocks_changed = uart_clocks_changed,
};
