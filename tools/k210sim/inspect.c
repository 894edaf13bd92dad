// SPDX-License-Identifier: MIT
/* See inspect.h. */
#include "inspect.h"

#include <string.h>

#include "dcache.h"
#include "icache.h"
#include "machine.h"
#include "mmu.h"

#define PAGE_SIZE 4096

/* The bytes of [address, address + len) that one line of SRAM holds. */
static size_t line_part(uint64_t address, size_t len)
{
	size_t left = DCACHE_LINE_BYTES - address % DCACHE_LINE_BYTES;

	return len < left ? len : left;
}

/* Where an address of data is in SRAM.  False: nowhere. */
static bool find(struct hart *hart, uint64_t address, uint32_t *physical)
{
	return mmu_probe(hart, hart->context, address, physical) &&
	       bus_ram_offset(*physical) < RAM_SIZE;
}

static void read_line(struct machine *machine, uint32_t physical, void *data,
		      size_t len)
{
	uint32_t offset = bus_ram_offset(physical);

	if (bus_is_alias(physical))
		memcpy(data, machine->ram + offset, len);
	else
		dcache_peek(machine, offset, data, len);
}

/* To memory and to what the caches may hold of it: nothing is stale then. */
static void write_line(struct machine *machine, uint32_t physical,
		       const void *data, size_t len)
{
	uint32_t offset = bus_ram_offset(physical);

	memcpy(machine->ram + offset, data, len);
	memcpy(machine->dcache.view + offset, data, len);
	for (int i = 0; i < NR_HARTS; i++)
		icache_drop(&machine->icache[i], offset);
}

bool inspect_read(struct hart *hart, uint64_t address, void *data, size_t len)
{
	uint8_t *bytes = data;
	uint32_t physical;
	size_t part;

	for (; len > 0; len -= part, address += part, bytes += part) {
		part = line_part(address, len);
		if (!find(hart, address, &physical))
			return false;
		read_line(hart->machine, physical, bytes, part);
	}
	return true;
}

bool inspect_write(struct hart *hart, uint64_t address, const void *data,
		   size_t len)
{
	const uint8_t *bytes = data;
	uint32_t physical;
	size_t part;

	for (; len > 0; len -= part, address += part, bytes += part) {
		part = line_part(address, len);
		if (!find(hart, address, &physical))
			return false;
		write_line(hart->machine, physical, bytes, part);
	}
	return true;
}

static bool read_parcel(struct hart *hart, uint64_t address, uint16_t *parcel)
{
	const struct icache_line *line;
	uint32_t physical;

	if (!mmu_probe(hart, hart->fetch_context, address, &physical) ||
	    bus_ram_offset(physical) >= RAM_SIZE)
		return false;
	line = icache_lookup(hart->icache, physical);
	if (line)
		memcpy(parcel, line->bytes + physical % ICACHE_LINE_BYTES,
		       sizeof(*parcel));
	else
		read_line(hart->machine, physical, parcel, sizeof(*parcel));
	return true;
}

bool inspect_insn(struct hart *hart, uint32_t *insn)
{
	uint16_t low;
	uint16_t high;

	if (!read_parcel(hart, hart->pc, &low))
		return false;
	*insn = low;
	if ((low & 3) != 3)
		return true;
	if (!read_parcel(hart, hart->pc + 2, &high))
		return false;
	*insn |= (uint32_t)high << 16;
	return true;
}
