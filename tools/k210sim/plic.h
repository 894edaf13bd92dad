// SPDX-License-Identifier: MIT
/* PLIC: 65 sources, a context for each hart's M and S; k210.md section 3.2. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "map.h"

struct machine;

#define PLIC_SOURCES  66 /* source 0 does not exist */
#define PLIC_WORDS    3
#define PLIC_CONTEXTS 4

struct plic {
	uint8_t priority[PLIC_SOURCES];
	bool level[PLIC_SOURCES];  /* what the device drives */
	bool active[PLIC_SOURCES]; /* claimed and not yet completed */
	uint32_t pending[PLIC_WORDS];
	uint32_t enable[PLIC_CONTEXTS][PLIC_WORDS];
	uint8_t threshold[PLIC_CONTEXTS];
};

extern const struct device_ops plic_ops;

/* A device drives its interrupt line. */
void plic_set_level(struct machine *machine, unsigned int source, bool level);
