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
	if (machine->stopped)
		return;
	fflush(stdout);
	fprintf(stderr, "k210sim: misuse: ");
	if (hart)
		print_place(hart);
	else
		fprintf(stderr, "DMA");
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

	if (machine->stopped)
		return;
	fflush(stdout);
	fprintf(stderr, "k210sim: misuse: %s: ", name);
	va_start(arguments, rule);
	finish(machine, rule, arguments);
	va_end(arguments);
}
