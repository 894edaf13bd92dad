// SPDX-License-Identifier: MIT
/*
 * UARTHS: k210.md section 3.3.
 *
 * The terminal listens at 115200 baud.  With a divisor that is more than 3 %
 * off for the ACLK of that moment both directions are garbled.
 */
#include "uarths.h"

#include <string.h>

#include "console.h"
#include "machine.h"
#include "report.h"

#define BASE          0x38000000u
#define TXDATA        0x00
#define RXDATA        0x04
#define TXCTRL        0x08
#define RXCTRL        0x0c
#define IE            0x10
#define IP            0x14
#define DIV           0x18
#define FULL_OR_EMPTY (1u << 31)
#define ENABLE        (1u << 0)
#define TXWM          (1u << 0)
#define RXWM          (1u << 1)
#define BAUD          115200
#define BITS_PER_BYTE 10
#define GARBLE        0x55
#define IRQ           33

static uint64_t byte_cycles(const struct uarths *uarths)
{
	return BITS_PER_BYTE * ((uint64_t)uarths->div + 1);
}

static uint8_t through_line(const struct machine *machine, uint8_t byte)
{
	uint64_t aclk = sysctl_aclk(&machine->sysctl);
	uint64_t wanted = aclk / BAUD;
	uint64_t have = machine->uarths.div + 1;
	uint64_t off = have > wanted ? have - wanted : wanted - have;

	return off * 100 > wanted * 3 ? byte ^ GARBLE : byte;
}

static uint32_t pending(const struct uarths *uarths)
{
	uint32_t ip = 0;

	if (uarths->tx_level < (uarths->txctrl >> 16 & 7))
		ip |= TXWM;
	if (uarths->rx_level > (uarths->rxctrl >> 16 & 7))
		ip |= RXWM;
	return ip;
}

static void drive_line(struct machine *machine)
{
	struct uarths *uarths = &machine->uarths;

	plic_set_level(machine, IRQ, pending(uarths) & uarths->ie);
}

static void receive(struct machine *machine)
{
	struct uarths *uarths = &machine->uarths;
	int byte;

	if (!(uarths->rxctrl & ENABLE) || uarths->rx_level == UARTHS_FIFO ||
	    machine->cycles < uarths->rx_next)
		return;
	uarths->rx_next = machine->cycles + byte_cycles(uarths);
	byte = console_read(machine);
	if (byte >= 0)
		uarths->rx[uarths->rx_level++] =
			through_line(machine, (uint8_t)byte);
}

void uarths_advance(struct machine *machine)
{
	struct uarths *uarths = &machine->uarths;

	while (uarths->tx_level && machine->cycles >= uarths->tx_done) {
		uarths->tx_level--;
		uarths->tx_done += byte_cycles(uarths);
	}
	receive(machine);
	drive_line(machine);
}

uint64_t uarths_next_event(const struct machine *machine)
{
	const struct uarths *uarths = &machine->uarths;

	if (!uarths->tx_level)
		return UINT64_MAX;
	if (uarths->tx_done <= machine->cycles)
		return 1;
	return uarths->tx_done - machine->cycles;
}

/* A byte into the FIFO; one that does not fit is lost, as on the chip. */
static void transmit(struct machine *machine, uint8_t byte)
{
	struct uarths *uarths = &machine->uarths;

	if (!(uarths->txctrl & ENABLE) || uarths->tx_level == UARTHS_FIFO)
		return;
	if (!uarths->tx_level++)
		uarths->tx_done = machine->cycles + byte_cycles(uarths);
	console_write(through_line(machine, byte));
}

static uint32_t pop(struct uarths *uarths)
{
	uint8_t byte = uarths->rx[0];

	if (!uarths->rx_level)
		return FULL_OR_EMPTY;
	uarths->rx_level--;
	memmove(uarths->rx, uarths->rx + 1, uarths->rx_level);
	return byte;
}

static uint32_t read_register(struct hart *hart, uint32_t offset)
{
	struct uarths *uarths = &hart->machine->uarths;

	switch (offset) {
	case TXDATA:
		return uarths->tx_level == UARTHS_FIFO ? FULL_OR_EMPTY : 0;
	case RXDATA:
		return pop(uarths);
	case TXCTRL:
		return uarths->txctrl;
	case RXCTRL:
		return uarths->rxctrl;
	case IE:
		return uarths->ie;
	case IP:
		return pending(uarths);
	case DIV:
		return uarths->div;
	default:
		report_misuse(hart, BASE + offset,
			      "UARTHS has no such register");
		return 0;
	}
}

uint32_t uarths_read(struct hart *hart, uint32_t offset)
{
	uint32_t value;

	uarths_advance(hart->machine);
	value = read_register(hart, offset);
	drive_line(hart->machine);
	return value;
}

void uarths_write(struct hart *hart, uint32_t offset, uint32_t value)
{
	struct uarths *uarths = &hart->machine->uarths;

	uarths_advance(hart->machine);
	switch (offset) {
	case TXDATA:
		transmit(hart->machine, (uint8_t)value);
		break;
	case TXCTRL:
		uarths->txctrl = value & 0x70003;
		break;
	case RXCTRL:
		uarths->rxctrl = value & 0x70001;
		break;
	case IE:
		uarths->ie = value & 3;
		break;
	case DIV:
		uarths->div = value & 0xffff;
		break;
	default:
		report_misuse(hart, BASE + offset,
			      "UARTHS has no such register");
		break;
	}
	drive_line(hart->machine);
}

void uarths_reset(struct machine *machine)
{
	machine->uarths = (struct uarths){
		.txctrl = ENABLE,
		.rxctrl = ENABLE,
		.ie = RXWM,
		.div = (uint32_t)(sysctl_aclk(&machine->sysctl) / BAUD - 1),
	};
}
