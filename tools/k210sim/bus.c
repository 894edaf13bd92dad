// SPDX-License-Identifier: MIT
/* See bus.h. */
#include "bus.h"

#include <inttypes.h>
#include <string.h>

#include "dcache.h"
#include "icache.h"
#include "machine.h"
#include "map.h"
#include "report.h"

/* The bank works only while its clock does.  Lenient: as if it were there. */
static void check_bank(struct machine *machine, struct hart *hart,
		       uint32_t address, uint32_t offset)
{
	if (offset >= RAM_AI && !sysctl_pll1_runs(&machine->sysctl))
		report_bus(machine, hart, address,
			   "AI SRAM without PLL1 (k210.md 1.3)");
}

/* Only without caches does a line lose what was decoded from it. */
static void drop_code(struct machine *machine, uint32_t offset)
{
	uint8_t *state = &machine->dcache.state[offset / DCACHE_LINE_BYTES];

	if (!(*state & LINE_CODE))
		return;
	*state &= (uint8_t)~LINE_CODE;
	for (unsigned int i = 0; i < NR_HARTS; i++) {
		icache_drop(&machine->icache[i], offset);
		hart_end_block(&machine->hart[i]);
	}
}

void bus_memory_changes(struct machine *machine, uint32_t offset, size_t len)
{
	uint32_t end = offset + (uint32_t)len;

	offset &= ~(DCACHE_LINE_BYTES - 1u);
	for (; offset < end; offset += DCACHE_LINE_BYTES)
		drop_code(machine, offset);
}

/* An early trap ends in the ROM: what caused it is what one wants to know. */
static void report_code_outside(struct hart *hart, uint32_t address)
{
	if (hart->pc == ROM_PANIC && hart->mtvec == ROM_PANIC)
		report_misuse(hart, address,
			      "trap %" PRIu64 " from 0x%" PRIx64
			      ", but mtvec is still the ROM's (k210.md 1.6)",
			      hart->mcause, hart->mepc);
	else
		report_misuse(hart, address, "code outside RAM");
}

bool bus_fetch_line(struct hart *hart, uint32_t address, uint8_t *bytes)
{
	struct machine *machine = hart->machine;
	uint32_t offset = bus_ram_offset(address);

	if (offset >= RAM_SIZE) {
		report_code_outside(hart, address);
		return false;
	}
	check_bank(machine, hart, address, offset);
	if (machine->no_caches)
		machine->dcache.state[offset / DCACHE_LINE_BYTES] |= LINE_CODE;
	if (bus_is_alias(address))
		memcpy(bytes, machine->ram + offset, ICACHE_LINE_BYTES);
	else
		dcache_peek(machine, offset, bytes, ICACHE_LINE_BYTES);
	return true;
}

/* What a device does may end the block: interrupts, the clock, a reset. */
static void reach_device(struct hart *hart)
{
	machine_reach(hart->machine, hart_cycles(hart));
	hart_end_block(hart);
}

bool bus_load(struct hart *hart, uint32_t address, unsigned int size,
	      uint64_t *value)
{
	struct machine *machine = hart->machine;
	uint32_t offset = bus_ram_offset(address);

	if (offset >= RAM_SIZE) {
		reach_device(hart);
		return map_load(machine, hart, address, size, value);
	}
	*value = 0;
	check_bank(machine, hart, address, offset);
	if (bus_is_alias(address)) {
		memcpy(value, machine->ram + offset, size);
	} else {
		dcache_hold(hart, offset);
		memcpy(value, machine->dcache.view + offset, size);
	}
	return true;
}

bool bus_store(struct hart *hart, uint32_t address, unsigned int size,
	       uint64_t value)
{
	struct machine *machine = hart->machine;
	uint32_t offset = bus_ram_offset(address);

	if (offset >= RAM_SIZE) {
		reach_device(hart);
		return map_store(machine, hart, address, size, value);
	}
	check_bank(machine, hart, address, offset);
	drop_code(machine, offset);
	if (bus_is_alias(address)) {
		memcpy(machine->ram + offset, &value, size);
	} else {
		dcache_own(hart, offset);
		memcpy(machine->dcache.view + offset, &value, size);
	}
	return true;
}
