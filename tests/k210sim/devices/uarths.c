// SPDX-License-Identifier: MIT
/* UARTHS, case by case: FIFOs, watermarks and what cannot be written. */
#include "../board/guest.h"

#define UARTHS 0x38000000ull
#define TXDATA 0x00
#define RXDATA 0x04
#define TXCTRL 0x08
#define RXCTRL 0x0c
#define IE     0x10
#define IP     0x14
#define DIV    0x18
#define FULL   (1u << 31)
#define EMPTY  (1u << 31)
#define ENABLE 1u
#define TXWM   1u
#define MARK_1 (1u << 16)
#define DEPTH  8
#define SOURCE 33

void guest_main(void);

/* The line is idle once the watermark of 1 says that the FIFO ran dry. */
static void drain(void)
{
	uint32_t control = get(UARTHS + TXCTRL);

	set(UARTHS + TXCTRL, ENABLE | MARK_1);
	while (!(get(UARTHS + IP) & TXWM))
		;
	set(UARTHS + TXCTRL, control);
}

static void check_fifo(void)
{
	unsigned int taken = 0;

	drain();
	while (!(get(UARTHS + TXDATA) & FULL) && taken < 100) {
		set(UARTHS + TXDATA, '.');
		taken++;
	}
	set(UARTHS + TXDATA, 'X');
	drain();
	set(UARTHS + TXDATA, '\n');
	check("uarths_fifo_has_8_places", taken, DEPTH);
}

/* Printing is what fills the FIFO, so values come first and checks last. */
static void check_watermarks(void)
{
	uint32_t asks[2];
	unsigned int source;

	drain();
	set(UARTHS + TXCTRL, ENABLE);
	asks[0] = get(UARTHS + IP) & TXWM;
	set(UARTHS + TXCTRL, ENABLE | MARK_1);
	asks[1] = get(UARTHS + IP) & TXWM;
	set(UARTHS + IE, TXWM);
	plic_choose(SOURCE);
	source = plic_take();
	set(UARTHS + IE, 0);
	(void)plic_take();
	check("uarths_watermark_0_never_asks", asks[0], 0);
	check("uarths_watermark_1_asks_if_empty", asks[1], TXWM);
	check("uarths_interrupts", source, SOURCE);
	check("uarths_drops_its_line", plic_take(), 0);
}

static void check_registers(void)
{
	uint32_t pending = get(UARTHS + IP);

	check("uarths_reads_empty", get(UARTHS + RXDATA), EMPTY);
	set(UARTHS + RXDATA, 'r');
	check("uarths_rxdata_is_not_writable", get(UARTHS + RXDATA), EMPTY);
	set(UARTHS + IP, ~pending);
	check("uarths_ip_is_not_writable", get(UARTHS + IP), pending);
	set(UARTHS + RXCTRL, 0xffffffff);
	check("uarths_rxctrl_bits", get(UARTHS + RXCTRL), 0x70001);
	check("uarths_divisor_is_for_115200", get(UARTHS + DIV), 224);
}

void guest_main(void)
{
	check_fifo();
	check_watermarks();
	check_registers();
}
