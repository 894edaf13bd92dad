// SPDX-License-Identifier: MIT
/*
 * GPIOHS: k210.md section 3.7, the GPIO block of SiFive's FE310-G000 manual,
 * chapter 17.
 *
 * Edges and levels are caught whether their interrupt is enabled or not; a
 * level is caught again at once as long as it lasts.  There is no second
 * function behind iof_en on this chip.
 */
#include "gpiohs.h"

#include "machine.h"

#define INPUT_VAL  0x00
#define INPUT_EN   0x04
#define OUTPUT_EN  0x08
#define OUTPUT_VAL 0x0c
#define RISE_IE    0x18
#define RISE_IP    0x1c
#define FALL_IE    0x20
#define FALL_IP    0x24
#define HIGH_IE    0x28
#define HIGH_IP    0x2c
#define LOW_IE     0x30
#define LOW_IP     0x34
#define IOF_EN     0x38
#define OUTPUT_XOR 0x40
#define IRQ        34

static uint32_t *word(struct gpiohs *gpiohs, uint32_t offset)
{
	return &gpiohs->words[offset / 4];
}

static uint32_t inputs(struct gpiohs *gpiohs)
{
	return gpiohs->levels & *word(gpiohs, INPUT_EN);
}

static void drive_interrupts(struct machine *machine)
{
	struct gpiohs *gpiohs = &machine->gpiohs;
	uint32_t lines = 0;

	for (uint32_t ie = RISE_IE; ie <= LOW_IE; ie += 8)
		lines |= *word(gpiohs, ie) & *word(gpiohs, ie + 4);
	for (unsigned int i = 0; i < GPIOHS_LINES; i++)
		plic_set_level(machine, IRQ + i, lines >> i & 1);
}

static void look(struct machine *machine)
{
	struct gpiohs *gpiohs = &machine->gpiohs;
	uint32_t levels = inputs(gpiohs);

	*word(gpiohs, RISE_IP) |= levels & ~gpiohs->seen;
	*word(gpiohs, FALL_IP) |= ~levels & gpiohs->seen;
	*word(gpiohs, HIGH_IP) |= levels;
	*word(gpiohs, LOW_IP) |= ~levels & *word(gpiohs, INPUT_EN);
	gpiohs->seen = levels;
	drive_interrupts(machine);
}

void gpiohs_input_changed(struct machine *machine, unsigned int line)
{
	struct gpiohs *gpiohs = &machine->gpiohs;
	uint32_t bit = 1u << line;

	gpiohs->levels &= ~bit;
	if (fpioa_input(machine, FUNCTION_GPIOHS0 + line))
		gpiohs->levels |= bit;
	look(machine);
}

static void drive_outputs(struct machine *machine)
{
	struct gpiohs *gpiohs = &machine->gpiohs;
	uint32_t levels = *word(gpiohs, OUTPUT_VAL) ^ *word(gpiohs, OUTPUT_XOR);
	uint32_t enables = *word(gpiohs, OUTPUT_EN);

	for (unsigned int i = 0; i < GPIOHS_LINES; i++)
		fpioa_drive(machine, FUNCTION_GPIOHS0 + i, levels >> i & 1,
			    enables >> i & 1);
}

static uint32_t gpiohs_read(const struct reg_access *access)
{
	if (access->offset == INPUT_VAL)
		return inputs(&access->machine->gpiohs);
	if (access->offset / 4 < GPIOHS_WORDS)
		return *word(&access->machine->gpiohs, access->offset);
	access_no_register(access);
	return 0;
}

static bool is_pending_register(uint32_t offset)
{
	return offset >= RISE_IP && offset <= LOW_IP && (offset & 4);
}

static void gpiohs_write(const struct reg_access *access, uint32_t value)
{
	struct gpiohs *gpiohs = &access->machine->gpiohs;
	uint32_t offset = access->offset;

	if (offset / 4 >= GPIOHS_WORDS) {
		access_no_register(access);
		return;
	}
	if (offset == INPUT_VAL)
		return;
	if (offset == IOF_EN && value)
		access_misuse(access, "GPIOHS lines have no second function");
	if (is_pending_register(offset))
		*word(gpiohs, offset) &= ~value;
	else
		*word(gpiohs, offset) = value;
	drive_outputs(access->machine);
	look(access->machine);
}

static void gpiohs_reset(struct machine *machine, const struct device *device)
{
	(void)device;
	machine->gpiohs = (struct gpiohs){ .levels = machine->gpiohs.levels };
	drive_outputs(machine);
	drive_interrupts(machine);
}

const struct device_ops gpiohs_ops = {
	.read = gpiohs_read,
	.write = gpiohs_write,
	.reset = gpiohs_reset,
};
