/* SPDX-License-Identifier: MIT */
/*
 * Rates of clocks, as far as the firmware's own devices need them.
 */
#pragma once

#include <lib/types.h>

/*
 * Let get_rate(id) answer in Hz for the clocks of that provider (a node
 * offset); 0 means that it does not run.  Context: boot hart; one provider.
 */
void clock_register(int provider, uint64_t (*get_rate)(uint32_t id));

/*
 * The rate in Hz of the first clock that the node names: of a registered
 * provider or a fixed-clock.  0: it names none, or none that we know.
 */
uint64_t clock_get_rate(const void *fdt, int node);
