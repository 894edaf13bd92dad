// SPDX-License-Identifier: MIT
/* See icache.h. */
#include "icache.h"

#include <string.h>

#include "bus.h"
#include "hart.h"
#include "machine.h"
#include "mmu.h"

#define PAGE_MASK 0xfffull

/* The slot after the last: go on where hart->pc is, without having retired. */
static bool exec_next_line(struct hart *hart, const struct op *op)
{
	(void)op;
	hart->left++;
	return false;
}

/* 16 bits of code at a virtual address.  False: trap. */
static bool fetch_parcel(struct hart *hart, uint64_t address, uint16_t *parcel)
{
	const struct icache_line *line;
	uint32_t physical;

	if (!mmu_translate(hart, address, ACCESS_FETCH, &physical))
		return false;
	line = icache_find(hart, physical);
	if (!line)
		return hart_raise(hart, CAUSE_FETCH_ACCESS, address);
	memcpy(parcel, line->bytes + physical % ICACHE_LINE_BYTES,
	       sizeof(*parcel));
	return true;
}

/*
 * An instruction whose second half is in the next page, which only the tables
 * of the moment can tell: it is decoded each time.
 */
static bool exec_page_crossing(struct hart *hart, const struct op *op)
{
	struct op crossing;
	uint16_t high;

	if (!fetch_parcel(hart, hart->pc + 2, &high))
		return false;
	op_decode(&crossing, op_insn(op) | (uint32_t)high << 16);
	return crossing.exec(hart, &crossing);
}

/* The instruction at the end of a line whose second half is in the next. */
static bool decode_crossing(struct hart *hart, struct op *op, uint16_t low)
{
	uint16_t high;

	if (((hart->pc + 2) & PAGE_MASK) == 0) {
		*op = (struct op){
			.exec = exec_page_crossing,
			.imm = low,
			.len = 4,
		};
		return true;
	}
	if (!fetch_parcel(hart, hart->pc + 2, &high))
		return false;
	op_decode(op, low | (uint32_t)high << 16);
	return true;
}

/* What every slot of a fresh line has: decode, then execute. */
static bool exec_undecoded(struct hart *hart, const struct op *undecoded)
{
	unsigned int slot = hart->pc % ICACHE_LINE_BYTES / 2;
	/* The first op of a line leads to the line, and may be written. */
	struct icache_line *line =
		(struct icache_line *)((char *)(undecoded - slot) -
				       offsetof(struct icache_line, ops));
	struct op *op = &line->ops[slot];
	uint32_t insn = 0;

	if (slot < ICACHE_SLOTS - 1) {
		memcpy(&insn, line->bytes + 2 * slot, sizeof(insn));
		op_decode(op, insn);
	} else {
		memcpy(&insn, line->bytes + 2 * slot, sizeof(uint16_t));
		if ((insn & 3) != 3)
			op_decode(op, insn);
		else if (!decode_crossing(hart, op, (uint16_t)insn))
			return false;
	}
	return op->exec(hart, op);
}

void icache_flush(struct icache *icache)
{
	for (unsigned int set = 0; set < ICACHE_SETS; set++)
		for (unsigned int way = 0; way < ICACHE_WAYS; way++)
			icache->lines[set][way].address = ICACHE_EMPTY;
}

void icache_reset(struct icache *icache, uint64_t seed)
{
	icache_flush(icache);
	icache->random_state = seed;
}

static struct icache_line *set_of(struct icache *icache, uint32_t address)
{
	return icache->lines[address / ICACHE_LINE_BYTES % ICACHE_SETS];
}

struct icache_line *icache_lookup(struct icache *icache, uint32_t address)
{
	struct icache_line *set = set_of(icache, address);

	address &= ~(ICACHE_LINE_BYTES - 1u);
	for (unsigned int way = 0; way < ICACHE_WAYS; way++)
		if (set[way].address == address)
			return &set[way];
	return NULL;
}

static void drop_address(struct icache *icache, uint32_t address)
{
	struct icache_line *line = icache_lookup(icache, address);

	if (line)
		line->address = ICACHE_EMPTY;
}

void icache_drop(struct icache *icache, uint32_t offset)
{
	drop_address(icache, RAM_BASE + offset);
	drop_address(icache, RAM_ALIAS + offset);
}

/* An empty way of the set, or one that has to go. */
static struct icache_line *choose_victim(struct icache *icache,
					 struct icache_line *set)
{
	for (unsigned int way = 0; way < ICACHE_WAYS; way++)
		if (set[way].address == ICACHE_EMPTY)
			return &set[way];
	return &set[random_next(&icache->random_state) % ICACHE_WAYS];
}

void icache_evict(struct icache *icache)
{
	uint64_t random = random_next(&icache->random_state);

	icache->lines[random % ICACHE_SETS][random / ICACHE_SETS % ICACHE_WAYS]
		.address = ICACHE_EMPTY;
}

static void fill(struct icache_line *line, uint32_t address)
{
	line->address = address;
	for (unsigned int slot = 0; slot < ICACHE_SLOTS; slot++)
		line->ops[slot].exec = exec_undecoded;
	line->ops[ICACHE_SLOTS].exec = exec_next_line;
	line->ops[ICACHE_SLOTS + 1].exec = exec_next_line;
}

struct icache_line *icache_find(struct hart *hart, uint32_t address)
{
	struct icache *icache = hart->icache;
	struct icache_line *line = icache_lookup(icache, address);

	if (line)
		return line;
	address &= ~(ICACHE_LINE_BYTES - 1u);
	line = choose_victim(icache, set_of(icache, address));
	line->address = ICACHE_EMPTY;
	if (!bus_fetch_line(hart, address, line->bytes))
		return NULL;
	fill(line, address);
	return line;
}

struct icache_line *icache_fetch(struct hart *hart)
{
	struct fetched_line *fetched = fetched_line_of(hart, hart->pc);
	struct icache_line *line;
	uint32_t physical;

	if (!mmu_translate(hart, hart->pc, ACCESS_FETCH, &physical))
		return NULL;
	line = icache_find(hart, physical);
	if (!line) {
		hart_raise(hart, CAUSE_FETCH_ACCESS, hart->pc);
		return NULL;
	}
	if (mmu_may_remember(hart, hart->fetch_context))
		*fetched = (struct fetched_line){
			.key = fetch_key(hart),
			.address = line->address,
			.line = line,
		};
	return line;
}
