// SPDX-License-Identifier: MIT
/*
 * The index of a device tree.  Nodes stand in the order of the tree, which is
 * that of their offsets, so that a node is found by bisection.
 */
#include <lib/fdt_index.h>

#include <lib/fdt.h>

#define MAX_NODES 256
#define MAX_DEPTH 16

struct index_entry {
	int node;
	int parent; /* -FDT_ERR_NOTFOUND for the root */
	uint32_t phandle;
};

static struct index_entry entries[MAX_NODES];
static int nr_entries;
static const void *indexed; /* the tree, or NULL: no index */

void dt_index_drop(void)
{
	indexed = NULL;
}

void dt_index_build(const void *fdt)
{
	int parents[MAX_DEPTH];
	int depth = 0;
	int node;

	indexed = NULL;
	nr_entries = 0;
	for (node = 0; node >= 0; node = fdt_next_node(fdt, node, &depth)) {
		if (depth < 0)
			break;
		if (nr_entries == MAX_NODES || depth == MAX_DEPTH)
			return;
		parents[depth] = node;
		entries[nr_entries++] = (struct index_entry){
			.node = node,
			.parent = depth ? parents[depth - 1] :
					  -FDT_ERR_NOTFOUND,
			.phandle = fdt_get_phandle(fdt, node),
		};
	}
	indexed = fdt;
}

static const struct index_entry *find_node(int node)
{
	int low = 0;
	int high = nr_entries;

	while (low < high) {
		int middle = low + (high - low) / 2;

		if (entries[middle].node == node)
			return &entries[middle];
		if (entries[middle].node < node)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

int dt_parent(const void *fdt, int node)
{
	const struct index_entry *entry;

	if (fdt != indexed)
		return fdt_parent_offset(fdt, node);
	entry = find_node(node);
	return entry ? entry->parent : -FDT_ERR_BADOFFSET;
}

int dt_node_by_phandle(const void *fdt, unsigned phandle)
{
	int i;

	if (fdt != indexed)
		return fdt_node_offset_by_phandle(fdt, phandle);
	if (!phandle || phandle == ~0u)
		return -FDT_ERR_BADPHANDLE;
	for (i = 0; i < nr_entries; i++) {
		if (entries[i].phandle == phandle)
			return entries[i].node;
	}
	return -FDT_ERR_NOTFOUND;
}
