// SPDX-License-Identifier: MIT
/* The load: how many threads wanted a hart, averaged over 1, 5 and 15 minutes. */
#pragma once

#include <lib/types.h>

#define LOAD_SHIFT 11 /* bits of fraction */

/* The three averages, fixed point.  Context: any. */
void loadavg_get(uint32_t loads[3]);

/* Begin to sample.  Context: boot, needs timers. */
void loadavg_init(void);
