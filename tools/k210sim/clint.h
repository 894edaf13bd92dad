// SPDX-License-Identifier: MIT
/* CLINT: software interrupts and the timer; k210.md section 3.1. */
#pragma once

#include <stdint.h>

#include "event.h"
#include "map.h"

struct clint {
	uint32_t msip[2];
	uint64_t mtimecmp[2];
	uint64_t mtime;       /* as it was at the cycle that follows */
	uint64_t base_cycles; /* of ACLK */
	struct event reached; /* the next mtimecmp */
};

extern const struct device_ops clint_ops;
