// SPDX-License-Identifier: MIT
/*
 * An index of a device tree: parents and phandles without walking it.
 *
 * libfdt finds a node's parent or a phandle's node by walking the tree from
 * its start.  Whoever asks often builds the index once; the questions below are
 * answered without it too, only slower.
 */
#pragma once

/*
 * Index the tree at fdt, which must not change while the index is used.
 * Replaces an earlier index; a tree with more nodes than fit gets none.
 * Context: boot, one hart.
 */
void dt_index_build(const void *fdt);

/* Forget it, before the tree changes.  Context: boot, one hart. */
void dt_index_drop(void);

/* As fdt_parent_offset() and fdt_node_offset_by_phandle(). */
int dt_parent(const void *fdt, int node);
int dt_node_by_phandle(const void *fdt, unsigned phandle);
