// SPDX-License-Identifier: MIT
/*
 * GPIO: k210.md section 3.8, after the SDK's gpio.h and the DW_apb_gpio
 * databook it follows.
 *
 * All lines share one interrupt.  Only lines that are inputs and enabled
 * catch anything.  Debouncing and the source register have no effect.
 */
#include "gpio.h"

#include "machine.h"

#define OUTPUT     0x00
#define DIRECTION  0x04
#define SOURCE     0x08
#define INT_ENABLE 0x30
#define INT_MASK   0x34
#define INT_EDGE   0x38
#define INT_HIGH   0x3c
#define INT_STATUS 0x40
#define INT_RAW    0x44
#define DEBOUNCE   0x48
#define EOI        0x4c
#define INPUT      0x50
#define SYNC       0x60
#define ID         0x64
#define BOTH_EDGES 0x68
#define ALL_LINES  0xff
#define IRQ        23

static uint32_t *word(struct gpio *gpio, uint32_t offset)
{
	return &gpio->words[offset / 4];
}

/* What is on the pads; a line that is an output reads what it sends. */
static uint32_t inputs(struct machine *machine)
{
	struct gpio *gpio = &machine->gpio;
	uint32_t levels = 0;

	for (unsigned int i = 0; i < GPIO_LINES; i++)
		levels |= (uint32_t)fpioa_input(machine, FUNCTION_GPIO0 + i)
			  << i;
	return (levels & ~*word(gpio, DIRECTION)) |
	       (*word(gpio, OUTPUT) & *word(gpio, DIRECTION));
}

static uint32_t raw(struct gpio *gpio)
{
	uint32_t active = gpio->seen ^ ~*word(gpio, INT_HIGH);
	uint32_t edge = *word(gpio, INT_EDGE) | *word(gpio, BOTH_EDGES);

	return ((active & ~edge) | (gpio->edges & edge)) &
	       *word(gpio, INT_ENABLE) & ~*word(gpio, DIRECTION) & ALL_LINES;
}

static uint32_t status(struct gpio *gpio)
{
	return raw(gpio) & ~*word(gpio, INT_MASK);
}

static void look(struct machine *machine)
{
	struct gpio *gpio = &machine->gpio;
	uint32_t levels = inputs(machine);
	uint32_t changed = levels ^ gpio->seen;
	uint32_t wanted =
		~(levels ^ *word(gpio, INT_HIGH)) | *word(gpio, BOTH_EDGES);

	gpio->edges |= (uint8_t)(changed & wanted & *word(gpio, INT_ENABLE));
	gpio->seen = (uint8_t)levels;
	plic_set_level(machine, IRQ, status(gpio));
}

void gpio_input_changed(struct machine *machine)
{
	look(machine);
}

static void drive_outputs(struct machine *machine)
{
	struct gpio *gpio = &machine->gpio;

	for (unsigned int i = 0; i < GPIO_LINES; i++)
		fpioa_drive(machine, FUNCTION_GPIO0 + i,
			    *word(gpio, OUTPUT) >> i & 1,
			    *word(gpio, DIRECTION) >> i & 1);
}

static uint32_t gpio_read(const struct reg_access *access)
{
	struct gpio *gpio = &access->machine->gpio;

	switch (access->offset) {
	case INT_STATUS:
		return status(gpio);
	case INT_RAW:
		return raw(gpio);
	case EOI:
		return 0;
	case INPUT:
		return inputs(access->machine);
	case OUTPUT:
	case DIRECTION:
	case SOURCE:
	case INT_ENABLE:
	case INT_MASK:
	case INT_EDGE:
	case INT_HIGH:
	case DEBOUNCE:
	case SYNC:
	case ID:
	case BOTH_EDGES:
		return *word(gpio, access->offset);
	default:
		access_no_register(access);
		return 0;
	}
}

static void gpio_write(const struct reg_access *access, uint32_t value)
{
	struct gpio *gpio = &access->machine->gpio;

	switch (access->offset) {
	case EOI:
		gpio->edges &= (uint8_t)~value;
		break;
	case OUTPUT:
	case DIRECTION:
	case SOURCE:
	case INT_ENABLE:
	case INT_MASK:
	case INT_EDGE:
	case INT_HIGH:
	case DEBOUNCE:
	case SYNC:
	case BOTH_EDGES:
		*word(gpio, access->offset) = value & ALL_LINES;
		break;
	case INT_STATUS:
	case INT_RAW:
	case INPUT:
	case ID:
		break;
	default:
		access_no_register(access);
		break;
	}
	drive_outputs(access->machine);
	look(access->machine);
}

static void gpio_reset(struct machine *machine, const struct device *device)
{
	(void)device;
	machine->gpio = (struct gpio){};
	drive_outputs(machine);
	look(machine);
}

const struct device_ops gpio_ops = {
	.read = gpio_read,
	.write = gpio_write,
	.reset = gpio_reset,
};
