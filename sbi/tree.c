// SPDX-License-Identifier: MIT
/*
 * The device tree; see tree.h.  Boot hart only.
 */
#include "tree.h"

#include <stdio.h>
#include <string.h>

#include <lib/csr.h>
#include <lib/fdt.h>

#include "access.h"
#include "memory.h"
#include "timer.h"

#define MAX_TREE_SIZE  0x200000 /* refuse to walk more, whatever it says */
#define ROOM_TO_GROW   4096
#define PLACE_STEP     0x10000 /* between places that are tried */
#define TREE_ALIGNMENT 4096

/* Between these: the embedded trees one after another, 8-byte aligned. */
extern const char embedded_trees_start[];
extern const char embedded_trees_end[];

/* Can it be read at all, and does it begin as a tree does? */
static bool tree_is_readable(const void *fdt)
{
	struct access_result magic;

	if (!fdt || !IS_ALIGNED((uintptr_t)fdt, 8))
		return false;
	magic = access_load((uintptr_t)fdt, sizeof(uint64_t));
	return !magic.fault && fdt_magic(fdt) == FDT_MAGIC;
}

static bool tree_is_last_resort(const void *fdt)
{
	int len;

	return dt_getprop(fdt, 0, "keel,last-resort", &len);
}

/*
 * Does an embedded tree fit our id registers?  "keel,machine" names mvendorid,
 * marchid and mimpid.  A tree of last resort is for QEMU, whose CPU models have
 * no vendor and the emulator's version in both of the others.
 */
static bool tree_fits_machine(const void *fdt)
{
	uint64_t ids[3] = { csr_read(CSR_MVENDORID), csr_read(CSR_MARCHID),
			    csr_read(CSR_MIMPID) };
	int len, i;
	const fdt32_t *want = dt_getprop(fdt, 0, "keel,machine", &len);

	if (tree_is_last_resort(fdt))
		return !ids[0] && ids[1] && ids[1] == ids[2];
	if (!want || len != sizeof(ids))
		return false;
	for (i = 0; i < 3; i++) {
		if (dt_cells_value(want + 2 * i, 2) != ids[i])
			return false;
	}
	return true;
}

/* The embedded tree that is, or is not, of last resort and fits. */
static const void *find_embedded(bool last_resort)
{
	const char *fdt = embedded_trees_start;

	while (fdt < embedded_trees_end) {
		if (tree_is_last_resort(fdt) == last_resort &&
		    tree_fits_machine(fdt))
			return fdt;
		fdt += ALIGN_UP(fdt_totalsize(fdt), 8);
	}
	return NULL;
}

const void *tree_find_last_resort(void)
{
	return find_embedded(true);
}

/*
 * A machine that has a tree among ours is one whose boot ROM leaves garbage in
 * the registers: to read through it might well hang the bus.
 */
const void *tree_find(const void *fdt)
{
	const void *embedded = find_embedded(false);

	if (embedded)
		return embedded;
	if (tree_is_readable(fdt) && !dt_check_tree(fdt, MAX_TREE_SIZE))
		return fdt;
	return NULL;
}

bool tree_is_embedded(const void *fdt)
{
	const char *tree = fdt;

	return tree >= embedded_trees_start && tree < embedded_trees_end;
}

static bool ranges_overlap(uint64_t start, uint64_t size,
			   const struct dt_range *other)
{
	return start < other->start + other->size &&
	       other->start < start + size;
}

static bool get_initrd(const void *fdt, struct dt_range *initrd)
{
	int chosen = dt_find_path(fdt, "/chosen", 7);
	uint64_t end;

	if (chosen < 0 ||
	    dt_get_number(fdt, chosen, "linux,initrd-start", &initrd->start) ||
	    dt_get_number(fdt, chosen, "linux,initrd-end", &end) ||
	    end <= initrd->start)
		return false;
	initrd->size = end - initrd->start;
	return true;
}

/* Is there memory that nobody else counts on? */
static bool place_is_free(const void *fdt, uint64_t start, uint64_t size,
			  const struct dt_range *image)
{
	struct dt_cursor cursor = { 0 };
	struct dt_range other;

	if (!memory_is_shareable(start, size) ||
	    ranges_overlap(start, size, image))
		return false;
	if (get_initrd(fdt, &other) && ranges_overlap(start, size, &other))
		return false;
	while (dt_next_reservation(fdt, &cursor, &other)) {
		if (ranges_overlap(start, size, &other))
			return false;
	}
	return true;
}

/*
 * Where the tree can have size bytes: where it is, or below the end of the
 * memory that firmware lies in, from the top down.  0: nowhere.
 */
static uint64_t find_place(const void *fdt, uint64_t size,
			   const struct dt_range *image)
{
	uint64_t start = (uintptr_t)fdt;
	struct dt_range range;

	if (place_is_free(fdt, start, size, image))
		return start;
	if (!memory_find(memory_firmware.start, &range) || range.size < size)
		return 0;
	start = ALIGN_DOWN(range.start + range.size - size, TREE_ALIGNMENT);
	for (; start > range.start && start - range.start > PLACE_STEP;
	     start -= PLACE_STEP) {
		if (place_is_free(fdt, start, size, image))
			return start;
	}
	return 0;
}

/* The node /reserved-memory, made if there is none. */
static int reserved_memory_node(void *fdt)
{
	int node = dt_find_path(fdt, "/reserved-memory", 16);
	int ac = dt_address_cells(fdt, 0), sc = dt_size_cells(fdt, 0);

	if (node != -FDT_ERR_NOTFOUND)
		return node;
	node = fdt_add_subnode(fdt, 0, "reserved-memory");
	if (node < 0)
		return node;
	if (fdt_setprop_u32(fdt, node, "#address-cells", ac) ||
	    fdt_setprop_u32(fdt, node, "#size-cells", sc) ||
	    fdt_setprop_empty(fdt, node, "ranges"))
		return -FDT_ERR_NOSPACE;
	return node;
}

/* "Hands off": no-map, since even reading it would fault. */
static int reserve_firmware(void *fdt)
{
	char name[32];
	int parent = reserved_memory_node(fdt), node, ret;

	if (parent < 0)
		return parent;
	snprintf(name, sizeof(name), "firmware@%lx", memory_firmware.start);
	node = fdt_add_subnode(fdt, parent, name);
	if (node < 0)
		return node;
	ret = fdt_appendprop_addrrange(fdt, parent, node, "reg",
				       memory_firmware.start,
				       memory_firmware.size);
	if (!ret)
		ret = fdt_setprop_empty(fdt, node, "no-map");
	return ret;
}

void *tree_prepare(const void *fdt, const struct dt_range *image)
{
	uint64_t size = ALIGN_UP(fdt_totalsize(fdt) + ROOM_TO_GROW, 8);
	void *new = (void *)find_place(fdt, size, image);

	if (!new || fdt_open_into(fdt, new, size) || reserve_firmware(new) ||
	    timer_fix_tree(new))
		return NULL;
	return new;
}
