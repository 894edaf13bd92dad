// SPDX-License-Identifier: MIT
/* Words to the person at the terminal, all on standard error. */
#pragma once

#include <stdarg.h>
#include <stdint.h>

struct hart;
struct machine;

/*
 * The guest broke a rule: print hart, pc, its symbol, address and the rule, a
 * printf format, on one line, and stop unless the machine is lenient.
 */
void report_misuse(struct hart *hart, uint64_t address, const char *rule, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * What was told already.  A lenient machine meets the same misuse again and
 * again; each rule is told once for each place that breaks it.
 */
#define REPORTS_MAX 4096 /* a power of two */
struct reports {
	struct {
		uint64_t place; /* pc, or a device's name */
		const char *rule;
	} told[REPORTS_MAX]; /* a hash table; rule NULL: a free place */
	unsigned int count;
	uint64_t repeated; /* that were no news */
};

/* At the end: how many were not told, if any. */
void report_repeated(const struct reports *reports);

/* Where a hart stands, on a line of its own. */
void report_place(const struct hart *hart);

/* As report_misuse() for an access on the bus; hart is NULL if DMA made it. */
void report_bus(struct machine *machine, struct hart *hart, uint64_t address,
		const char *rule, ...) __attribute__((format(printf, 4, 5)));
void report_bus_va(struct machine *machine, struct hart *hart, uint64_t address,
		   const char *rule, va_list arguments)
	__attribute__((format(printf, 4, 0)));

/* The same for what a device or a chip on the board saw without an access. */
void report_device(struct machine *machine, const char *name, const char *rule,
		   ...) __attribute__((format(printf, 3, 4)));
