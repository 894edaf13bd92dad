// SPDX-License-Identifier: MIT
/*
 * Device tree helpers: what they find in a good tree, and that a broken one is
 * refused or at least read without going outside of it.
 *
 * The tree is made here by hand, in the format of the Devicetree Specification,
 * chapter 5, so that the test needs no library.
 */
#include "unit.h"

#include <lib/fdt.h>

#define TREE_MAX 2048

static _Alignas(8) uint8_t tree[TREE_MAX];
static size_t used;
static char strings[512];
static size_t strings_used;

static void put_cell(uint32_t value)
{
	fdt32_t cell = cpu_to_fdt32(value);

	memcpy(tree + used, &cell, 4);
	used += 4;
}

static void put_bytes(const void *bytes, size_t len)
{
	memcpy(tree + used, bytes, len);
	used += len;
	while (used % 4)
		tree[used++] = 0;
}

static uint32_t string_offset(const char *name)
{
	size_t at;

	for (at = 0; at < strings_used; at += strlen(strings + at) + 1) {
		if (!strcmp(strings + at, name))
			return at;
	}
	strcpy(strings + at, name);
	strings_used += strlen(name) + 1;
	return at;
}

static void begin_node(const char *name)
{
	put_cell(FDT_BEGIN_NODE);
	put_bytes(name, strlen(name) + 1);
}

static void end_node(void)
{
	put_cell(FDT_END_NODE);
}

static void prop(const char *name, const void *value, size_t len)
{
	put_cell(FDT_PROP);
	put_cell(len);
	put_cell(string_offset(name));
	put_bytes(value, len);
}

static void prop_string(const char *name, const char *value)
{
	prop(name, value, strlen(value) + 1);
}

#define prop_cells(name, ...)                                                  \
	do {                                                                   \
		uint32_t cells_[] = { __VA_ARGS__ };                           \
		for (size_t i_ = 0; i_ < ARRAY_SIZE(cells_); i_++)             \
			cells_[i_] = cpu_to_fdt32(cells_[i_]);                 \
		prop(name, cells_, sizeof(cells_));                            \
	} while (0)

static void finish(uint32_t struct_start)
{
	struct fdt_header *header = (void *)tree;
	uint32_t struct_size;

	put_cell(FDT_END);
	struct_size = used - struct_start;
	header->magic = cpu_to_fdt32(FDT_MAGIC);
	header->off_mem_rsvmap = cpu_to_fdt32(40);
	header->off_dt_struct = cpu_to_fdt32(struct_start);
	header->size_dt_struct = cpu_to_fdt32(struct_size);
	header->off_dt_strings = cpu_to_fdt32(used);
	header->size_dt_strings = cpu_to_fdt32(strings_used);
	header->version = cpu_to_fdt32(17);
	header->last_comp_version = cpu_to_fdt32(16);
	put_bytes(strings, strings_used);
	header->totalsize = cpu_to_fdt32(used);
}

static const void *make_tree(void)
{
	memset(tree, 0, sizeof(tree));
	memset(strings, 0, sizeof(strings));
	strings_used = 0;
	used = 56; /* header and an empty list of reservations */

	begin_node("");
	prop_cells("#address-cells", 2);
	prop_cells("#size-cells", 2);
	begin_node("chosen");
	prop_string("stdout-path", "/soc/serial@1000:115200n8");
	end_node();
	begin_node("cpus");
	prop_cells("#address-cells", 1);
	prop_cells("#size-cells", 0);
	begin_node("cpu@5");
	prop_string("device_type", "cpu");
	prop_cells("reg", 5);
	prop_string("riscv,isa", "rv64imafdch_zicsr_sstc1p0");
	begin_node("interrupt-controller");
	prop_cells("phandle", 1);
	prop_cells("#interrupt-cells", 1);
	end_node();
	end_node();
	end_node();
	begin_node("memory@80000000");
	prop_string("device_type", "memory");
	prop_cells("reg", 0, 0x80000000, 1, 0, 0, 0, 0, 0);
	end_node();
	begin_node("soc");
	prop_cells("#address-cells", 1);
	prop_cells("#size-cells", 1);
	prop_cells("ranges", 0x1000, 0, 0x40001000, 0x1000);
	begin_node("serial@1000");
	prop_cells("reg", 0x1000, 0x100, 0x3000, 0x10);
	prop_string("status", "okay");
	prop_cells("interrupts-extended", 1, 9);
	prop_cells("resets", 1, 7, 0, 1, 8);
	prop_cells("clocks", 1, 3, 1);
	end_node();
	end_node();
	end_node();
	finish(56);
	return tree;
}

TEST(fdt_accepts_a_good_tree)
{
	make_tree();
	EXPECT_EQ(dt_check_tree(tree, sizeof(tree)), 0);
	EXPECT_EQ(dt_check_tree(tree, used), 0);
	EXPECT(dt_check_tree(tree, used - 1) < 0);
	EXPECT(dt_check_tree(NULL, used) < 0);
	EXPECT(dt_check_tree(tree + 4, used) < 0);
}

TEST(fdt_reg_goes_through_ranges)
{
	const void *fdt = make_tree();
	int serial = dt_find_path(fdt, "/soc/serial", 11);
	struct dt_range reg;

	EXPECT(serial > 0);
	EXPECT_EQ(dt_get_reg(fdt, serial, 0, &reg), 0);
	EXPECT_EQ(reg.start, 0x40001000);
	EXPECT_EQ(reg.size, 0x100);
	/* The second pair lies outside of the bus's window. */
	EXPECT(dt_get_reg(fdt, serial, 1, &reg) < 0);
	EXPECT(dt_get_reg(fdt, serial, 2, &reg) < 0);
}

TEST(fdt_finds_stdout_and_its_options)
{
	const void *fdt = make_tree();
	const char *options;

	EXPECT_EQ(dt_get_stdout(fdt, &options),
		  dt_find_path(fdt, "/soc/serial@1000", 16));
	EXPECT(!strcmp(options, "115200n8"));
}

TEST(fdt_finds_harts_and_extensions)
{
	const void *fdt = make_tree();
	int node = -1;
	uint64_t id = 0;

	EXPECT(dt_next_hart(fdt, &node, &id));
	EXPECT_EQ(id, 5);
	EXPECT_EQ(dt_find_hart(fdt, 5), node);
	EXPECT(dt_find_hart(fdt, 0) < 0);
	EXPECT(dt_hart_has_extension(fdt, node, "h"));
	EXPECT(dt_hart_has_extension(fdt, node, "sstc"));
	EXPECT(!dt_hart_has_extension(fdt, node, "v"));
	EXPECT(!dt_hart_has_extension(fdt, node, "sst"));
	EXPECT(!dt_next_hart(fdt, &node, &id));
}

TEST(fdt_memory_leaves_out_empty_ranges)
{
	const void *fdt = make_tree();
	struct dt_cursor cursor = { 0 };
	struct dt_range range;

	EXPECT(dt_next_memory(fdt, &cursor, &range));
	EXPECT_EQ(range.start, 0x80000000);
	EXPECT_EQ(range.size, 0x100000000);
	EXPECT(!dt_next_memory(fdt, &cursor, &range));
}

TEST(fdt_follows_interrupts_to_the_controller)
{
	const void *fdt = make_tree();
	struct dt_interrupt irq;
	int serial = dt_find_path(fdt, "/soc/serial@1000", 16);

	EXPECT_EQ(dt_get_interrupt(fdt, serial, 0, &irq), 0);
	EXPECT_EQ(irq.controller, dt_node_by_phandle(fdt, 1));
	EXPECT_EQ(irq.cells[0], 9);
	EXPECT(dt_get_interrupt(fdt, serial, 1, &irq) < 0);
	EXPECT_EQ(dt_parent(fdt, irq.controller), dt_find_hart(fdt, 5));
}

TEST(fdt_lists_give_phandles_with_their_arguments)
{
	const void *fdt = make_tree();
	int serial = dt_find_path(fdt, "/soc/serial@1000", 16);
	struct dt_args args;

	EXPECT_EQ(dt_get_args(fdt, serial, "resets", "#interrupt-cells", 0,
			      &args),
		  0);
	EXPECT_EQ(args.node, dt_node_by_phandle(fdt, 1));
	EXPECT_EQ(args.nr_cells, 1);
	EXPECT_EQ(args.cells[0], 7);
	/* The second place is empty, and there is no fourth. */
	EXPECT_EQ(dt_get_args(fdt, serial, "resets", "#interrupt-cells", 1,
			      &args),
		  -FDT_ERR_NOTFOUND);
	EXPECT_EQ(dt_get_args(fdt, serial, "resets", "#interrupt-cells", 2,
			      &args),
		  0);
	EXPECT_EQ(args.cells[0], 8);
	EXPECT_EQ(dt_get_args(fdt, serial, "resets", "#interrupt-cells", 3,
			      &args),
		  -FDT_ERR_NOTFOUND);
	EXPECT_EQ(dt_get_args(fdt, serial, "dmas", "#dma-cells", 0, &args),
		  -FDT_ERR_NOTFOUND);
}

TEST(fdt_lists_that_are_cut_short_are_errors)
{
	const void *fdt = make_tree();
	int serial = dt_find_path(fdt, "/soc/serial@1000", 16);
	struct dt_args args;

	EXPECT_EQ(dt_get_args(fdt, serial, "clocks", "#interrupt-cells", 1,
			      &args),
		  -FDT_ERR_BADVALUE);
	/* Nobody says how many cells belong to the phandle. */
	EXPECT_EQ(dt_get_args(fdt, serial, "clocks", "#clock-cells", 0, &args),
		  -FDT_ERR_BADVALUE);
}

/* Everything that firmware and kernel ask at boot. */
static void ask_all(const void *fdt)
{
	struct dt_cursor cursor = { 0 };
	struct dt_interrupt irq;
	struct dt_range range;
	struct dt_args args;
	const char *options;
	int node, depth = 0, hart = -1;
	uint64_t id;

	while (dt_next_memory(fdt, &cursor, &range))
		;
	dt_get_stdout(fdt, &options);
	while (dt_next_hart(fdt, &hart, &id))
		dt_hart_has_extension(fdt, hart, "sstc");
	for (node = 0; node >= 0; node = dt_next_node(fdt, node, &depth)) {
		dt_get_reg(fdt, node, 0, &range);
		dt_get_interrupt(fdt, node, 0, &irq);
		dt_get_args(fdt, node, "resets", "#interrupt-cells", 2, &args);
		dt_node_is_available(fdt, node);
	}
}

TEST(fdt_survives_every_single_broken_byte)
{
	size_t size, at;
	int bit;

	make_tree();
	size = used;
	for (at = 0; at < size; at++) {
		for (bit = 0; bit < 8; bit++) {
			/* On the heap, whose ends the sanitizer watches. */
			uint8_t *copy = malloc(size);

			memcpy(copy, tree, size);
			copy[at] ^= 1 << bit;
			if (!dt_check_tree(copy, size))
				ask_all(copy);
			free(copy);
		}
	}
}

TEST(fdt_refuses_every_truncation)
{
	size_t size, len;

	make_tree();
	size = used;
	for (len = 8; len < size; len++) {
		uint8_t *copy = malloc(MAX(len, 40ul));

		memcpy(copy, tree, len);
		if (len >= 40)
			EXPECT(dt_check_tree(copy, len) < 0);
		free(copy);
	}
}
