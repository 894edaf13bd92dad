// SPDX-License-Identifier: MIT
/*
 * gdb's remote protocol: `target remote :PORT` in gdb.
 *
 * Each hart is a thread, 1 and 2.  Memory is read and written by the virtual
 * addresses of the chosen hart.  Breakpoints and watchpoints are debug.h's.
 */
#pragma once

#include "machine.h"

/*
 * Wait for gdb on a port, then let it run the machine until that stops, or is
 * killed (STATUS_QUIT).  After gdb detached, the machine runs on alone.
 */
enum status gdb_run(struct machine *machine, uint16_t port);
