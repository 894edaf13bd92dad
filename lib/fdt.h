/* SPDX-License-Identifier: MIT */
/*
 * What firmware and kernel both ask of a device tree, on top of libfdt.
 *
 * Ours begin with dt_, libfdt's with fdt_.  Follows the Devicetree
 * Specification 0.4 and, for interrupts and harts, the Linux bindings.  All
 * functions only read the tree, take no locks and may be called from anywhere
 * once dt_check_tree() has accepted the tree.
 * Malformed properties are errors, never faults: every length is checked.
 *
 * Errors are libfdt's negative FDT_ERR_* numbers: -FDT_ERR_NOTFOUND for what
 * is absent, -FDT_ERR_BADVALUE for a property that makes no sense.
 */
#pragma once

#include <libfdt.h>

#include <lib/types.h>

struct dt_range {
	uint64_t start;
	uint64_t size;
};

/*
 * Is there a whole and well-formed tree at fdt that is at most max_size bytes?
 * Walks all of it once.  Returns 0 or an error of libfdt.
 */
int dt_check_tree(const void *fdt, size_t max_size);

/*
 * Walks over a checked tree, many times as fast as libfdt's.  They take and
 * return node offsets as libfdt does.
 *
 * dt_next_node() goes in the order of the tree; *depth is the depth of node
 * and becomes that of the next.  -FDT_ERR_NOTFOUND: that was all of the tree,
 * or *depth has become negative.
 */
int dt_next_node(const void *fdt, int node, int *depth);
/* The first node right below, or -FDT_ERR_NOTFOUND. */
int dt_first_child(const void *fdt, int node);
/* The next node with the same parent, or -FDT_ERR_NOTFOUND. */
int dt_next_sibling(const void *fdt, int node);
/* The node right above, found from the root; -FDT_ERR_NOTFOUND for the root. */
int dt_parent(const void *fdt, int node);

/* The property's value; *len is its length, or -FDT_ERR_* with NULL. */
const void *dt_getprop(const void *fdt, int node, const char *name, int *len);

/*
 * The node with that phandle; -FDT_ERR_NOTFOUND, -FDT_ERR_BADPHANDLE (0, ~0).
 */
int dt_node_by_phandle(const void *fdt, uint32_t phandle);
/*
 * The node at that path of len bytes, which need not end in NUL; components
 * may leave unit addresses out.  -FDT_ERR_NOTFOUND, -FDT_ERR_BADPATH (not
 * absolute).
 */
int dt_find_path(const void *fdt, const char *path, size_t len);

/* The nth cell of a property of len bytes; false if it is shorter. */
bool dt_cell(const fdt32_t *prop, int len, int nth, uint32_t *value);

/* A number of 1 or 2 cells; cells beyond 2 are dropped at the upper end. */
uint64_t dt_cells_value(const fdt32_t *cells, int nr_cells);

/* The property as one cell (u32), or -FDT_ERR_*. */
int dt_get_u32(const void *fdt, int node, const char *name, uint32_t *value);

/* The property as a number of one or two cells, or -FDT_ERR_*. */
int dt_get_number(const void *fdt, int node, const char *name, uint64_t *value);

/*
 * #address-cells of the node, for the reg of its children, as
 * fdt_address_cells() gives it; 2 where it is absent.
 * -FDT_ERR_BADNCELLS (more than FDT_MAX_NCELLS), -FDT_ERR_BADVALUE.
 */
int dt_address_cells(const void *fdt, int node);
/* #size-cells of the node; 1 where it is absent.  Errors as above. */
int dt_size_cells(const void *fdt, int node);

/* The property as a string that is known to end in NUL, or NULL. */
const char *dt_get_string(const void *fdt, int node, const char *name);

/* Is the node's status "okay", "ok" or absent? */
bool dt_node_is_available(const void *fdt, int node);

/*
 * The nth pair of the node's reg as CPU addresses: with the cell counts of its
 * parent, carried through the ranges of every bus above.
 */
int dt_get_reg(const void *fdt, int node, int nth, struct dt_range *reg);

/* As dt_get_reg(), for the entry that reg-names calls name. */
int dt_get_reg_named(const void *fdt, int node, const char *name,
		     struct dt_range *reg);

/* The node that the nth phandle in a list without arguments points to. */
int dt_get_phandle_node(const void *fdt, int node, const char *name, int nth);

/* Most cells that may follow a phandle in a list. */
#define DT_MAX_ARGS 4

struct dt_args {
	int node; /* offset of whom the phandle means */
	int nr_cells;
	uint32_t cells[DT_MAX_ARGS];
};

/*
 * The nth entry of a list like clocks or cs-gpios: a phandle, and as many cells
 * as the property cells_name ("#clock-cells") of its node says.
 * -FDT_ERR_NOTFOUND also where that place is empty (phandle 0).
 */
int dt_get_args(const void *fdt, int node, const char *list,
		const char *cells_name, int nth, struct dt_args *args);

/* Most cells that an interrupt specifier may have. */
#define DT_MAX_INTERRUPT_CELLS 4

struct dt_interrupt {
	int controller; /* node offset */
	int nr_cells;
	uint32_t cells[DT_MAX_INTERRUPT_CELLS];
};

/*
 * The nth interrupt of a node: interrupts-extended if there is one, else
 * interrupts with the interrupt-parent of the node or of one above it.
 * interrupt-map of nexus nodes is not followed.
 */
int dt_get_interrupt(const void *fdt, int node, int nth,
		     struct dt_interrupt *irq);

/*
 * Step through interrupts-extended: *cursor starts as 0.  0, or
 * -FDT_ERR_NOTFOUND behind the last.
 */
int dt_next_extended(const void *fdt, int node, int *cursor,
		     struct dt_interrupt *irq);

/*
 * Where an iterator over memory stands: begin with { 0 } and call until it
 * returns false.
 */
struct dt_cursor {
	int node;  /* node we are in, or 0 */
	int index; /* next entry there */
};

/*
 * The next range of the available nodes with device_type "memory"; empty ones
 * are left out.
 */
bool dt_next_memory(const void *fdt, struct dt_cursor *cursor,
		    struct dt_range *range);
/*
 * The next range of the tree's reservation block, and after those of the
 * available nodes of /reserved-memory that have a reg.
 */
bool dt_next_reservation(const void *fdt, struct dt_cursor *cursor,
			 struct dt_range *range);

/*
 * The node that /chosen/stdout-path means: an alias or a path, with options
 * after a colon.  *options is what follows it ("115200n8"), or NULL.
 */
int dt_get_stdout(const void *fdt, const char **options);

/*
 * The harts: available or not, every /cpus/cpu@* node with a reg.  *node
 * starts as -1.  Returns false after the last.
 */
bool dt_next_hart(const void *fdt, int *node, uint64_t *hart_id);

/* The node of the hart with that id, or -FDT_ERR_NOTFOUND. */
int dt_find_hart(const void *fdt, uint64_t hart_id);

/*
 * Does the hart of this /cpus/cpu@* node have the extension?  name is in lower
 * case: "h", "sstc", "svpbmt".  Reads riscv,isa-extensions where it is there,
 * else the string riscv,isa; in the latter "g" counts as imafd_zicsr_zifencei.
 */
bool dt_hart_has_extension(const void *fdt, int node, const char *name);
