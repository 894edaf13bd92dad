// SPDX-License-Identifier: MIT
/* UART1 in loop-back, case by case, by itself and with the DMAC. */
#include "../check.h"

#define UART      0x50210000ull
#define RBR       0x00
#define THR       0x00
#define DLL       0x00
#define IER       0x04
#define DLH       0x04
#define IIR       0x08
#define FCR       0x08
#define LCR       0x0c
#define MCR       0x10
#define LSR       0x14
#define MSR       0x18
#define SCR       0x1c
#define WINDOW    0x30
#define USR       0x7c
#define TFL       0x80
#define RFL       0x84
#define SRR       0x88
#define SRT       0x9c
#define DLF       0xc0
#define CTR       0xfc
#define UART_GATE 16

#define LOOP     0x10
#define DLAB     0x80
#define LENGTH_8 3
#define FIFOS    1
#define TRIGGER8 (2 << 6)
#define HALF     (3 << 4)
#define DMA      (1 << 3)
#define PTIME    0x80
#define DIVISOR  10 /* 160 clocks of APB0 a bit, 1600 a byte */

#define DMAC     0x50000000ull
#define CHANNEL  (DMAC + 0x100)
#define DMA_GATE 1

static uint32_t sent[20], received[20];

void guest_main(void);

static void start(uint32_t fcr)
{
	device_on(UART_GATE);
	*reg(UART + LCR) = DLAB;
	*reg(UART + DLL) = DIVISOR;
	*reg(UART + DLH) = 0;
	*reg(UART + LCR) = LENGTH_8;
	*reg(UART + MCR) = LOOP;
	*reg(UART + FCR) = fcr;
}

static void send(unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		*reg(UART + THR) = 'a' + i;
}

static void wait_sent(void)
{
	while (!(*reg(UART + LSR) & 0x40))
		;
}

static void check_line(void)
{
	uint64_t begin;

	device_on(UART_GATE);
	check("uart_type_is_dw", *reg(UART + CTR), 0x44570110);
	start(FIFOS);
	*reg(UART + SCR) = 0x5a;
	check("uart_scratch_keeps", *reg(UART + SCR), 0x5a);
	begin = cycles();
	send(1);
	wait_sent();
	begin = cycles() - begin;
	/* APB0 is half of ACLK. */
	check("uart_byte_takes_ten_bits", begin / 100, 2 * 1600 / 100);
	check("uart_loop_brings_it_back", *reg(UART + LSR) & 1, 1);
	check("uart_received_byte_is_read", *reg(UART + RBR), 'a');
	check("uart_then_nothing_is_there", *reg(UART + LSR) & 1, 0);
	*reg(UART + LCR) = DLAB | LENGTH_8;
	*reg(UART + DLF) = 8;
	*reg(UART + LCR) = 1 << 2 | 1 << 3 | LENGTH_8;
	begin = cycles();
	send(1);
	wait_sent();
	begin = cycles() - begin;
	check("uart_fraction_parity_and_stop_count", begin / 100,
	      2 * 168 * 12 / 100);
	*reg(UART + MCR) = LOOP | 2;
	check("uart_loop_joins_rts_to_cts", *reg(UART + MSR), 0x11);
	check("uart_msr_clears_its_deltas", *reg(UART + MSR), 0x10);
}

static void check_fifos(void)
{
	uint32_t level;

	start(FIFOS);
	send(17);
	level = *reg(UART + TFL);
	wait_sent();
	check("uart_fifo_holds_16", level, 16);
	check("uart_17th_byte_is_lost", *reg(UART + RFL), 16);
	check("uart_no_overrun_yet", *reg(UART + LSR) & 2, 0);
	send(1);
	while (*reg(UART + TFL))
		;
	check("uart_overrun_shows", *reg(UART + LSR) & 2, 2);
	check("uart_overrun_shows_once", *reg(UART + LSR) & 2, 0);
	check("uart_status_tells_full", *reg(UART + USR), 0x1f);
	*reg(UART + FCR) = FIFOS | 2;
	check("uart_fifo_can_be_cleared", *reg(UART + RFL), 0);
	*reg(UART + WINDOW + 8) = 'z';
	wait_sent();
	check("uart_window_sends_and_receives", *reg(UART + WINDOW), 'z');
	start(0);
	send(2);
	wait_sent();
	check("uart_holds_one_byte_without_fifos", *reg(UART + RFL), 1);
}

static void check_interrupts(void)
{
	uint32_t early, late, status;

	start(FIFOS | TRIGGER8);
	*reg(UART + IER) = 1;
	plic_choose(11);
	check("uart_nothing_to_tell", *reg(UART + IIR), 0xc1);
	send(7);
	wait_sent();
	early = *reg(UART + IIR);
	send(1);
	wait_sent();
	late = *reg(UART + IIR);
	check("uart_below_its_trigger_no_interrupt", early, 0xc1);
	check("uart_at_its_trigger_one", late, 0xc4);
	check("uart_1_interrupts_by_11", plic_take(), 11);
	*reg(UART + RBR);
	for (uint64_t end = cycles() + 20000; cycles() < end;)
		;
	check("uart_silence_is_an_interrupt", *reg(UART + IIR), 0xcc);
	*reg(UART + RBR);
	check("uart_reading_ends_it", *reg(UART + IIR), 0xc1);
	*reg(UART + FCR) = FIFOS | 2;
	*reg(UART + IER) = 2;
	check("uart_empty_is_an_interrupt_once_asked", *reg(UART + IIR), 0xc2);
	check("uart_iir_clears_it", *reg(UART + IIR), 0xc1);
	*reg(UART + SRT) = 0;
	send(1);
	*reg(UART + LCR) = 0;
	early = *reg(UART + LCR);
	wait_sent();
	late = *reg(UART + IIR) & 15;
	*reg(UART + IER) = 0;
	check("uart_lcr_is_refused_while_busy", early, LENGTH_8);
	check("uart_sent_is_an_interrupt", late, 2);
	check("uart_refusal_is_an_interrupt", *reg(UART + IIR) & 15, 7);
	(void)*reg(UART + USR);
	check("uart_usr_clears_it", *reg(UART + IIR) & 15, 1);
	start(FIFOS);
	*reg(UART + IER) = PTIME | 2;
	early = *reg(UART + IIR);
	late = *reg(UART + IIR);
	*reg(UART + IER) = PTIME;
	check("uart_ptime_tells_of_its_threshold_once", early << 8 | late,
	      0xc2c1);
	send(15);
	early = *reg(UART + LSR);
	send(1);
	status = *reg(UART + LSR);
	check("uart_ptime_says_not_full", early & 0x20, 0);
	check("uart_ptime_says_full", status & 0x20, 0x20);
	*reg(UART + SRR) = 1;
	check("uart_soft_reset_forgets",
	      *reg(UART + IER) | *reg(UART + TFL) | *reg(UART + LCR), 0);
}

/* Channel 0 sends, channel 1 receives; handshakes by dma_sel. */
static void check_dma(void)
{
	uint32_t *out = uncached(sent);
	uint32_t *in = uncached(received);

	device_on(DMA_GATE);
	*reg(SYSCTL + 0x64) = 15 | 14 << 6;
	for (uint32_t i = 0; i < 20; i++)
		out[i] = 'A' + i;
	start(FIFOS | HALF | DMA);
	*reg64(DMAC + 0x10) = 3;
	*reg64(CHANNEL + 0x20) = 1ull << 32 | 1ull << 35;
	*reg64(CHANNEL + 0x00) = (uint64_t)out;
	*reg64(CHANNEL + 0x08) = UART + THR;
	*reg64(CHANNEL + 0x10) = 19;
	*reg64(CHANNEL + 0x18) = 1 << 6 | 2 << 8 | 2 << 11;
	*reg64(CHANNEL + 0x120) = 2ull << 32 | 1ull << 36 | 1ull << 39;
	*reg64(CHANNEL + 0x100) = UART + RBR;
	*reg64(CHANNEL + 0x108) = (uint64_t)in;
	*reg64(CHANNEL + 0x110) = 19;
	*reg64(CHANNEL + 0x118) = 1 << 4 | 2 << 8 | 2 << 11;
	*reg64(DMAC + 0x18) = 0x303;
	while (*reg64(DMAC + 0x18))
		;
	check("uart_dma_brings_the_first_byte", in[0], 'A');
	check("uart_dma_brings_the_last_byte", in[19], 'A' + 19);
	check("uart_dma_loses_nothing", *reg(UART + LSR) & 2, 0);
	check("uart_dma_leaves_nothing", *reg(UART + RFL), 0);
}

void guest_main(void)
{
	check_line();
	check_fifos();
	check_interrupts();
	check_dma();
}
