// SPDX-License-Identifier: MIT
/*
 * Matching nodes of the device tree with drivers.  Boot hart only.
 */
#include "device.h"

#include <string.h>

#include <lib/fdt.h>

#include "console.h"
#include "tree.h"

static const struct fw_driver *const console_drivers[] = {
	&ns16550_fw_driver,
	&sifive_uart_fw_driver,
	&htif_console_fw_driver,
};

static const struct fw_driver *const clock_drivers[] = {
	&k210_sysctl_fw_driver,
};

static const struct fw_driver *const early_drivers[] = {
	&sifive_test_fw_driver,  &syscon_reset_fw_driver,
	&gpio_restart_fw_driver, &htif_reset_fw_driver,
	&k210_sram_fw_driver,    &k210_plic_fw_driver,
};

static const struct fw_driver *const hart_drivers[] = {
	&clint_fw_driver,
	&aclint_mswi_fw_driver,
	&aclint_mtimer_fw_driver,
};

struct device_guard device_guards[MAX_GUARDED_DEVICES];
unsigned int nr_device_guards;

void device_guard_add(uint64_t start, uint64_t size)
{
	if (nr_device_guards < MAX_GUARDED_DEVICES && size)
		device_guards[nr_device_guards++] =
			(struct device_guard){ .start = start, .size = size };
}

static const struct fw_match *match_find(const struct fw_match *match,
					 const char *compatible)
{
	for (; match->compatible; match++) {
		if (!strcmp(match->compatible, compatible))
			return match;
	}
	return NULL;
}

/* Offer the node to the drivers, its most special compatible string first. */
static bool node_probe(const void *fdt, int node,
		       const struct fw_driver *const *drivers, size_t count)
{
	int len, left;
	const char *name = dt_getprop(fdt, node, "compatible", &len);
	const struct fw_match *match;
	size_t i, size;

	if (!name || !dt_node_is_available(fdt, node))
		return false;
	for (left = len; left > 0; left -= size, name += size) {
		size = strnlen(name, left) + 1;
		if (size > (size_t)left)
			return false; /* not a string: no NUL */
		for (i = 0; i < count; i++) {
			match = match_find(drivers[i]->match, name);
			if (match &&
			    drivers[i]->probe(fdt, node, match->data) >= 0)
				return true;
		}
	}
	return false;
}

static void probe_all(const void *fdt, const struct fw_driver *const *drivers,
		      size_t count)
{
	int node, depth = 0;

	for (node = 0; node >= 0; node = dt_next_node(fdt, node, &depth))
		node_probe(fdt, node, drivers, count);
}

static void find_console(const void *fdt)
{
	const char *options;
	int node = dt_get_stdout(fdt, &options), depth = 0;

	if (node >= 0 &&
	    node_probe(fdt, node, console_drivers, ARRAY_SIZE(console_drivers)))
		return;
	for (node = 0; node >= 0; node = dt_next_node(fdt, node, &depth)) {
		if (node_probe(fdt, node, console_drivers,
			       ARRAY_SIZE(console_drivers)))
			return;
	}
}

void device_init_early(const void *fdt)
{
	if (tree_is_embedded(fdt))
		probe_all(fdt, clock_drivers, ARRAY_SIZE(clock_drivers));
	find_console(fdt);
	probe_all(fdt, early_drivers, ARRAY_SIZE(early_drivers));
}

void device_init_harts(const void *fdt)
{
	probe_all(fdt, hart_drivers, ARRAY_SIZE(hart_drivers));
}
