// SPDX-License-Identifier: MIT
/* See report.h. */
#include "report.h"

#include <inttypes.h>
#include <stdio.h>

#include "machine.h"

static void print_place(const struct hart *hart)
{
	fprintf(stderr, "hart %u pc 0x%" PRIx64, hart->id, hart->pc);
	symbols_print(&hart->machine->symbols, stderr, hart->pc);
}

void report_place(const struct hart *hart)
{
	fprintf(stderr, "k210sim: ");
	print_place(hart);
	fputc('\n', stderr);
}

/* Is this the first time?  A full table takes no more for news. */
static bool is_news(struct machine *machine, uint64_t place, const char *rule)
{
	struct reports *reports = &machine->reports;
	uint64_t slot = (place / 2) ^ (uintptr_t)rule;

	for (;; slot++) {
		unsigned int i = slot % REPORTS_MAX;

		if (!reports->told[i].rule &&
		    reports->count < REPORTS_MAX / 2) {
			reports->told[i].place = place;
			reports->told[i].rule = rule;
			reports->count++;
			return true;
		}
		if (!reports->told[i].rule ||
		    (reports->told[i].place == place &&
		     reports->told[i].rule == rule)) {
			reports->repeated++;
			return false;
		}
	}
}

void report_repeated(const struct reports *reports)
{
	if (reports->repeated)
		fprintf(stderr,
			"k210sim: %" PRIu64 " more misuses of the same kinds\n",
			reports->repeated);
}

/* The end of a line that began with who did it, and where. */
static void finish(struct machine *machine, const char *rule, va_list arguments)
{
	vfprintf(stderr, rule, arguments);
	fputc('\n', stderr);
	if (!machine->lenient)
		machine_stop(machine, STATUS_MISUSE);
}

void report_bus_va(struct machine *machine, struct hart *hart, uint64_t address,
		   const char *rule, va_list arguments)
{
	/* What follows a misuse that stops the machine is no news. */
	if (machine->stopped || !is_news(machine, hart ? hart->pc : 0, rule))
		return;
	fflush(stdout);
	fprintf(stderr, "k210sim: misuse: ");
	if (hart)
		print_place(hart);
	else
		fprintf(stderr, "DMA");
	if (hart && !machine->lenient)
		debug_keep_culprit(hart);
	fprintf(stderr, " address 0x%" PRIx64 ": ", address);
	finish(machine, rule, arguments);
}

void report_bus(struct machine *machine, struct hart *hart, uint64_t address,
		const char *rule, ...)
{
	va_list arguments;

	va_start(arguments, rule);
	report_bus_va(machine, hart, address, rule, arguments);
	va_end(arguments);
}

void report_misuse(struct hart *hart, uint64_t address, const char *rule, ...)
{
	va_list arguments;

	va_start(arguments, rule);
	report_bus_va(hart->machine, hart, address, rule, arguments);
	va_end(arguments);
}

void report_device(struct machine *machine, const char *name, const char *rule,
		   ...)
{
	va_list arguments;

	if (machine->stopped || !is_news(machine, (uintptr_t)name, rule))
		return;
	fflush(stdout);
	fprintf(stderr, "k210sim: misuse: %s: ", name);
	va_start(arguments, rule);
	finish(machine, rule, arguments);
	va_end(arguments);
}
