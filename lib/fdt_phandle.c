// SPDX-License-Identifier: MIT
/*
 * Device tree helpers: lists of phandles with arguments, as clocks, resets,
 * GPIOs and DMA channels are named.
 *
 * Devicetree Specification 0.4, section 2.3.3 and the common bindings: each
 * entry is a phandle and as many cells as the node it points to says.
 */
#include <lib/fdt.h>

/* The number of cells of the entry at *pos, and whom it points to. */
static int take_entry(const void *fdt, const fdt32_t *prop, int len, int pos,
		      const char *cells_name, struct dt_args *args)
{
	uint32_t phandle, nr_cells;
	int ret;

	if (!dt_cell(prop, len, pos, &phandle))
		return -FDT_ERR_NOTFOUND;
	args->nr_cells = 0;
	args->node = -1;
	if (!phandle)
		return 0; /* an empty place */
	args->node = dt_node_by_phandle(fdt, phandle);
	if (args->node < 0)
		return -FDT_ERR_BADVALUE;
	ret = dt_get_u32(fdt, args->node, cells_name, &nr_cells);
	if (ret)
		return -FDT_ERR_BADVALUE;
	if (nr_cells > DT_MAX_ARGS)
		return -FDT_ERR_BADNCELLS;
	args->nr_cells = (int)nr_cells;
	for (int i = 0; i < args->nr_cells; i++) {
		if (!dt_cell(prop, len, pos + 1 + i, &args->cells[i]))
			return -FDT_ERR_BADVALUE;
	}
	return 0;
}

int dt_get_args(const void *fdt, int node, const char *list,
		const char *cells_name, int nth, struct dt_args *args)
{
	int len, pos = 0, ret;
	const fdt32_t *prop = dt_getprop(fdt, node, list, &len);

	if (!prop)
		return len;
	for (;;) {
		ret = take_entry(fdt, prop, len, pos, cells_name, args);
		if (ret)
			return ret;
		if (!nth--)
			break;
		pos += 1 + args->nr_cells;
	}
	return args->node < 0 ? -FDT_ERR_NOTFOUND : 0;
}
