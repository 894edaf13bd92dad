// SPDX-License-Identifier: MIT
/*
 * A line for every instruction that is about to execute, and for every trap:
 *
 *	0 M 0000000080000000 f1402573 <_start+0x0>
 *	0 trap 8000000000000007 from 0000000080000010 <spin+0x0> to M 0000000080000200
 *
 * Hart, privilege, pc, the 16 or 32 bits, symbol; or hart, cause (an interrupt
 * if bit 63 is set), pc, privilege and pc of the handler.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct hart;

struct trace {
	FILE *file; /* NULL: off */
};

/* False: the file cannot be written, and standard error has been told. */
bool trace_open(struct trace *trace, const char *path);

/* As trace_open(), for what was written. */
bool trace_close(struct trace *trace);

static inline bool trace_is_on(const struct trace *trace)
{
	return trace->file;
}

/* The instruction at hart->pc. */
void trace_insn(struct hart *hart);

/* The hart has just left the instruction at `from` for its handler. */
void trace_trap(struct hart *hart, uint64_t cause, uint64_t from);
