// SPDX-License-Identifier: MIT
/*
 * Device tree helpers: properties and registers.
 *
 * Devicetree Specification 0.4, chapter 2.  Works on the caller's tree and has
 * no data of its own.  The tree is only trusted as far as dt_check_tree()
 * goes, which is its structure: what a property holds is checked here.
 */
#include <lib/fdt.h>

#include <string.h>

/* More levels of buses than any machine has; bounds a tree made in malice. */
#define MAX_BUS_DEPTH 16

bool dt_cell(const fdt32_t *prop, int len, int nth, uint32_t *value)
{
	if (nth < 0 || nth >= len / (int)sizeof(*prop))
		return false;
	*value = fdt32_to_cpu(prop[nth]);
	return true;
}

uint64_t dt_cells_value(const fdt32_t *cells, int nr_cells)
{
	uint64_t value = 0;
	int i;

	for (i = 0; i < nr_cells; i++)
		value = value << 32 | fdt32_to_cpu(cells[i]);
	return value;
}

int dt_get_u32(const void *fdt, int node, const char *name, uint32_t *value)
{
	int len;
	const fdt32_t *prop = dt_getprop(fdt, node, name, &len);

	if (!prop)
		return len;
	if (len != sizeof(*prop))
		return -FDT_ERR_BADVALUE;
	*value = fdt32_to_cpu(*prop);
	return 0;
}

static int cell_count(const void *fdt, int node, const char *name, int absent)
{
	uint32_t count = 0;
	int ret = dt_get_u32(fdt, node, name, &count);

	if (ret)
		return ret == -FDT_ERR_NOTFOUND ? absent : ret;
	return count <= FDT_MAX_NCELLS ? (int)count : -FDT_ERR_BADNCELLS;
}

int dt_address_cells(const void *fdt, int node)
{
	return cell_count(fdt, node, "#address-cells", 2);
}

int dt_size_cells(const void *fdt, int node)
{
	return cell_count(fdt, node, "#size-cells", 1);
}

int dt_get_number(const void *fdt, int node, const char *name, uint64_t *value)
{
	int len;
	const fdt32_t *prop = dt_getprop(fdt, node, name, &len);

	if (!prop)
		return len;
	if (len != 4 && len != 8)
		return -FDT_ERR_BADVALUE;
	*value = dt_cells_value(prop, len / 4);
	return 0;
}

const char *dt_get_string(const void *fdt, int node, const char *name)
{
	int len;
	const char *prop = dt_getprop(fdt, node, name, &len);

	if (!prop || len <= 0 || prop[len - 1] != '\0')
		return NULL;
	return prop;
}

bool dt_node_is_available(const void *fdt, int node)
{
	int len;
	const char *status = dt_getprop(fdt, node, "status", &len);

	if (!status)
		return true;
	return (len == 5 && !memcmp(status, "okay", 5)) ||
	       (len == 3 && !memcmp(status, "ok", 3));
}

/*
 * Find in the ranges of bus the entry that holds *address, an address of its
 * children, and turn it into one of its parent, which has parent_ac cells.
 */
static int translate_by_ranges(const void *fdt, int bus, int parent_ac,
			       uint64_t *address, uint64_t size)
{
	int child_ac = dt_address_cells(fdt, bus);
	int child_sc = dt_size_cells(fdt, bus);
	int len, entry, i;
	const fdt32_t *ranges = dt_getprop(fdt, bus, "ranges", &len);

	if (!ranges)
		return len;
	if (len == 0)
		return 0; /* same addresses on both sides */
	if (child_ac < 0 || child_sc < 0)
		return -FDT_ERR_BADNCELLS;

	entry = child_ac + parent_ac + child_sc;
	for (i = 0; entry && i + entry <= len / 4; i += entry) {
		const fdt32_t *cells = ranges + i;
		uint64_t child = dt_cells_value(cells, child_ac);
		uint64_t parent = dt_cells_value(cells + child_ac, parent_ac);
		uint64_t span =
			dt_cells_value(cells + child_ac + parent_ac, child_sc);

		if (*address < child || *address - child >= span)
			continue;
		if (size > span - (*address - child))
			return -FDT_ERR_BADVALUE;
		*address = parent + (*address - child);
		return 0;
	}
	return -FDT_ERR_NOTFOUND;
}

int dt_get_reg(const void *fdt, int node, int nth, struct dt_range *reg)
{
	int bus = dt_parent(fdt, node);
	int ac, sc, len, ret, depth;
	const fdt32_t *prop;

	if (bus < 0)
		return bus;
	ac = dt_address_cells(fdt, bus);
	sc = dt_size_cells(fdt, bus);
	if (ac < 0 || sc < 0)
		return -FDT_ERR_BADNCELLS;

	prop = dt_getprop(fdt, node, "reg", &len);
	if (!prop)
		return len;
	if (nth < 0 || ac + sc == 0 || nth >= len / 4 / (ac + sc))
		return -FDT_ERR_NOTFOUND;
	prop += nth * (ac + sc);
	reg->start = dt_cells_value(prop, ac);
	reg->size = dt_cells_value(prop + ac, sc);

	for (depth = 0; bus > 0; depth++) {
		int parent = dt_parent(fdt, bus);
		int parent_ac = dt_address_cells(fdt, parent);

		if (depth == MAX_BUS_DEPTH || parent < 0 || parent_ac < 0)
			return -FDT_ERR_BADSTRUCTURE;
		ret = translate_by_ranges(fdt, bus, parent_ac, &reg->start,
					  reg->size);
		if (ret)
			return ret;
		bus = parent;
	}
	return 0;
}

int dt_get_reg_named(const void *fdt, int node, const char *name,
		     struct dt_range *reg)
{
	int nth = fdt_stringlist_search(fdt, node, "reg-names", name);

	if (nth < 0)
		return nth;
	return dt_get_reg(fdt, node, nth, reg);
}

int dt_get_phandle_node(const void *fdt, int node, const char *name, int nth)
{
	int len;
	const fdt32_t *prop = dt_getprop(fdt, node, name, &len);
	uint32_t phandle;

	if (!prop)
		return len;
	if (!dt_cell(prop, len, nth, &phandle))
		return -FDT_ERR_NOTFOUND;
	return dt_node_by_phandle(fdt, phandle);
}
