// SPDX-License-Identifier: MIT
/* What check can do; see check.c. */
#pragma once

#include "host/host.h"

void run_random(struct host_disk *disk, unsigned count, bool faults,
		bool crash);
void run_walk(struct host_disk *disk, unsigned count);
void run_names(struct host_disk *disk, unsigned count);
