// SPDX-License-Identifier: MIT
/*
 * Who answers at which physical address: k210.md sections 1.2 and 1.3.
 *
 * A device that this version does not model is in the table all the same, so
 * that its clock and reset are checked and an access names it.  A device of
 * which the silicon's answer is unknown is a misuse, never a guess.
 */
#include "bus.h"

#include <string.h>

#include "machine.h"
#include "report.h"

struct region {
	const char *name;
	uint32_t base;
	uint32_t size;
	int8_t bus_gate; /* bit of clk_en_cent, or -1 */
	int8_t gate;     /* bit of clk_en_peri, or -1 */
	int8_t reset;    /* bit of peri_reset, or -1 */
	bool takes_64;   /* accesses of 64 bits */
	/* Both NULL: not modelled.  Offsets are multiples of 4. */
	uint32_t (*read)(struct hart *hart, uint32_t offset);
	void (*write)(struct hart *hart, uint32_t offset, uint32_t value);
};

#define APB0 3
#define APB1 4
#define APB2 5

/* clang-format off */
static const struct region regions[] = {
	{ "CLINT", 0x02000000, 0xc000, -1, -1, -1, true, clint_read, clint_write },
	{ "PLIC", 0x0c000000, 0x4000000, -1, -1, -1, false, plic_read, plic_write },
	{ "UARTHS", 0x38000000, 0x1000, -1, -1, -1, false, uarths_read, uarths_write },
	{ "SYSCTL", 0x50440000, 0x80, APB1, -1, -1, false, sysctl_read, sysctl_write },
	{ "GPIOHS", 0x38001000, 0x1000, -1, -1, -1, false, NULL, NULL },
	{ "DMAC", 0x50000000, 0x1000, -1, 1, 1, true, NULL, NULL },
	{ "GPIO", 0x50200000, 0x100, APB0, 5, 5, false, NULL, NULL },
	{ "UART1", 0x50210000, 0x100, APB0, 16, 16, false, NULL, NULL },
	{ "UART2", 0x50220000, 0x100, APB0, 17, 17, false, NULL, NULL },
	{ "UART3", 0x50230000, 0x100, APB0, 18, 18, false, NULL, NULL },
	{ "I2C0", 0x50280000, 0x100, APB0, 13, 13, false, NULL, NULL },
	{ "I2C1", 0x50290000, 0x100, APB0, 14, 14, false, NULL, NULL },
	{ "I2C2", 0x502a0000, 0x100, APB0, 15, 15, false, NULL, NULL },
	{ "FPIOA", 0x502b0000, 0x100, APB0, 20, 20, false, NULL, NULL },
	{ "SHA256", 0x502c0000, 0x100, APB0, 26, 26, false, NULL, NULL },
	{ "TIMER0", 0x502d0000, 0x100, APB0, 21, 21, false, NULL, NULL },
	{ "TIMER1", 0x502e0000, 0x100, APB0, 22, 22, false, NULL, NULL },
	{ "TIMER2", 0x502f0000, 0x100, APB0, 23, 23, false, NULL, NULL },
	{ "WDT0", 0x50400000, 0x100, APB1, 24, 24, false, NULL, NULL },
	{ "WDT1", 0x50410000, 0x100, APB1, 25, 25, false, NULL, NULL },
	{ "OTP", 0x50420000, 0x1000, APB1, 27, -1, false, NULL, NULL },
	{ "DVP", 0x50430000, 0x100, APB1, 3, 3, false, NULL, NULL },
	{ "AES", 0x50450000, 0x100, APB1, 19, 19, false, NULL, NULL },
	{ "RTC", 0x50460000, 0x100, APB1, 29, 29, false, NULL, NULL },
	{ "SPI0", 0x52000000, 0x1000000, APB2, 6, 6, false, NULL, NULL },
	{ "SPI1", 0x53000000, 0x1000000, APB2, 7, 7, false, NULL, NULL },
	{ "SPI3", 0x54000000, 0x2000000, APB2, 9, 9, false, NULL, NULL },
	{ "boot ROM", ROM_BASE, 0x20000, -1, 0, -1, true, NULL, NULL },
};
/* clang-format on */

static const struct region *region_find(uint32_t address)
{
	for (size_t i = 0; i < sizeof(regions) / sizeof(regions[0]); i++)
		if (address - regions[i].base < regions[i].size)
			return &regions[i];
	return NULL;
}

static bool is_set(uint32_t word, int8_t bit)
{
	return bit >= 0 && (word >> bit & 1);
}

/* The region, if it may be accessed so; else NULL, with the misuse reported. */
static const struct region *region_check(struct hart *hart, uint32_t address,
					 unsigned int size)
{
	const struct sysctl *sysctl = &hart->machine->sysctl;
	const struct region *region = region_find(address);

	if (!region)
		report_misuse(hart, address,
			      "nothing is mapped here "
			      "(k210.md 1.2)");
	else if (is_set(~sysctl_gates_cent(sysctl), region->bus_gate) ||
		 is_set(~sysctl_gates_peri(sysctl), region->gate))
		report_misuse(hart, address, "%s has no clock (k210.md 6.2)",
			      region->name);
	else if (is_set(sysctl_resets(sysctl), region->reset))
		report_misuse(hart, address,
			      "%s is held in reset (k210.md 6.2)",
			      region->name);
	else if (!region->read)
		report_misuse(hart, address, "%s is not modelled yet",
			      region->name);
	else if (size != 4 && !(size == 8 && region->takes_64))
		report_misuse(hart, address,
			      "%s takes no access of %u bits (k210.md 6.2)",
			      region->name, size * 8);
	else
		return region;
	return NULL;
}

/* Host memory behind a RAM address, or NULL if it is none or has no clock. */
static uint8_t *ram_find(struct hart *hart, uint32_t address)
{
	struct machine *machine = hart->machine;
	uint32_t offset = address - RAM_BASE;

	if (offset >= RAM_SIZE)
		offset = address - RAM_ALIAS;
	if (offset >= RAM_SIZE)
		return NULL;
	if (offset >= RAM_AI && !sysctl_pll1_runs(&machine->sysctl)) {
		report_misuse(hart, address,
			      "AI SRAM without PLL1 (k210.md 1.3)");
		/* Lenient: as if it were there. */
	}
	return machine->ram + offset;
}

bool bus_fetch(struct hart *hart, uint32_t address, uint64_t *value)
{
	uint8_t *memory = ram_find(hart, address);
	uint16_t parcel;

	if (!memory) {
		report_misuse(hart, address, "code outside RAM");
		return false;
	}
	memcpy(&parcel, memory, sizeof(parcel));
	*value = parcel;
	return true;
}

bool bus_load(struct hart *hart, uint32_t address, unsigned int size,
	      uint64_t *value)
{
	uint8_t *memory = ram_find(hart, address);
	const struct region *region;
	uint32_t offset;

	*value = 0;
	if (memory) {
		memcpy(value, memory, size);
		return true;
	}
	region = region_check(hart, address, size);
	if (!region)
		return false;
	offset = address - region->base;
	*value = region->read(hart, offset);
	if (size == 8)
		*value |= (uint64_t)region->read(hart, offset + 4) << 32;
	return true;
}

/* A store breaks the other hart's reservation of that line. */
static void break_reservation(struct hart *hart, uint32_t address)
{
	struct hart *other = &hart->machine->hart[!hart->id];

	if (other->reservation == (address & ~63u))
		other->reservation = NO_RESERVATION;
}

bool bus_store(struct hart *hart, uint32_t address, unsigned int size,
	       uint64_t value)
{
	uint8_t *memory = ram_find(hart, address);
	const struct region *region;
	uint32_t offset;

	if (memory) {
		break_reservation(hart, address);
		memcpy(memory, &value, size);
		return true;
	}
	region = region_check(hart, address, size);
	if (!region)
		return false;
	offset = address - region->base;
	region->write(hart, offset, (uint32_t)value);
	if (size == 8)
		region->write(hart, offset + 4, (uint32_t)(value >> 32));
	return true;
}
