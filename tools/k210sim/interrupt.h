// SPDX-License-Identifier: MIT
/*
 * Signals that end a run as Ctrl-A X does, so that what is written at the end
 * is written, and the terminal is as it was: SIGINT, SIGTERM, SIGHUP.
 */
#pragma once

#include <stdbool.h>

/* From now on the first of them is noted; a second one kills as ever. */
void interrupt_catch(void);

/* One has come. */
bool interrupt_came(void);
