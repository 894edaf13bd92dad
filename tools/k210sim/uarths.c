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

static uint64_t byte_time(const struct machine *machine)
{
	return time_of(BITS_PER_BYTE * ((uint64_t)machine->uarths.div + 1),
		       sysctl_aclk(&machine->sysctl));
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

/* A byte of the terminal comes no sooner than the line can bring it. */
static void listen(struct machine *machine)
{
	struct uarths *uarths = &machine->uarths;

	if (uarths->rxctrl & ENABLE && uarths->rx_level < UARTHS_FIFO &&
	    !console_is_closed() && !uarths->listen.is_pending &&
	    fpioa_receives(machine, FUNCTION_UARTHS_RX, PIN_RX))
		event_schedule(machine, &uarths->listen,
			       time_now(machine) + byte_time(machine));
}

void uarths_line_changed(struct machine *machine)
{
	listen(machine);
}

static void listen_fire(struct machine *machine, struct event *event)
{
	struct uarths *uarths = &machine->uarths;
	int byte;

	(void)event;
	if (!(uarths->rxctrl & ENABLE) ||
	    !fpioa_receives(machine, FUNCTION_UARTHS_RX, PIN_RX))
		return;
	byte = console_read(machine);
	if (byte >= 0)
		uarths->rx[uarths->rx_level++] =
			through_line(machine, (uint8_t)byte);
	listen(machine);
	drive_line(machine);
}

static void sent_fire(struct machine *machine, struct event *event)
{
	if (--machine->uarths.tx_level)
		event_schedule(machine, event,
			       event->when + byte_time(machine));
	drive_line(machine);
}

/* A byte into the FIFO; one that does not fit is lost, as on the chip. */
static void transmit(struct machine *machine, uint8_t byte)
{
	struct uarths *uarths = &machine->uarths;

	if (!(uarths->txctrl & ENABLE) || uarths->tx_level == UARTHS_FIFO)
		return;
	if (!uarths->tx_level++)
		event_schedule(machine, &uarths->sent,
			       time_now(machine) + byte_time(machine));
	if (fpioa_sends(machine, FUNCTION_UARTHS_TX, PIN_TX))
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

static uint32_t read_register(const struct reg_access *access)
{
	struct uarths *uarths = &access->machine->uarths;

	switch (access->offset) {
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
		access_no_register(access);
		return 0;
	}
}

static uint32_t uarths_read(const struct reg_access *access)
{
	uint32_t value = read_register(access);

	listen(access->machine);
	drive_line(access->machine);
	return value;
}

static void uarths_write(const struct reg_access *access, uint32_t value)
{
	struct uarths *uarths = &access->machine->uarths;

	switch (access->offset) {
	case TXDATA:
		transmit(access->machine, (uint8_t)value);
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
	case RXDATA:
	case IP:
		break; /* read-only; kflash's second stage writes IP */
	default:
		access_no_register(access);
		break;
	}
	listen(access->machine);
	drive_line(access->machine);
}

/* As the boot ROM leaves it: 115200 baud at the clock that it set. */
static void uarths_reset(struct machine *machine, const struct device *device)
{
	struct uarths *uarths = &machine->uarths;

	(void)device;
	event_cancel(machine, &uarths->sent);
	event_cancel(machine, &uarths->listen);
	*uarths = (struct uarths){
		.txctrl = ENABLE,
		.rxctrl = ENABLE,
		.ie = RXWM,
		.div = (uint32_t)(sysctl_aclk(&machine->sysctl) / BAUD - 1),
		.sent = { .fire = sent_fire },
		.listen = { .fire = listen_fire },
	};
	fpioa_drive(machine, FUNCTION_UARTHS_TX, true, true);
	listen(machine);
}

const struct device_ops uarths_ops = {
	.read = uarths_read,
	.write = uarths_write,
	.reset = uarths_reset,
};
