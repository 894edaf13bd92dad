// SPDX-License-Identifier: MIT
/*
 * The SPI masters: k210.md section 3.9.  SPI1 mostly talks to itself by its
 * loop-back bit; an SDHC card serves where bytes on the wire matter.
 */
#include "sdcard.h"

void guest_main(void);

#define LOOP         (1u << 11)
#define FRAME(bits)  (((bits)-1u) << 16)
#define TMOD(mode)   ((mode) << 8)
#define SEND_ONLY    1u
#define RECEIVE_ONLY 2u
#define EEPROM       3u
#define ENDIAN       0x118
#define SR_BUSY      1u
#define SR_TFNF      2u
#define SR_TFE       4u
#define SR_RFNE      8u
#define SR_RFF       16u
#define INT_TXE      1u
#define INT_TXO      2u
#define INT_RXU      4u
#define INT_RXO      8u
#define INT_RXF      16u
#define DEPTH        32
#define RESET_SPI1   (1u << 7)

static uint8_t block[SD_BLOCK];
static uint32_t words[128] __attribute__((aligned(64)));

static uint32_t spi(uint32_t offset)
{
	return get(SPI1 + offset);
}

static void configure(uint32_t ctrlr0, uint32_t baudr)
{
	set(SPI1 + SSIENR, 0);
	set(SPI1 + CTRLR0, ctrlr0);
	set(SPI1 + BAUDR, baudr);
	set(SPI1 + SSIENR, 1);
}

static void finish(void)
{
	while ((spi(SR) & (SR_TFE | SR_BUSY)) != SR_TFE)
		;
}

static void send(uint32_t word, unsigned int count)
{
	while (count--)
		set(SPI1 + DR, word);
	finish();
}

static void check_registers(void)
{
	set(SPI1 + SSIENR, 0);
	set(SPI1 + CTRLR0, 0xffffffff);
	check("frames_have_32_bits", spi(CTRLR0) & 0x1f000f, 0x1f0000);
	set(SPI1 + BAUDR, 21);
	check("baudr_is_even", spi(BAUDR), 20);
	set(SPI1 + TXFTLR, 31);
	set(SPI1 + TXFTLR, 32);
	check("thresholds_tell_the_depth", spi(TXFTLR), 31);
	set(SPI1 + TXFTLR, 0);
	check("version", spi(0x5c), 0x3430312a);
	check("dr_has_aliases",
	      (configure(LOOP | FRAME(8), 2), set(SPI1 + 0xec, 0x5a), finish(),
	       spi(0x7c)),
	      0x5a);
}

static void check_fifos(void)
{
	configure(LOOP | FRAME(8), 2);
	check("status_at_rest", spi(SR), SR_TFE | SR_TFNF);
	send(0x1a5, 1);
	check("a_frame_has_its_bits_alone", spi(DR), 0xa5);
	check("an_empty_fifo_reads_0", spi(DR), 0);
	check("and_is_an_underrun", spi(RISR) & INT_RXU, INT_RXU);
	spi(0x48);
	check("icr_clears", spi(RISR) & INT_RXU, 0);
	send(0x11, 31);
	check("31_frames_fit", spi(RISR) & INT_RXO, 0);
	check("and_are_counted", spi(RXFLR), 31);
	send(0x11, 1);
	check("the_32nd_is_an_overrun", spi(RISR) & INT_RXO, INT_RXO);
	check("though_the_fifo_is_full", spi(SR) & SR_RFF, SR_RFF);
	for (int i = 0; i < 31; i++)
		words[0] = spi(DR);
	check("the_31st_is_good", words[0], 0x11);
	check("the_32nd_is_not", spi(DR) != 0x11, 1);
	check("rxoicr_tells_and_clears", spi(RXOICR) && !spi(RXOICR), 1);

	set(SPI1 + SER, 0);
	for (int i = 0; i < DEPTH; i++)
		set(SPI1 + DR, i);
	check("without_ser_nothing_moves", spi(TXFLR), DEPTH);
	check("full_is_seen", spi(SR) & SR_TFNF, 0);
	set(SPI1 + DR, 0);
	check("one_more_is_lost", spi(RISR) & INT_TXO, INT_TXO);
	set(SPI1 + SER, 8);
	finish();
	check("ser_starts_them", spi(DR) == 0 && spi(DR) == 1, 1);
	set(SPI1 + SSIENR, 0);
	check("disabling_empties_the_fifos", spi(RXFLR), 0);
}

static void check_modes(void)
{
	configure(LOOP | FRAME(32), 2);
	send(0x12345678, 1);
	check("a_frame_of_32_bits", spi(DR), 0x12345678);
	configure(LOOP | FRAME(12) | TMOD(SEND_ONLY), 2);
	send(0x123, 3);
	check("sending_receives_nothing", spi(RXFLR), 0);
	set(SPI1 + SSIENR, 0);
	set(SPI1 + CTRLR1, 9);
	configure(FRAME(8) | TMOD(RECEIVE_ONLY), 2);
	send(0xffffffff, 1);
	check("receiving_counts_by_ctrlr1", spi(RXFLR), 10);
	set(SPI1 + SSIENR, 0);
	set(SPI1 + CTRLR1, 3);
	configure(FRAME(8) | TMOD(EEPROM), 2);
	set(SPI1 + SER, 0);
	set(SPI1 + DR, 1);
	set(SPI1 + DR, 2);
	set(SPI1 + SER, 8);
	finish();
	check("eeprom_mode_sends_then_receives", spi(RXFLR), 4);
}

/* 31 frames of 32 bits at 400 kHz: 2.48 ms, 1291 ticks. */
static void check_time(void)
{
	uint64_t begin;
	uint64_t ticks;

	configure(LOOP | FRAME(32), BAUD_400_KHZ);
	begin = mtime();
	for (int i = 0; i < 31; i++)
		set(SPI1 + DR, 0);
	check("it_is_busy_meanwhile", spi(SR) & SR_BUSY, SR_BUSY);
	finish();
	ticks = mtime() - begin;
	check("frames_take_their_time", ticks >= 1290 && ticks <= 1293, 1);
}

static void check_interrupts(void)
{
	configure(LOOP | FRAME(8), BAUD_400_KHZ);
	plic_choose(2);
	plic_take();
	set(SPI1 + RXFTLR, 2);
	set(SPI1 + IMR, INT_RXF);
	check("no_interrupt_yet", plic_take(), 0);
	send(0, 2);
	check("not_at_the_threshold", plic_take(), 0);
	send(0, 1);
	check("but_above_it", plic_take(), 2);
	spi(DR);
	plic_take();
	check("until_it_is_read", plic_take(), 0);
	set(SPI1 + IMR, INT_TXE);
	check("an_empty_fifo_interrupts", plic_take(), 2);
	for (int i = 0; i < 4; i++)
		set(SPI1 + DR, 0);
	plic_take();
	check("a_filled_one_does_not", plic_take(), 0);
	set(SPI1 + IMR, 0);
	finish();
}

static void check_select(void)
{
	set(SPI1 + SER, 0);
	configure(LOOP | FRAME(8), BAUD_400_KHZ);
	set_pin(20, WORD_OUTPUT | 78); /* SPI1_SS0 */
	check("native_select_rests_high", get(FPIOA + 80) >> 31, 1);
	set(SPI1 + DR, 0);
	set(SPI1 + SER, 1);
	check("is_low_while_frames_move", get(FPIOA + 80) >> 31, 0);
	finish();
	check("and_rises_when_the_fifo_is_dry", get(FPIOA + 80) >> 31, 1);
	set(SPI1 + SER, 8);
}

static void check_reset(void)
{
	configure(LOOP | FRAME(8), 2);
	send(1, 3);
	set_bits(SYSCTL + PERI_RESET, RESET_SPI1);
	set(SYSCTL + PERI_RESET, 0);
	check("reset_empties", spi(RXFLR), 0);
	check("reset_disables", spi(SSIENR), 0);
	check("reset_unmasks", spi(IMR), 0x3f);
}

/* A block by frames of 32 bits: the first byte is the highest. */
static uint32_t read_by_words(uint32_t endian)
{
	sd_select(true);
	sd_command(17, 300);
	sd_token();
	set(SPI1 + SSIENR, 0);
	set(SPI1 + CTRLR1, 29);
	set(SPI1 + ENDIAN, endian);
	configure(FRAME(32) | TMOD(RECEIVE_ONLY), BAUD_20_MHZ);
	send(0xffffffff, 1);
	spi(DR);
	words[0] = spi(DR);
	set(SPI1 + SSIENR, 0);
	set(SPI1 + ENDIAN, 0);
	configure(FRAME(8), BAUD_20_MHZ);
	sd_select(false);
	sd_byte(0xff);
	return words[0];
}

static void check_words(void)
{
	sd_pins();
	sd_init();
	/* The test has put 0, 1, 2 … into block 300. */
	check("the_first_byte_is_the_highest", read_by_words(0), 0x04050607);
	check("endian_reverses_the_bytes", read_by_words(1), 0x07060504);
}

#define DMAC       0x50000000u
#define CHANNEL    (DMAC + 0x100)
#define DMA_SEL0   0x64
#define GATE_DMA   1
#define SPI1_RX    2
#define PER_TO_MEM (2ull << 32)

static void check_dma(void)
{
	device_on(GATE_DMA);
	set(SYSCTL + DMA_SEL0, SPI1_RX);
	sd_select(true);
	sd_command(17, 300);
	sd_token();
	set(SPI1 + SSIENR, 0);
	set(SPI1 + CTRLR1, 127);
	set(SPI1 + DMACR, 1);
	set(SPI1 + 0x54, 0);
	*reg64(DMAC + 0x10) = 1;
	*reg64(CHANNEL + 0x20) = PER_TO_MEM | 1ull << 36;
	*reg64(CHANNEL + 0x00) = SPI1 + DR;
	*reg64(CHANNEL + 0x08) = (uint64_t)uncached(words);
	*reg64(CHANNEL + 0x10) = 127;
	*reg64(CHANNEL + 0x18) = 1ull << 2 | 1 << 4 | 2 << 8 | 2 << 11;
	*reg64(CHANNEL + 0x80) = 2;
	*reg64(DMAC + 0x18) = 1 | 1 << 8;
	configure(FRAME(32) | TMOD(RECEIVE_ONLY), BAUD_20_MHZ);
	send(0xffffffff, 1);
	for (uint64_t end = mtime() + 520; mtime() < end;)
		;
	check("dma_took_all", spi(RXFLR), 0);
	check("dma_is_finished", *reg64(DMAC + 0x18) & 1, 0);
	check("dma_put_them_into_memory",
	      *(volatile uint32_t *)uncached(&words[127]), 0xfcfdfeff);
	check("nothing_was_lost", spi(RISR) & INT_RXO, 0);
}

void guest_main(void)
{
	sd_pins();
	set_pin(27, WORD_GPIO | (GPIOHS_LINE0 + 9)); /* no clock to the card */
	check_registers();
	check_fifos();
	check_modes();
	check_time();
	check_interrupts();
	check_select();
	check_reset();
	check_words();
	check_dma();
}
