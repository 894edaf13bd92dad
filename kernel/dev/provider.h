// SPDX-License-Identifier: MIT
/*
 * Devices that serve other devices: clocks, resets, GPIOs, DMA channels.
 *
 * The tree names them by phandle and arguments.  Each class keeps one list of
 * those whose drivers are there already, and finds them by node.
 */
#pragma once

#include <lib/fdt.h>
#include <lib/types.h>

/* Embedded in what a class registers; never taken away again. */
struct provider {
	int node;              /* [I] its place in the device tree */
	struct provider *next; /* [I] once it is in a list */
};

struct provider_list {
	struct provider *first; /* [a] newest first */
};

/* Announce; the class has filled in all that clients use.  Context: any. */
void provider_add(struct provider_list *list, struct provider *provider);

struct provider *provider_find(const struct provider_list *list, int node);

/*
 * Entry index of node's property property_name, whose cells cells_name counts:
 * who serves it, and with which arguments.  0, -ENOENT (no such entry), -EINVAL
 * (malformed) or -EPROBE_DEFER (its driver is not there yet).
 * Context: thread.
 */
int provider_resolve(const struct provider_list *list, int node,
		     const char *property_name, const char *cells_name,
		     int index, struct provider **provider,
		     struct dt_args *args);
