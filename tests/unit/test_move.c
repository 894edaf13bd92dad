// SPDX-License-Identifier: MIT
/*
 * The decoder of misaligned loads and stores, on encodings that the assembler
 * made (those of Zcb by hand: it is newer than our assembler).
 */
#include "unit.h"

#include <sbi/move.h>

struct row {
	uint32_t insn;
	const char *text;
	unsigned int len;
	unsigned int reg;
	bool is_signed;
	bool is_fp;
	bool is_store;
};

static const struct row moves[] = {
	{ 0x00159503, "lh a0, 1(a1)", 2, 10, true, false, false },
	{ 0x0015df83, "lhu t6, 1(a1)", 2, 31, false, false, false },
	{ 0x0015a483, "lw s1, 1(a1)", 4, 9, true, false, false },
	{ 0x0015e683, "lwu a3, 1(a1)", 4, 13, false, false, false },
	{ 0x0015b083, "ld ra, 1(a1)", 8, 1, true, false, false },
	{ 0x00159507, "flh fa0, 1(a1)", 2, 10, false, true, false },
	{ 0x0015a407, "flw fs0, 1(a1)", 4, 8, false, true, false },
	{ 0x0015bf87, "fld ft11, 1(a1)", 8, 31, false, true, false },
	{ 0x00a590a3, "sh a0, 1(a1)", 2, 10, false, false, true },
	{ 0x0005a0a3, "sw zero, 1(a1)", 4, 0, false, false, true },
	{ 0x0055b0a3, "sd t0, 1(a1)", 8, 5, false, false, true },
	{ 0x000590a7, "fsh ft0, 1(a1)", 2, 0, false, true, true },
	{ 0x0115a0a7, "fsw fa7, 1(a1)", 4, 17, false, true, true },
	{ 0x01b5b0a7, "fsd fs11, 1(a1)", 8, 27, false, true, true },
	{ 0x00004188, "c.lw a0, 0(a1)", 4, 10, true, false, false },
	{ 0x00006180, "c.ld s0, 0(a1)", 8, 8, false, false, false },
	{ 0x0000219c, "c.fld fa5, 0(a1)", 8, 15, false, true, false },
	{ 0x0000c09c, "c.sw a5, 0(s1)", 4, 15, false, false, true },
	{ 0x0000e184, "c.sd s1, 0(a1)", 8, 9, false, false, true },
	{ 0x0000a180, "c.fsd fs0, 0(a1)", 8, 8, false, true, true },
	{ 0x00004f82, "c.lwsp t6, 0(sp)", 4, 31, true, false, false },
	{ 0x00006082, "c.ldsp ra, 0(sp)", 8, 1, false, false, false },
	{ 0x00002d82, "c.fldsp fs11, 0(sp)", 8, 27, false, true, false },
	{ 0x0000c046, "c.swsp a7, 0(sp)", 4, 17, false, false, true },
	{ 0x0000e002, "c.sdsp zero, 0(sp)", 8, 0, false, false, true },
	{ 0x0000a002, "c.fsdsp ft0, 0(sp)", 8, 0, false, true, true },
	{ 0x00008588, "c.lhu a0, 0(a1)", 2, 10, false, false, false },
	{ 0x000085c8, "c.lh a0, 0(a1)", 2, 10, true, false, false },
	{ 0x00008d88, "c.sh a0, 0(a1)", 2, 10, false, false, true },
};

static const struct row others[] = {
	{ .insn = 0x00058503, .text = "lb a0, 0(a1)" },
	{ .insn = 0x0005c503, .text = "lbu a0, 0(a1)" },
	{ .insn = 0x00a58023, .text = "sb a0, 0(a1)" },
	{ .insn = 0x00b6252f, .text = "amoadd.w a0, a1, (a2)" },
	{ .insn = 0x1005b52f, .text = "lr.d a0, (a1)" },
	{ .insn = 0x18b6352f, .text = "sc.d a0, a1, (a2)" },
	{ .insn = 0x00150513, .text = "addi a0, a0, 1" },
	{ .insn = 0x0ff0000f, .text = "fence" },
	{ .insn = 0x00000073, .text = "ecall" },
	{ .insn = 0x00000505, .text = "c.addi a0, 1" },
	{ .insn = 0x00008082, .text = "c.jr ra" },
	{ .insn = 0x0000952e, .text = "c.add a0, a1" },
	{ .insn = 0x0000006f, .text = "jal zero, ." },
	{ .insn = 0x02b57553, .text = "fadd.d fa0, fa0, fa1" },
	{ .insn = 0x00009002, .text = "c.ebreak" },
	{ .insn = 0x00006505, .text = "c.lui a0, 1" },
	{ .insn = 0x00b50063, .text = "beq a0, a1, ." },
	{ .insn = 0x00008188, .text = "c.lbu a0, 0(a1)" },
};

TEST(move_decode_knows_all_loads_and_stores)
{
	struct move move;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(moves); i++) {
		const struct row *row = &moves[i];

		if (!move_decode(row->insn, &move) || move.len != row->len ||
		    move.reg != row->reg || move.is_signed != row->is_signed ||
		    move.is_fp != row->is_fp ||
		    move.is_store != row->is_store) {
			printf("%s: got len %u reg %u signed %d fp %d store %d\n",
			       row->text, move.len, move.reg, move.is_signed,
			       move.is_fp, move.is_store);
			unit_failures++;
		}
	}
}

TEST(move_decode_refuses_everything_else)
{
	struct move move;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(others); i++) {
		if (move_decode(others[i].insn, &move)) {
			printf("%s: taken for a move\n", others[i].text);
			unit_failures++;
		}
	}
}
