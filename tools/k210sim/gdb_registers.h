// SPDX-License-Identifier: MIT
/*
 * The registers of a hart by gdb's numbers: 0 to 31 x, 32 pc, 33 to 64 f, 65
 * and up the CSRs, last the privilege.  GDB manual, appendix G.5.10.
 */
#pragma once

#include "hart.h"

#define GDB_REGS_SHORT 33 /* what the packets g and G hold: x and pc */

/* The description of the target that gdb reads, XML. */
const char *gdb_target_xml(void);

/* False: there is no such register, or it cannot be written. */
bool gdb_read_register(struct hart *hart, unsigned int number, uint64_t *value);
bool gdb_write_register(struct hart *hart, unsigned int number, uint64_t value);
