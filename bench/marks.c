// SPDX-License-Identifier: MIT
/*
 * A plugin for QEMU that counts the instructions of all harts together, up to
 * marks that a program makes: user/bench executes hints that do nothing,
 * slti zero, zero, N, where it begins to warm up for a row (N is 0x5a), where it
 * is warm (0x5c), and where it starts and stops counting (0x5b).
 *
 *	row COUNT	warm COUNT	mark COUNT
 *
 * goes to QEMU's log (-d plugin -D FILE): executed until then, waiting not
 * included, neither for a disk nor for other harts.  Of several harts QEMU 7.2
 * cannot tell that by -icount: there a hart that spins starves the one that it
 * waits for.  A run of instructions counts as a whole when it begins, so that
 * what traps in its midst is counted too far.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "qemu_plugin.h"

#define HINT       0x2013 /* slti zero, zero, 0 */
#define HINT_SHIFT 20     /* to its number */
#define HARTS_MAX  16

static const struct mark {
	uint32_t number;
	const char *name;
} marks[] = {
	{ 0x5a, "row" },
	{ 0x5b, "mark" },
	{ 0x5c, "warm" },
	{ 0, NULL },
};

/* Each on a cache line of its own: harts are threads of the host. */
static struct {
	_Alignas(64) uint64_t executed;
} harts[HARTS_MAX];

static void on_run(unsigned int hart, void *data)
{
	if (hart < HARTS_MAX)
		harts[hart].executed += (uintptr_t)data;
}

static void on_mark(unsigned int hart, void *data)
{
	const struct mark *mark = data;
	uint64_t sum = 0;
	char line[64];

	(void)hart;
	for (size_t i = 0; i < HARTS_MAX; i++)
		sum += __atomic_load_n(&harts[i].executed, __ATOMIC_RELAXED);
	snprintf(line, sizeof(line), "%s %" PRIu64 "\n", mark->name, sum);
	qemu_plugin_outs(line);
}

/* The mark that an instruction is, or NULL. */
static const struct mark *mark_find(const struct qemu_plugin_insn *insn)
{
	uint32_t word = 0;

	if (qemu_plugin_insn_size(insn) == sizeof(word))
		memcpy(&word, qemu_plugin_insn_data(insn), sizeof(word));
	for (const struct mark *mark = marks; mark->name; mark++)
		if (word == (HINT | mark->number << HINT_SHIFT))
			return mark;
	return NULL;
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t count = qemu_plugin_tb_n_insns(tb);

	(void)id;
	qemu_plugin_register_vcpu_tb_exec_cb(tb, on_run, QEMU_PLUGIN_CB_NO_REGS,
					     (void *)(uintptr_t)count);
	for (size_t i = 0; i < count; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		const struct mark *mark = mark_find(insn);

		if (mark)
			qemu_plugin_register_vcpu_insn_exec_cb(
				insn, on_mark, QEMU_PLUGIN_CB_NO_REGS,
				(void *)mark);
	}
}

const int qemu_plugin_version = QEMU_PLUGIN_VERSION;

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info,
			int argc, char **argv)
{
	(void)info;
	(void)argc;
	(void)argv;
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	return 0;
}
