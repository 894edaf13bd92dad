// SPDX-License-Identifier: MIT
/*
 * A plugin for QEMU that counts how often each instruction is executed, by its
 * address: anatomy.py makes a walk through a call of it.
 *
 *	ADDRESS COUNT
 *
 * goes to the file that out=FILE names when QEMU ends.  One hart only:
 * counters are not atomic.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "qemu_plugin.h"

#define OUT       "out="
#define HASH_BITS 20
#define NR_SLOTS  (1u << HASH_BITS) /* Keel and its tools have some 200,000 */

struct slot {
	uint64_t address; /* 0: free */
	uint64_t count;
};

static struct slot slots[NR_SLOTS];
static unsigned int nr_used;
static const char *out_path;

/* The slot of an address, old or new; NULL when the table is full. */
static struct slot *slot_of(uint64_t address)
{
	uint64_t hash = (address >> 1) * 0x9e3779b97f4a7c15u; /* 2^64 / phi */
	size_t index = hash >> (64 - HASH_BITS);

	while (slots[index].address && slots[index].address != address)
		index = (index + 1) % NR_SLOTS;
	if (!slots[index].address) {
		if (nr_used == NR_SLOTS - 1)
			return NULL;
		nr_used++;
		slots[index].address = address;
	}
	return &slots[index];
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t count = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < count; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		struct slot *slot = slot_of(qemu_plugin_insn_vaddr(insn));

		if (slot)
			qemu_plugin_register_vcpu_insn_exec_inline(
				insn, QEMU_PLUGIN_INLINE_ADD_U64, &slot->count,
				1);
	}
}

static void on_exit_of_qemu(qemu_plugin_id_t id, void *data)
{
	FILE *out = fopen(out_path, "w");

	(void)id;
	(void)data;
	if (!out)
		return;
	for (size_t i = 0; i < NR_SLOTS; i++)
		if (slots[i].count)
			fprintf(out, "%" PRIx64 " %" PRIu64 "\n",
				slots[i].address, slots[i].count);
	fclose(out);
}

const int qemu_plugin_version = QEMU_PLUGIN_VERSION;

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info,
			int argc, char **argv)
{
	(void)info;
	if (argc != 1 || strncmp(argv[0], OUT, strlen(OUT))) {
		fprintf(stderr, "addresses: wants out=FILE\n");
		return 1;
	}
	/* argv goes when this returns; a plugin stays until QEMU ends. */
	out_path = strdup(argv[0] + strlen(OUT));
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	qemu_plugin_register_atexit_cb(id, on_exit_of_qemu, NULL);
	return 0;
}
