// SPDX-License-Identifier: MIT
/* See dma.h. */
#include "dma.h"

#include <string.h>

#include "machine.h"
#include "report.h"

bool dma_is_memory(uint32_t address)
{
	return bus_is_cached_ram(address) || bus_is_alias(address);
}

/* Host memory behind len bytes at an address, or NULL. */
static uint8_t *find(struct machine *machine, uint32_t address, size_t len)
{
	uint32_t offset = bus_is_alias(address) ? address - RAM_ALIAS
						: address - RAM_BASE;

	if (!dma_is_memory(address) || len > RAM_SIZE - offset)
		return NULL;
	if (offset + len > RAM_AI && !sysctl_pll1_runs(&machine->sysctl))
		report_bus(machine, NULL, address,
			   "AI SRAM without PLL1 (k210.md 1.3)");
	return machine->ram + offset;
}

bool dma_read(struct machine *machine, uint32_t address, void *to, size_t len)
{
	const uint8_t *memory = find(machine, address, len);

	if (memory)
		memcpy(to, memory, len);
	return memory;
}

bool dma_write(struct machine *machine, uint32_t address, const void *from,
	       size_t len)
{
	uint8_t *memory = find(machine, address, len);

	if (!memory)
		return false;
	bus_memory_changes(machine, (uint32_t)(memory - machine->ram), len);
	memcpy(memory, from, len);
	return true;
}
