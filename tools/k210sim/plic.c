// SPDX-License-Identifier: MIT
/*
 * PLIC: k210.md section 3.2.
 *
 * Only the M contexts (0 and 2) reach their hart: interrupts of the S
 * contexts never arrive on the chip, as far as anyone saw (section 2.8).
 */
#include "plic.h"

#include "machine.h"

#define PENDING        0x1000
#define ENABLE         0x2000
#define ENABLE_STRIDE  0x80
#define CONTEXT        0x200000
#define CONTEXT_STRIDE 0x1000

static bool bit_is_set(const uint32_t *words, unsigned int source)
{
	return words[source / 32] >> (source % 32) & 1;
}

/* The enabled pending source of highest priority above floor, or 0. */
static unsigned int best_source(const struct plic *plic, unsigned int context,
				unsigned int floor)
{
	unsigned int best = 0;

	for (unsigned int i = 1; i < PLIC_SOURCES; i++) {
		if (!bit_is_set(plic->pending, i) ||
		    !bit_is_set(plic->enable[context], i) ||
		    plic->priority[i] <= floor)
			continue;
		floor = plic->priority[i];
		best = i;
	}
	return best;
}

static void drive_lines(struct machine *machine)
{
	const struct plic *plic = &machine->plic;

	for (unsigned int i = 0; i < NR_HARTS; i++) {
		uint32_t *lines = &machine->hart[i].mip_lines;

		*lines &= ~MIP_MEIP;
		if (best_source(plic, 2 * i, plic->threshold[2 * i]))
			*lines |= MIP_MEIP;
	}
}

/* A gateway forwards a level once until it is completed. */
static void gateway_update(struct plic *plic, unsigned int source)
{
	if (plic->level[source] && !plic->active[source])
		plic->pending[source / 32] |= 1u << (source % 32);
}

void plic_set_level(struct machine *machine, unsigned int source, bool level)
{
	if (machine->plic.level[source] == level)
		return;
	machine->plic.level[source] = level;
	gateway_update(&machine->plic, source);
	drive_lines(machine);
}

static uint32_t claim(struct machine *machine, unsigned int context)
{
	struct plic *plic = &machine->plic;
	unsigned int source = best_source(plic, context, 0);

	if (source) {
		plic->pending[source / 32] &= ~(1u << (source % 32));
		plic->active[source] = true;
		drive_lines(machine);
	}
	return source;
}

static void complete(struct machine *machine, unsigned int context,
		     uint32_t source)
{
	struct plic *plic = &machine->plic;

	if (source == 0 || source >= PLIC_SOURCES ||
	    !bit_is_set(plic->enable[context], source))
		return;
	plic->active[source] = false;
	gateway_update(plic, source);
	drive_lines(machine);
}

/* The word of enables at an offset, or NULL. */
static uint32_t *find_enable(struct plic *plic, uint32_t offset)
{
	uint32_t context = (offset - ENABLE) / ENABLE_STRIDE;
	uint32_t word = (offset - ENABLE) % ENABLE_STRIDE / 4;

	if (offset < ENABLE || context >= PLIC_CONTEXTS || word >= PLIC_WORDS)
		return NULL;
	return &plic->enable[context][word];
}

/* The context of a threshold or claim register, or PLIC_CONTEXTS. */
static unsigned int find_context(uint32_t offset)
{
	uint32_t context = (offset - CONTEXT) / CONTEXT_STRIDE;

	if (offset < CONTEXT || context >= PLIC_CONTEXTS ||
	    (offset & (CONTEXT_STRIDE - 1)) > 4)
		return PLIC_CONTEXTS;
	return context;
}

static uint32_t plic_read(const struct reg_access *access)
{
	struct plic *plic = &access->machine->plic;
	uint32_t offset = access->offset;
	unsigned int context = find_context(offset);
	const uint32_t *enable = find_enable(plic, offset);

	if (context < PLIC_CONTEXTS)
		return offset & 4 ? claim(access->machine, context)
				  : plic->threshold[context];
	if (enable)
		return *enable;
	if (offset < 4 * PLIC_SOURCES)
		return plic->priority[offset / 4];
	if (offset >= PENDING && offset < PENDING + 4 * PLIC_WORDS)
		return plic->pending[(offset - PENDING) / 4];
	access_no_register(access);
	return 0;
}

static void plic_write(const struct reg_access *access, uint32_t value)
{
	struct plic *plic = &access->machine->plic;
	uint32_t offset = access->offset;
	unsigned int context = find_context(offset);
	uint32_t *enable = find_enable(plic, offset);

	if (context < PLIC_CONTEXTS && offset & 4)
		complete(access->machine, context, value);
	else if (context < PLIC_CONTEXTS)
		plic->threshold[context] = value & 7;
	else if (enable)
		*enable = value;
	else if (offset && offset < 4 * PLIC_SOURCES)
		plic->priority[offset / 4] = value & 7;
	else if (offset >= PENDING + 4 * PLIC_WORDS)
		access_no_register(access);
	drive_lines(access->machine);
}

/* Nothing has a reset value. */
static void plic_reset(struct machine *machine, const struct device *device)
{
	struct plic *plic = &machine->plic;

	(void)device;
	*plic = (struct plic){};
	for (int i = 1; i < PLIC_SOURCES; i++)
		plic->priority[i] = machine_random(machine) & 7;
	for (int i = 0; i < PLIC_CONTEXTS; i++) {
		plic->threshold[i] = machine_random(machine) & 7;
		for (int j = 0; j < PLIC_WORDS; j++)
			plic->enable[i][j] = (uint32_t)machine_random(machine);
	}
	drive_lines(machine);
}

const struct device_ops plic_ops = {
	.read = plic_read,
	.write = plic_write,
	.reset = plic_reset,
};
