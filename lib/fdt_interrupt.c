// SPDX-License-Identifier: MIT
/*
 * Device tree helpers: whose interrupt is it, and which.
 *
 * Devicetree Specification 0.4, section 2.4.  interrupt-map is left out: only
 * PCI needs it, and we have none.
 */
#include <lib/fdt.h>

#include <string.h>

/* The controller of node's plain interrupts: its own parent or an ancestor's. */
static int find_interrupt_parent(const void *fdt, int node)
{
	while (node >= 0) {
		int len;

		if (dt_getprop(fdt, node, "interrupt-parent", &len))
			return dt_get_phandle_node(fdt, node,
						   "interrupt-parent", 0);
		node = dt_parent(fdt, node);
	}
	return node;
}

/* Take the specifier at prop for controller; len is what is left in bytes. */
static int take_specifier(const void *fdt, int controller, const fdt32_t *prop,
			  int len, struct dt_interrupt *irq)
{
	uint32_t nr_cells;
	int ret = dt_get_u32(fdt, controller, "#interrupt-cells", &nr_cells);
	uint32_t i;

	if (ret)
		return ret;
	if (nr_cells == 0 || nr_cells > DT_MAX_INTERRUPT_CELLS)
		return -FDT_ERR_BADNCELLS;
	if ((int)nr_cells > len / 4)
		return -FDT_ERR_NOTFOUND;

	irq->controller = controller;
	irq->nr_cells = nr_cells;
	for (i = 0; i < nr_cells; i++)
		irq->cells[i] = fdt32_to_cpu(prop[i]);
	return 0;
}

static int get_plain(const void *fdt, int node, int nth,
		     struct dt_interrupt *irq)
{
	int len, controller, i, ret;
	const fdt32_t *prop = dt_getprop(fdt, node, "interrupts", &len);

	if (!prop)
		return len;
	controller = find_interrupt_parent(fdt, node);
	if (controller < 0)
		return controller;

	for (i = 0; i <= nth; i++) {
		ret = take_specifier(fdt, controller, prop, len, irq);
		if (ret)
			return ret;
		prop += irq->nr_cells;
		len -= irq->nr_cells * 4;
	}
	return 0;
}

int dt_next_extended(const void *fdt, int node, int *cursor,
		     struct dt_interrupt *irq)
{
	int len, controller, ret;
	const fdt32_t *prop =
		dt_getprop(fdt, node, "interrupts-extended", &len);

	if (!prop)
		return len;
	if (*cursor < 0 || *cursor >= len / 4)
		return -FDT_ERR_NOTFOUND;
	prop += *cursor;
	len -= *cursor * 4;

	controller = dt_node_by_phandle(fdt, fdt32_to_cpu(*prop));
	if (controller < 0)
		return controller;
	ret = take_specifier(fdt, controller, prop + 1, len - 4, irq);
	if (!ret)
		*cursor += 1 + irq->nr_cells;
	return ret;
}

static int get_extended(const void *fdt, int node, int nth,
			struct dt_interrupt *irq)
{
	int cursor = 0;
	int ret;
	int i;

	for (i = 0; i <= nth; i++) {
		ret = dt_next_extended(fdt, node, &cursor, irq);
		if (ret)
			return ret;
	}
	return 0;
}

int dt_get_interrupt(const void *fdt, int node, int nth,
		     struct dt_interrupt *irq)
{
	int len;

	if (nth < 0)
		return -FDT_ERR_NOTFOUND;
	if (dt_getprop(fdt, node, "interrupts-extended", &len))
		return get_extended(fdt, node, nth, irq);
	return get_plain(fdt, node, nth, irq);
}
