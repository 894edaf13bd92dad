// SPDX-License-Identifier: MIT
/*
 * The harts of the machine: see hart.h.  Only the booting hart starts others.
 */
#include "hart.h"

#include <lib/csr.h>
#include <lib/fdt.h>

#include "guest.h"
#include "trap.h"

struct hart harts[HARTS_MAX];
unsigned int hart_count;

static const void *tree;

void hart_enter(void);
__noreturn void hart_main(struct hart *hart);
__noreturn void hart_resumed(void);

static void hart_init(struct hart *hart, uint64_t id)
{
	hart->id = id;
	hart->trap_sp = (uint64_t)hart->trap_stack + TRAP_STACK;
	hart->stack_top = (uint64_t)hart->stack + HART_STACK;
}

/* A hart without an MMU has no S-mode: the monitor core of an FU540. */
static bool hart_has_supervisor(int node)
{
	return dt_get_string(tree, node, "mmu-type") ||
	       dt_hart_has_extension(tree, node, "s");
}

void harts_init(const void *fdt, uint64_t boot_id)
{
	uint64_t id;
	int node = -1;

	tree = fdt;
	hart_init(&harts[0], boot_id);
	hart_count = 1;
	while (dt_next_hart(fdt, &node, &id) && hart_count < HARTS_MAX) {
		if (id == boot_id || !hart_has_supervisor(node) ||
		    !dt_node_is_available(fdt, node))
			continue;
		hart_init(&harts[hart_count++], id);
	}
}

uint64_t hart_absent_id(void)
{
	uint64_t absent = 0;
	uint64_t id;
	int node = -1;

	while (dt_next_hart(tree, &node, &id))
		absent = MAX(absent, id + 1);
	return absent;
}

bool harts_have(const char *isa_extension)
{
	unsigned int i;

	for (i = 0; i < hart_count; i++) {
		int node = dt_find_hart(tree, harts[i].id);

		if (node < 0 ||
		    !dt_hart_has_extension(tree, node, isa_extension))
			return false;
	}
	return true;
}

__noreturn void hart_main(struct hart *hart)
{
	trap_init_hart(hart);
	hart->entry(hart->arg);
	__atomic_store_n(&hart->done, 1, __ATOMIC_RELEASE);
	interrupts_disable(-1ul);
	sbi_call(SBI_EXT_HSM, SBI_HSM_HART_STOP, 0, 0, 0);
	for (;;)
		wfi();
}

__noreturn void hart_resumed(void)
{
	trap_init_hart(this_hart());
	longjmp(*this_hart()->recovery, 2);
}

struct sbi_ret hart_start_raw(struct hart *hart)
{
	hart->done = 0;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return sbi_call(SBI_EXT_HSM, SBI_HSM_HART_START, hart->id,
			(uint64_t)hart_enter, (uint64_t)hart);
}

bool hart_start(struct hart *hart, void (*entry)(void *arg), void *arg)
{
	hart->entry = entry;
	hart->arg = arg;
	return expect_error("hart_start", hart_start_raw(hart), SBI_SUCCESS);
}

bool hart_wait_stopped(struct hart *hart)
{
	uint64_t end = time_now() + 30000 * time_ms();
	struct sbi_ret ret;

	do {
		ret = sbi_call(SBI_EXT_HSM, SBI_HSM_HART_STATUS, hart->id, 0,
			       0);
		if (ret.error == SBI_SUCCESS && ret.value == SBI_HSM_STOPPED)
			return true;
	} while (time_now() < end);
	return expect_value("status after hart_stop", ret, SBI_HSM_STOPPED);
}

bool hart_run(struct hart *hart, void (*entry)(void *arg), void *arg)
{
	return hart_start(hart, entry, arg) &&
	       expect_true("the started hart is done",
			   wait_for(&hart->done, 1)) &&
	       hart_wait_stopped(hart);
}
