// SPDX-License-Identifier: MIT
/* RAM and its alias: k210.md section 1.3.  All else is map.c's. */
#include "bus.h"

#include <string.h>

#include "machine.h"
#include "map.h"
#include "report.h"

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

	if (!memory)
		return map_load(hart->machine, hart, address, size, value);
	*value = 0;
	memcpy(value, memory, size);
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

	if (!memory)
		return map_store(hart->machine, hart, address, size, value);
	break_reservation(hart, address);
	memcpy(memory, &value, size);
	return true;
}
