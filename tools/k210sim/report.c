// SPDX-License-Identifier: MIT
/* See report.h. */
#include "report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "machine.h"

void report_misuse(struct hart *hart, uint64_t address, const char *rule, ...)
{
	va_list arguments;

	fflush(stdout);
	fprintf(stderr,
		"k210sim: misuse: hart %u pc 0x%" PRIx64 " address 0x%" PRIx64
		": ",
		hart->id, hart->pc, address);
	va_start(arguments, rule);
	vfprintf(stderr, rule, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	if (!hart->machine->lenient)
		machine_stop(hart->machine, STATUS_MISUSE);
}
