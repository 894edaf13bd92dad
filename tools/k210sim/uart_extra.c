// SPDX-License-Identifier: MIT
/*
 * What DesignWare added to the 16550's registers: k210.md section 3.4, after
 * the SDK's uart.h.
 *
 * Shadow registers are fields of FCR, LCR and MCR under addresses of their
 * own.  RS-485, IrDA and the test access to the FIFOs have no effect.
 */
#include "machine.h"
#include "uart.h"

#define FAR       0x70
#define LPDLL     0x20
#define LPDLH     0x24
#define TFR       0x74
#define RFW       0x78
#define USR       0x7c
#define TFL       0x80
#define RFL       0x84
#define SRR       0x88
#define SRTS      0x8c
#define SBCR      0x90
#define SDMAM     0x94
#define SFE       0x98
#define SRT       0x9c
#define STET      0xa0
#define HTX       0xa4
#define DMASA     0xa8
#define TCR       0xac
#define TAT       0xbc
#define DLF       0xc0
#define RAR       0xc4
#define LCR_EXT   0xcc
#define CPR       0xf4
#define UCV       0xf8
#define CTR       0xfc
#define CPR_VALUE 0x00013f32 /* 16 bytes, 32 bits, all extensions */
#define UCV_VALUE 0x3430312a /* "401*" */
#define CTR_VALUE 0x44570110

static uint32_t read_usr(struct uart *uart)
{
	unsigned int depth = uart_depth(uart);

	uart->was_busy = false;
	return (uint32_t)uart_is_busy(uart) | (uart->tx.level < depth) << 1 |
	       (!uart->tx.level) << 2 | (uart->rx.level > 0) << 3 |
	       (uart->rx.level == depth) << 4;
}

/* Replace a field of FCR, LCR or MCR by what its shadow register got. */
static uint32_t with_field(uint32_t old, unsigned int shift, uint32_t mask,
			   uint32_t value)
{
	return (old & ~(mask << shift)) | (value & mask) << shift;
}

static void write_srr(struct machine *machine, struct uart *uart,
		      uint32_t value)
{
	if (value & 1)
		uart_line_reset(machine, uart);
	if (value & 2)
		uart_clear_rx(machine, uart);
	if (value & 4)
		uart_clear_tx(machine, uart);
}

/* The stored register at an offset that has no other meaning, or NULL. */
static uint32_t *find_stored(struct uart *uart, uint32_t offset)
{
	if (offset == HTX)
		return &uart->halt;
	if (offset == LPDLL || offset == LPDLH)
		return &uart->low_power[(offset - LPDLL) / 4];
	if (offset >= TCR && offset <= TAT)
		return &uart->rs485[(offset - TCR) / 4];
	if (offset >= RAR && offset <= LCR_EXT)
		return &uart->address[(offset - RAR) / 4];
	return NULL;
}

uint32_t uart_extra_read(const struct reg_access *access, struct uart *uart)
{
	const uint32_t *stored = find_stored(uart, access->offset);

	if (stored)
		return *stored;
	switch (access->offset) {
	case USR:
		return read_usr(uart);
	case TFL:
		return uart->tx.level;
	case RFL:
		return uart->rx.level;
	case DLF:
		return uart->fraction;
	case SRTS:
		return uart->mcr >> 1 & 1;
	case SBCR:
		return uart->lcr >> 6 & 1;
	case SDMAM:
		return uart->fcr >> 3 & 1;
	case SFE:
		return uart->fcr & 1;
	case SRT:
		return uart->fcr >> 6 & 3;
	case STET:
		return uart->fcr >> 4 & 3;
	case CPR:
		return CPR_VALUE;
	case UCV:
		return UCV_VALUE;
	case CTR:
		return CTR_VALUE;
	case FAR:
	case TFR:
	case RFW:
	case SRR:
	case DMASA:
		return 0;
	default:
		access_no_register(access);
		return 0;
	}
}

void uart_extra_write(const struct reg_access *access, struct uart *uart,
		      uint32_t value)
{
	uint32_t *stored = find_stored(uart, access->offset);

	if (stored)
		*stored = value;
	switch (access->offset) {
	case SRTS:
		uart_write_mcr(uart, with_field(uart->mcr, 1, 1, value));
		break;
	case SBCR:
		uart->lcr = with_field(uart->lcr, 6, 1, value);
		break;
	case SDMAM:
		uart->fcr = with_field(uart->fcr, 3, 1, value);
		break;
	case SFE:
		uart_write_fcr(access->machine, uart,
			       with_field(uart->fcr, 0, 1, value));
		break;
	case SRT:
		uart->fcr = with_field(uart->fcr, 6, 3, value);
		break;
	case STET:
		uart->fcr = with_field(uart->fcr, 4, 3, value);
		break;
	case FAR:
		if (value & 1)
			access_misuse(access, "test access to the FIFOs is "
					      "not modelled");
		break;
	case SRR:
		write_srr(access->machine, uart, value);
		break;
	case DLF:
		uart->fraction = value & 15;
		break;
	case DMASA:
		break;
	default:
		if (!stored &&
		    (access->offset < FAR || access->offset > LCR_EXT))
			access_no_register(access);
		break;
	}
}
