// SPDX-License-Identifier: MIT
/*
 * See uart_line.h.
 *
 * With its pads on IO4 and IO5 a UART is on the terminal, which talks 115200
 * baud with eight bits and no parity: anything else is garbled, in both
 * directions.  On other pads what it sends goes to the file of --uart1 to
 * --uart3, whatever the rate.  A byte is shown when it enters the FIFO, so
 * that none is lost when the guest parks; the FIFO empties in the line's time.
 */
#include "uart_line.h"

#include <stdio.h>
#include <string.h>

#include "console.h"
#include "machine.h"

#define BAUD           115200
#define LENGTH_8       3
#define GARBLE         0x55
#define CLOCKS_PER_BIT 16
#define SILENCE        4 /* characters, until received bytes time out */

static unsigned int rx_function(const struct uart *uart)
{
	return FUNCTION_UART1_RX + 2u * uart->unit;
}

static unsigned int tx_function(const struct uart *uart)
{
	return rx_function(uart) + 1;
}

/* Clocks of APB0 a bit; 0 if no divisor was set. */
static uint64_t bit_clocks(const struct uart *uart)
{
	if (!uart->divisor)
		return 0;
	return (uint64_t)uart->divisor * CLOCKS_PER_BIT + uart->fraction;
}

static uint64_t byte_time(const struct machine *machine,
			  const struct uart *uart)
{
	uint64_t hz = sysctl_clock(machine, CLOCK_APB0);
	unsigned int bits = 1 + 5 + (uart->lcr & UART_LCR_LENGTH) + 1;

	if (uart->lcr & UART_LCR_STOP)
		bits++;
	if (uart->lcr & UART_LCR_PARITY)
		bits++;
	return hz ? time_of(bits * bit_clocks(uart), hz) : 0;
}

static uint8_t through_line(const struct machine *machine,
			    const struct uart *uart, uint8_t byte)
{
	uint64_t wanted = sysctl_clock(machine, CLOCK_APB0) / BAUD;
	uint64_t have = bit_clocks(uart);
	uint64_t off = have > wanted ? have - wanted : wanted - have;
	uint32_t format = uart->lcr & (UART_LCR_LENGTH | UART_LCR_PARITY);

	return off * 100 > wanted * 3 || format != LENGTH_8 ? byte ^ GARBLE
							    : byte;
}

static void show(struct machine *machine, const struct uart *uart, uint8_t byte)
{
	FILE *file = machine->uart_files[uart->unit];

	if (fpioa_sends(machine, tx_function(uart), PIN_TX)) {
		console_write(through_line(machine, uart, byte));
		return;
	}
	for (unsigned int i = 0; file && i < FPIOA_PINS; i++) {
		if (!fpioa_sends(machine, tx_function(uart), i))
			continue;
		fputc(byte, file);
		fflush(file);
		return;
	}
}

unsigned int uart_depth(const struct uart *uart)
{
	return uart->fcr & UART_FCR_FIFOS ? UART_FIFO : 1;
}

bool uart_has_ptime(const struct uart *uart)
{
	return uart->fcr & UART_FCR_FIFOS && uart->ier & UART_IER_PTIME;
}

unsigned int uart_tx_threshold(const struct uart *uart)
{
	static const uint8_t levels[4] = { 0, 2, UART_FIFO / 4, UART_FIFO / 2 };

	return uart->fcr & UART_FCR_FIFOS ? levels[uart->fcr >> 4 & 3] : 0;
}

/* The level down to which bytes must be sent for an interrupt. */
static unsigned int low_water(const struct uart *uart)
{
	return uart_has_ptime(uart) ? uart_tx_threshold(uart) : 0;
}

static uint8_t take(struct uart_fifo *fifo)
{
	uint8_t byte = fifo->bytes[0];

	fifo->level--;
	memmove(fifo->bytes, fifo->bytes + 1, fifo->level);
	return byte;
}

static bool is_on_terminal(const struct machine *machine,
			   const struct uart *uart)
{
	return !(uart->mcr & UART_MCR_LOOP) &&
	       fpioa_receives(machine, rx_function(uart), PIN_RX);
}

/* Received bytes that nobody fetches become an interrupt after a while. */
static void watch_silence(struct machine *machine, struct uart *uart)
{
	uart->timed_out = false;
	if (uart->rx.level && uart->fcr & UART_FCR_FIFOS)
		event_schedule(machine, &uart->silence,
			       time_now(machine) +
				       SILENCE * byte_time(machine, uart));
	else
		event_cancel(machine, &uart->silence);
}

static void silence_fire(struct machine *machine, struct event *event)
{
	struct uart *uart = event->owner;

	uart->timed_out = true;
	uart_drive_lines(machine, uart);
}

static void receive(struct machine *machine, struct uart *uart, uint8_t byte)
{
	if (uart->rx.level < uart_depth(uart))
		uart->rx.bytes[uart->rx.level++] = byte;
	else
		uart->errors |= UART_LSR_OVERRUN;
	watch_silence(machine, uart);
}

static void listen_fire(struct machine *machine, struct event *event)
{
	struct uart *uart = event->owner;
	int byte = -1;

	if (is_on_terminal(machine, uart) && uart->rx.level < uart_depth(uart))
		byte = console_read(machine);
	if (byte >= 0)
		receive(machine, uart,
			through_line(machine, uart, (uint8_t)byte));
	uart_line_update(machine, uart);
	uart_drive_lines(machine, uart);
}

static void sent_fire(struct machine *machine, struct event *event)
{
	struct uart *uart = event->owner;
	uint8_t byte = take(&uart->tx);

	uart->is_shifting = false;
	if (uart->mcr & UART_MCR_LOOP)
		receive(machine, uart, byte);
	if (uart->tx.level == low_water(uart))
		uart->sent_enough = true;
	uart_line_update(machine, uart);
	uart_drive_lines(machine, uart);
}

void uart_line_update(struct machine *machine, struct uart *uart)
{
	uint64_t when = time_now(machine) + byte_time(machine, uart);

	if (!byte_time(machine, uart))
		return;
	if (uart->tx.level && !uart->is_shifting && !(uart->halt & 1)) {
		uart->is_shifting = true;
		event_schedule(machine, &uart->sent, when);
	}
	/* The terminal waits while the FIFO is full: nothing typed is lost. */
	if (is_on_terminal(machine, uart) && !console_is_closed() &&
	    uart->rx.level < uart_depth(uart) && !uart->listen.is_pending)
		event_schedule(machine, &uart->listen, when);
}

void uart_push(struct machine *machine, struct uart *uart, uint8_t byte)
{
	if (uart->tx.level >= uart_depth(uart))
		return;
	uart->tx.bytes[uart->tx.level++] = byte;
	if (!uart_has_ptime(uart) || uart->tx.level > low_water(uart))
		uart->sent_enough = false;
	if (!(uart->mcr & UART_MCR_LOOP))
		show(machine, uart, byte);
	uart_line_update(machine, uart);
}

uint8_t uart_pop(struct machine *machine, struct uart *uart)
{
	uint8_t byte = 0;

	if (uart->rx.level)
		byte = take(&uart->rx);
	watch_silence(machine, uart);
	uart_line_update(machine, uart);
	return byte;
}

void uart_clear_tx(struct machine *machine, struct uart *uart)
{
	uart->tx.level = 0;
	uart->is_shifting = false;
	uart->sent_enough = true;
	event_cancel(machine, &uart->sent);
}

void uart_clear_rx(struct machine *machine, struct uart *uart)
{
	uart->rx.level = 0;
	watch_silence(machine, uart);
}

void uart_line_reset(struct machine *machine, struct uart *uart)
{
	event_cancel(machine, &uart->sent);
	event_cancel(machine, &uart->listen);
	event_cancel(machine, &uart->silence);
	*uart = (struct uart){
		.sent = { .fire = sent_fire, .owner = uart },
		.listen = { .fire = listen_fire, .owner = uart },
		.silence = { .fire = silence_fire, .owner = uart },
		.unit = uart->unit,
	};
	fpioa_drive(machine, tx_function(uart), true, true);
}

void uart_line_changed(struct machine *machine, unsigned int unit)
{
	uart_line_update(machine, &machine->uart[unit]);
}

bool uart_open_files(struct machine *machine, const char *const paths[NR_UARTS])
{
	for (unsigned int i = 0; i < NR_UARTS; i++) {
		if (!paths[i])
			continue;
		machine->uart_files[i] = fopen(paths[i], "wb");
		if (machine->uart_files[i])
			continue;
		fprintf(stderr, "k210sim: %s: cannot be written\n", paths[i]);
		return false;
	}
	return true;
}
