// SPDX-License-Identifier: MIT
/*
 * FPIOA, GPIOHS and what the Maix Bit has on its pads: k210.md sections 3.6,
 * 3.7 and 4.1.  Prints "ok NAME" for each case; test_k210_board.py reads them.
 */
#include "guest.h"

#define INPUT_VAL  0x00
#define INPUT_EN   0x04
#define OUTPUT_EN  GPIOHS_OUTPUT_EN
#define OUTPUT_VAL GPIOHS_OUTPUT_VAL
#define RISE_IE    0x18
#define RISE_IP    0x1c
#define FALL_IP    0x24
#define HIGH_IP    0x2c
#define LOW_IE     0x30
#define LOW_IP     0x34
#define OUTPUT_XOR 0x40
#define TIE_EN     FPIOA_TIE_EN
#define TIE_VAL    FPIOA_TIE_VAL
#define OE_INV     (1u << 13)
#define DO_SEL     (1u << 14)
#define DO_INV     (1u << 15)
#define PULL_DOWN  (1u << 17)
#define IE_EN      (1u << 20)
#define DI_INV     (1u << 22)
#define PAD        31
#define LINE(n)    (WORD_GPIO | (GPIOHS_LINE0 + (n)))
#define OUT        (WORD_OUTPUT | (GPIOHS_LINE0 + 4))

void guest_main(void);

/* IO20, which the board leaves alone, is line 4; line 5 listens there too. */
#define PIN 20

static uint32_t pad(void)
{
	return get(FPIOA + 4 * PIN) >> PAD;
}

static uint32_t input(unsigned int line)
{
	return get(GPIOHS + INPUT_VAL) >> line & 1;
}

static void drive(bool level)
{
	set(GPIOHS + OUTPUT_VAL, level ? 1u << 4 : 0);
}

static void check_reset_state(void)
{
	check("io4_is_uarths_rx", get(FPIOA + 16) & 0x7fffffff, 0x00900012);
	check("io5_is_uarths_tx", get(FPIOA + 20) & 0x7fffffff, 0x00001f13);
	check("io8_is_gpio0", get(FPIOA + 32) & 0xff, 56);
	check("io47_is_gpiohs31", get(FPIOA + 188) & 0xff, 55);
	set(GPIOHS + INPUT_EN, 0xffffffff);
	check("boot_key_is_pulled_up", input(0), 1);
}

static void check_outputs(void)
{
	set(GPIOHS + OUTPUT_EN, 1u << 4);
	drive(true);
	check("line_drives_its_pad", pad(), 1);
	check("line_reads_its_own_pad", input(4), 1);
	drive(false);
	check("line_lets_it_fall", pad(), 0);
	set(GPIOHS + OUTPUT_XOR, 1u << 4);
	check("output_xor_inverts", pad(), 1);
	set(GPIOHS + OUTPUT_XOR, 0);
	set_pin(PIN, LINE(4) | DO_INV);
	check("do_inv_inverts", pad(), 1);
	set_pin(PIN, LINE(4) | DO_SEL);
	check("do_sel_puts_out_the_enable", pad(), 1);
	set_pin(PIN, LINE(4) & ~IE_EN);
	drive(true);
	check("without_input_enable_it_reads_0", input(4), 0);
	check("without_input_enable_it_drives", pad(), 1);
	set_pin(PIN, LINE(4) | DI_INV);
	check("di_inv_inverts", input(4), 0);
}

static void check_inputs(void)
{
	set(GPIOHS + OUTPUT_EN, 0);
	set_pin(PIN, LINE(4) | WORD_PULL_UP);
	check("pull_up_pulls", input(4), 1);
	set_pin(PIN, LINE(4) | PULL_DOWN);
	check("pull_down_pulls", input(4), 0);
	set_pin(PIN, LINE(4) | WORD_PULL_UP | OE_INV);
	check("oe_inv_drives_without_the_device", input(4), 1);
	drive(false);
	check("and_then_beats_the_pull", input(4), 0);
	set_pin(PIN, LINE(5) | WORD_PULL_UP);
	check("another_function_reads_the_pad", input(5), 1);
	check("the_old_one_has_none", input(4), 0);
	set(FPIOA + TIE_EN, 1u << (GPIOHS_LINE0 + 5));
	check("tie_forces_low", input(5), 0);
	set(FPIOA + TIE_VAL, 1u << (GPIOHS_LINE0 + 5));
	set_pin(PIN, LINE(4));
	check("tie_forces_high_without_a_pad", input(5), 1);
	set(FPIOA + TIE_EN, 0);
	check("untied_and_without_a_pad_it_is_low", input(5), 0);
	set(GPIOHS + INPUT_EN, 0);
	check("input_en_gates", get(GPIOHS + INPUT_VAL), 0);
	set(GPIOHS + INPUT_EN, 0xffffffff);
}

static uint32_t claim(void)
{
	return get(PLIC + 0x200004);
}

static void check_interrupts(void)
{
	const uint32_t bit = 1u << 4;

	set(GPIOHS + OUTPUT_EN, bit);
	drive(false);
	for (uint32_t ip = RISE_IP; ip <= LOW_IP; ip += 8)
		set(GPIOHS + ip, 0xffffffff);
	check("low_is_caught_again_at_once", get(GPIOHS + LOW_IP) & bit, bit);
	check("high_is_not", get(GPIOHS + HIGH_IP) & bit, 0);
	drive(true);
	check("rise_is_caught", get(GPIOHS + RISE_IP) & bit, bit);
	check("fall_is_not", get(GPIOHS + FALL_IP) & bit, 0);
	drive(false);
	check("fall_is_caught", get(GPIOHS + FALL_IP) & bit, bit);

	for (uint32_t word = 0; word < 3; word++)
		set(PLIC + 0x2000 + 4 * word, 0);
	set(PLIC + 0x2004, 1u << 6);
	set(PLIC + 4 * 38, 1);
	set(PLIC + 0x200000, 0);
	check("nothing_interrupts_unless_enabled", claim(), 0);
	set(GPIOHS + RISE_IE, bit);
	check("line_4_is_source_38", claim(), 38);
	set(GPIOHS + RISE_IP, bit);
	set(PLIC + 0x200004, 38);
	check("a_cleared_edge_is_over", claim(), 0);
	set(GPIOHS + RISE_IE, 0);
	set(GPIOHS + LOW_IE, bit);
	check("a_level_interrupts", claim(), 38);
	set(GPIOHS + LOW_IP, bit);
	set(PLIC + 0x200004, 38);
	check("and_does_so_as_long_as_it_lasts", claim(), 38);
	set(GPIOHS + LOW_IE, 0);
	set(PLIC + 0x200004, 38);
}

static void check_console_route(void)
{
	set_pin(5, WORD_GPIO | (GPIOHS_LINE0 + 6));
	put("lost\n");
	/* Wait until all of it is out, then give the pad back. */
	for (uint64_t end = mtime() + 1000; mtime() < end;)
		;
	set_pin(5, WORD_OUTPUT | 19);
}

static void check_reset(void)
{
	set_bits(SYSCTL + PERI_RESET, GATE_FPIOA);
	set(SYSCTL + PERI_RESET, 0);
	check("reset_gives_the_pad_back", get(FPIOA + 4 * PIN) & 0xff, 28);
}

static void blink(void)
{
	set_pin(13, WORD_GPIO | (GPIOHS_LINE0 + 7));
	drive(false);
	set_bits(GPIOHS + OUTPUT_EN, 1u << 7);
	set(GPIOHS + OUTPUT_VAL, 1u << 7);
}

void guest_main(void)
{
	gates_on(GATE_FPIOA);
	check_reset_state();
	check_outputs();
	check_inputs();
	check_interrupts();
	check_console_route();
	check_reset();
	blink();
}
