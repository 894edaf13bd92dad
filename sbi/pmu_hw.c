// SPDX-License-Identifier: MIT
/*
 * Performance counters of the hardware; see pmu_hw.h.
 *
 * Privileged architecture, sections 3.1.10 to 3.1.12, Sscofpmf, and the binding
 * riscv,pmu.  Harts are taken to be alike: the boot hart's counters stand for
 * all.  A machine without that node still has cycle and instret.
 */
#include "pmu_hw.h"

#include <string.h>

#include <lib/csr.h>
#include <lib/fdt.h>

#include "hart.h"

#define CYCLE      0
#define INSTRET    2
#define FIRST_HPM  3
#define NR_CSRS    32
#define MAX_EVENTS 48 /* rows of the tree's tables that are kept */

/* In pmu_csr.S.  The event CSRs begin at 3. */
bool pmu_csr_exists(unsigned int n);
uint64_t pmu_csr_read(unsigned int n);
void pmu_csr_write(unsigned int n, uint64_t value);
uint64_t pmu_csr_read_event(unsigned int n);
void pmu_csr_write_event(unsigned int n, uint64_t value);

/* Events first_idx to last_idx can be counted by any of counters. */
struct event_range {
	uint32_t first_idx;
	uint32_t last_idx;
	uint32_t counters;
};

/* Raw events whose bits under mask are select. */
struct raw_range {
	uint64_t select;
	uint64_t mask;
	uint32_t counters;
};

struct event_selector {
	uint32_t event_idx;
	uint64_t selector;
};

/* [I] after boot */
static uint32_t counters;
static struct event_range event_ranges[MAX_EVENTS];
static struct raw_range raw_ranges[MAX_EVENTS];
static struct event_selector selectors[MAX_EVENTS];
static unsigned int nr_event_ranges, nr_raw_ranges, nr_selectors;

static uint32_t find_counters(void)
{
	uint32_t found = BIT(CYCLE) | BIT(INSTRET);
	unsigned int n;

	/* One that is not there traps, or reads as 0 whatever is written. */
	for (n = FIRST_HPM; n < NR_CSRS; n++) {
		uint64_t before;

		if (!pmu_csr_exists(n))
			continue;
		before = pmu_csr_read(n);
		pmu_csr_write(n, -1ul);
		if (pmu_csr_read(n))
			found |= BIT(n);
		pmu_csr_write(n, before);
	}
	return found;
}

static void read_event_ranges(const void *fdt, int node)
{
	int len, i;
	const fdt32_t *cells =
		dt_getprop(fdt, node, "riscv,event-to-mhpmcounters", &len);

	for (i = 0; i + 3 <= len / 4 && nr_event_ranges < MAX_EVENTS; i += 3)
		event_ranges[nr_event_ranges++] = (struct event_range){
			.first_idx = fdt32_to_cpu(cells[i]),
			.last_idx = fdt32_to_cpu(cells[i + 1]),
			.counters = fdt32_to_cpu(cells[i + 2]) & counters,
		};
}

static void read_raw_ranges(const void *fdt, int node)
{
	int len, i;
	const fdt32_t *cells =
		dt_getprop(fdt, node, "riscv,raw-event-to-mhpmcounters", &len);

	for (i = 0; i + 5 <= len / 4 && nr_raw_ranges < MAX_EVENTS; i += 5)
		raw_ranges[nr_raw_ranges++] = (struct raw_range){
			.select = dt_cells_value(cells + i, 2),
			.mask = dt_cells_value(cells + i + 2, 2),
			.counters = fdt32_to_cpu(cells[i + 4]) & counters,
		};
}

static void read_selectors(const void *fdt, int node)
{
	int len, i;
	const fdt32_t *cells =
		dt_getprop(fdt, node, "riscv,event-to-mhpmevent", &len);

	for (i = 0; i + 3 <= len / 4 && nr_selectors < MAX_EVENTS; i += 3)
		selectors[nr_selectors++] = (struct event_selector){
			.event_idx = fdt32_to_cpu(cells[i]),
			.selector = dt_cells_value(cells + i + 1, 2),
		};
}

void pmu_hw_init(const void *fdt)
{
	int node = 0, depth = 0;

	counters = find_counters();
	for (; node >= 0; node = dt_next_node(fdt, node, &depth)) {
		const char *name = dt_get_string(fdt, node, "compatible");

		if (!name || strcmp(name, "riscv,pmu"))
			continue;
		read_event_ranges(fdt, node);
		read_raw_ranges(fdt, node);
		read_selectors(fdt, node);
	}
}

uint32_t pmu_hw_counters(void)
{
	return counters;
}

static uint32_t counters_for_raw(uint64_t data)
{
	uint32_t found = 0;
	unsigned int i;

	for (i = 0; i < nr_raw_ranges; i++) {
		if ((data & raw_ranges[i].mask) == raw_ranges[i].select)
			found |= raw_ranges[i].counters;
	}
	return found;
}

uint32_t pmu_hw_counters_for(uint32_t event_idx, uint64_t event_data)
{
	uint32_t type = PMU_EVENT_TYPE(event_idx), found = 0;
	unsigned int i;

	if (type == PMU_TYPE_RAW || type == PMU_TYPE_RAW_V2)
		return counters_for_raw(event_data);
	if (event_idx == PMU_EVENT_CYCLES)
		found = BIT(CYCLE);
	if (event_idx == PMU_EVENT_INSTRET)
		found = BIT(INSTRET);
	for (i = 0; i < nr_event_ranges; i++) {
		if (event_idx >= event_ranges[i].first_idx &&
		    event_idx <= event_ranges[i].last_idx)
			found |= event_ranges[i].counters;
	}
	return found;
}

uint64_t pmu_hw_selector(uint32_t event_idx, uint64_t event_data)
{
	uint32_t type = PMU_EVENT_TYPE(event_idx);
	unsigned int i;

	/* The upper bits are Sscofpmf's: 48 bits of select, 56 in version 2. */
	if (type == PMU_TYPE_RAW)
		return event_data & (BIT(48) - 1);
	if (type == PMU_TYPE_RAW_V2)
		return event_data & (BIT(56) - 1);
	for (i = 0; i < nr_selectors; i++) {
		if (selectors[i].event_idx == event_idx)
			return selectors[i].selector;
	}
	return event_idx; /* the binding's meaning of a missing table */
}

uint64_t pmu_hw_read(unsigned int n)
{
	return pmu_csr_read(n);
}

void pmu_hw_write(unsigned int n, uint64_t value)
{
	pmu_csr_write(n, value);
}

uint64_t pmu_hw_read_event(unsigned int n)
{
	return n < FIRST_HPM ? 0 : pmu_csr_read_event(n);
}

void pmu_hw_set_event(unsigned int n, uint64_t selector)
{
	if (n >= FIRST_HPM)
		pmu_csr_write_event(n, selector);
}

void pmu_hw_start(unsigned int n)
{
	/* With OF clear the next overflow raises LCOFIP. */
	if (n >= FIRST_HPM && hart_has(HART_HAS_SSCOFPMF))
		pmu_csr_write_event(n, pmu_csr_read_event(n) & ~PMU_EVENT_OF);
	if (hart_has(HART_HAS_INHIBIT))
		csr_clear(CSR_MCOUNTINHIBIT, BIT(n));
}

void pmu_hw_stop(unsigned int n)
{
	uint64_t value;

	if (!hart_has(HART_HAS_INHIBIT))
		return;
	/* QEMU's inhibited counters read as what was last written to them. */
	value = pmu_csr_read(n);
	if (!(csr_read_set(CSR_MCOUNTINHIBIT, BIT(n)) & BIT(n)))
		pmu_csr_write(n, value);
}

void pmu_hw_reset_hart(void)
{
	unsigned int n;

	if (!hart_has(HART_HAS_INHIBIT))
		return;
	csr_write(CSR_MCOUNTINHIBIT, ~(BIT(CYCLE) | BIT(INSTRET)));
	for (n = FIRST_HPM; n < NR_CSRS; n++) {
		if (counters & BIT(n))
			pmu_csr_write_event(n, 0);
	}
}

bool pmu_hw_has_overflown(unsigned int n)
{
	return n >= FIRST_HPM && hart_has(HART_HAS_SSCOFPMF) &&
	       pmu_csr_read_event(n) & PMU_EVENT_OF;
}
