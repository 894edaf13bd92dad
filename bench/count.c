// SPDX-License-Identifier: MIT
/*
 * A plugin for QEMU that counts the instructions of a boot by who executes
 * them: firmware, kernel, programs.  Who that is, the address tells, on the
 * machine "virt": below a program's lowest address lies the ROM, at the start
 * of memory the firmware, everything above is the kernel before it has turned
 * on paging, and the upper half of virtual addresses is the kernel after that.
 * So it does not depend on counters that a system may stop, nor on waiting.
 *
 *	count WHEN FIRMWARE KERNEL PROGRAMS
 *
 * goes to QEMU's log (-d plugin -D FILE): when the kernel and when the first
 * program execute their first instruction, and when QEMU ends.
 *
 * One hart only: counters are not atomic.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "qemu_plugin.h"

#define ROM_END      0x10000ull /* static programs are linked at this */
#define MEMORY_START 0x80000000ull
#define KERNEL_START 0x80200000ull
#define MEMORY_END   0x100000000ull /* of the machines that are measured */
#define UPPER_HALF   (1ull << 63)

enum who { FIRMWARE, KERNEL, PROGRAM, NR_WHO };

static const char *const first_names[NR_WHO] = { "reset", "kernel", "program" };

static uint64_t counts[NR_WHO];
static bool is_seen[NR_WHO];

static enum who who_is_at(uint64_t address)
{
	if (address < ROM_END ||
	    (address >= MEMORY_START && address < KERNEL_START))
		return FIRMWARE;
	if (address >= UPPER_HALF ||
	    (address >= KERNEL_START && address < MEMORY_END))
		return KERNEL;
	return PROGRAM;
}

static void print_counts(const char *when)
{
	char line[128];

	snprintf(line, sizeof(line),
		 "count %s %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", when,
		 counts[FIRMWARE], counts[KERNEL], counts[PROGRAM]);
	qemu_plugin_outs(line);
}

/* Before an instruction of somebody who had executed none when QEMU saw it. */
static void on_first(unsigned int cpu, void *data)
{
	enum who who = (enum who)(uintptr_t)data;

	(void)cpu;
	if (!is_seen[who])
		print_counts(first_names[who]);
	is_seen[who] = true;
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t count = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < count; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		enum who who = who_is_at(qemu_plugin_insn_vaddr(insn));

		if (!is_seen[who])
			qemu_plugin_register_vcpu_insn_exec_cb(
				insn, on_first, QEMU_PLUGIN_CB_NO_REGS,
				(void *)(uintptr_t)who);
		qemu_plugin_register_vcpu_insn_exec_inline(
			insn, QEMU_PLUGIN_INLINE_ADD_U64, &counts[who], 1);
	}
}

static void on_exit_of_qemu(qemu_plugin_id_t id, void *data)
{
	(void)id;
	(void)data;
	print_counts("end");
}

const int qemu_plugin_version = QEMU_PLUGIN_VERSION;

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info,
			int argc, char **argv)
{
	(void)info;
	(void)argc;
	(void)argv;
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	qemu_plugin_register_atexit_cb(id, on_exit_of_qemu, NULL);
	return 0;
}
