// SPDX-License-Identifier: MIT
/* See trace.h. */
#include "trace.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "inspect.h"
#include "machine.h"

static bool complain(void)
{
	fprintf(stderr, "k210sim: --trace: %s\n", strerror(errno));
	return false;
}

bool trace_open(struct trace *trace, const char *path)
{
	trace->file = fopen(path, "w");
	return trace->file || complain();
}

bool trace_close(struct trace *trace)
{
	return !trace->file || fclose(trace->file) == 0 || complain();
}

static char priv_letter(const struct hart *hart)
{
	return "US?M"[hart->priv];
}

void trace_insn(struct hart *hart)
{
	FILE *file = hart->machine->trace.file;
	uint32_t insn;

	if (!inspect_insn(hart, &insn))
		return; /* the fetch will trap */
	fprintf(file, "%u %c %016" PRIx64 " %0*" PRIx32, hart->id,
		priv_letter(hart), hart->pc, (insn & 3) == 3 ? 8 : 4, insn);
	symbols_print(&hart->machine->symbols, file, hart->pc);
	fputc('\n', file);
}

void trace_trap(struct hart *hart, uint64_t cause, uint64_t from)
{
	FILE *file = hart->machine->trace.file;

	fprintf(file, "%u trap %" PRIx64 " from %016" PRIx64, hart->id, cause,
		from);
	symbols_print(&hart->machine->symbols, file, from);
	fprintf(file, " to %c %016" PRIx64 "\n", priv_letter(hart), hart->pc);
}
