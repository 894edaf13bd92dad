// SPDX-License-Identifier: MIT
/* The GPIO block and its way through FPIOA, case by case. */
#include "../check.h"

#define GPIO       0x50200000ull
#define OUTPUT     0x00
#define DIRECTION  0x04
#define INT_ENABLE 0x30
#define INT_MASK   0x34
#define INT_EDGE   0x38
#define INT_HIGH   0x3c
#define INT_STATUS 0x40
#define INT_RAW    0x44
#define EOI        0x4c
#define INPUT      0x50
#define BOTH_EDGES 0x68
#define GPIO_GATE  5

#define PIN(number) (0x502b0000ull + 4 * (number))
#define FPIOA_GATE  20
#define GPIO_WORD   0x00901f00u
#define PULL_UP     (1u << 16)
#define PULL_DOWN   (1u << 17)
#define GPIO0       56

void guest_main(void);

static uint32_t pad(unsigned int number)
{
	return *reg(PIN(number)) >> 31;
}

/* Line 1, on IO9 since reset, is pulled to a level. */
static void pull(unsigned int level)
{
	*reg(PIN(9)) = GPIO_WORD | (GPIO0 + 1) | (level ? PULL_UP : PULL_DOWN);
}

static void check_pads(void)
{
	*reg(GPIO + DIRECTION) = 1;
	*reg(GPIO + OUTPUT) = 1;
	check("gpio_line_0_is_on_io8", pad(8), 1);
	*reg(GPIO + OUTPUT) = 0;
	check("gpio_output_goes_low", pad(8), 0);
	*reg(GPIO + OUTPUT) = 1;
	check("gpio_output_reads_back", *reg(GPIO + INPUT) & 1, 1);
	*reg(PIN(10)) = GPIO_WORD | GPIO0;
	check("gpio_output_goes_to_every_pad_routed", pad(10), 1);
	pull(1);
	check("gpio_input_is_the_pad", *reg(GPIO + INPUT) >> 1 & 1, 1);
	pull(0);
	check("gpio_input_follows", *reg(GPIO + INPUT) >> 1 & 1, 0);
}

static void check_edges(void)
{
	*reg(GPIO + INT_EDGE) = 2;
	*reg(GPIO + INT_HIGH) = 2;
	*reg(GPIO + INT_ENABLE) = 2;
	check("gpio_no_edge_yet", *reg(GPIO + INT_RAW), 0);
	plic_choose(23);
	pull(1);
	check("gpio_rising_edge_is_caught", *reg(GPIO + INT_RAW), 2);
	check("gpio_interrupts_by_23", plic_take(), 23);
	*reg(GPIO + INT_MASK) = 2;
	check("gpio_mask_hides_status", *reg(GPIO + INT_STATUS), 0);
	*reg(GPIO + INT_MASK) = 0;
	*reg(GPIO + EOI) = 2;
	check("gpio_eoi_clears_an_edge", *reg(GPIO + INT_STATUS), 0);
	pull(0);
	check("gpio_falling_edge_is_not_wanted", *reg(GPIO + INT_RAW), 0);
	*reg(GPIO + BOTH_EDGES) = 2;
	pull(1);
	*reg(GPIO + EOI) = 2;
	pull(0);
	check("gpio_both_edges_are", *reg(GPIO + INT_RAW), 2);
	*reg(GPIO + BOTH_EDGES) = 0;
	*reg(GPIO + EOI) = 2;
}

static void check_levels(void)
{
	*reg(GPIO + INT_EDGE) = 0;
	*reg(GPIO + INT_HIGH) = 0;
	check("gpio_low_level_is_active", *reg(GPIO + INT_STATUS), 2);
	*reg(GPIO + EOI) = 2;
	check("gpio_eoi_leaves_a_level", *reg(GPIO + INT_STATUS), 2);
	pull(1);
	check("gpio_level_ends_with_its_cause", *reg(GPIO + INT_STATUS), 0);
}

void guest_main(void)
{
	device_on(GPIO_GATE);
	*reg(SYSCTL + 0x2c) |= 1u << FPIOA_GATE;
	check_pads();
	check_edges();
	check_levels();
	device_on(GPIO_GATE);
	check("gpio_reset_makes_inputs", *reg(GPIO + DIRECTION), 0);
}
