// SPDX-License-Identifier: MIT
/*
 * Clocks; see clock.h.  Boot hart only.
 */
#include "clock.h"

#include <lib/fdt.h>

static int provider_node = -1;
static uint64_t (*provider_get_rate)(uint32_t id);

void clock_register(int provider, uint64_t (*get_rate)(uint32_t id))
{
	provider_node = provider;
	provider_get_rate = get_rate;
}

uint64_t clock_get_rate(const void *fdt, int node)
{
	int provider = dt_get_phandle_node(fdt, node, "clocks", 0), len;
	const fdt32_t *clocks = dt_getprop(fdt, node, "clocks", &len);
	uint64_t hz = 0;
	uint32_t id;

	if (provider < 0)
		return 0;
	if (provider == provider_node)
		return dt_cell(clocks, len, 1, &id) ? provider_get_rate(id) : 0;
	if (!fdt_node_check_compatible(fdt, provider, "fixed-clock"))
		dt_get_number(fdt, provider, "clock-frequency", &hz);
	return hz;
}
