// SPDX-License-Identifier: MIT
/*
 * Keel's firmware: a machine-mode implementation of the SBI specification.
 *
 * Reading order:
 *
 *   boot.S       the reset vector; who boots, where the others wait
 *   main.c       this file: the order of things at boot
 *   hart.h       what belongs to a hart, and how to find it
 *   trap.S       into M-mode and back
 *   ecall.c      from an extension id to the extension
 *   ext/         one file an extension
 *   hsm.c        the life of a hart
 *   priv19.h     harts of an older architecture, those of the K210
 *
 * Mechanisms (timer, ipi, fence, reset, console, pmp) know no extension, and
 * extensions know no one another.  Devices are matched by the device tree; their
 * drivers are drivers' *_sbi.c.  docs/firmware.md tells the longer story.
 */
#include <lib/barrier.h>
#include <lib/csr.h>
#include <lib/fdt.h>
#include <lib/sbi.h>

#include "console.h"
#include "cpu.h"
#include "device.h"
#include "ecall.h"
#include "fence.h"
#include "hart.h"
#include "hsm.h"
#include "ipi.h"
#include "k210_probe.h"
#include "memory.h"
#include "next.h"
#include "panic.h"
#include "pmu_hw.h"
#include "timer.h"
#include "tree.h"
#include "version.h"

extern char fw_start[];
extern char fw_end[];

void sbi_main(uint64_t hart_id, const void *fdt, uint64_t info) __noreturn;

static void release_harts(void)
{
	struct hart *hart;

	/* Pairs with the fence in boot.S: they see all that was set up. */
	__atomic_store_n(&harts_released, HARTS_GO_ON, __ATOMIC_RELEASE);
	mb();
	hart_for_each (hart) {
		if (hart != &this_hart)
			ipi_wake(hart);
	}
}

/* The hart that enters the next stage: who the loader wants, or this one. */
static struct hart *choose_boot_hart(uint64_t wanted)
{
	struct hart *hart = wanted == -1ul ? NULL : hart_find(wanted);

	return hart ? hart : &this_hart;
}

static void print_banner(const void *tree, const struct next_stage *next,
			 const struct hart *boot_hart)
{
	const char *model = dt_get_string(tree, 0, "model");

	console_printf("\nKeel SBI %s on %s\n", SBI_VERSION_NAME,
		       model ? model : "a machine without a name");
	console_printf("  harts      %u, hart %lu boots%s%s%s%s\n", nr_harts,
		       boot_hart->id, hart_has(HART_HAS_H) ? ", h" : "",
		       hart_has(HART_HAS_SSTC) ? ", sstc" : "",
		       hart_has(HART_HAS_SSCOFPMF) ? ", sscofpmf" : "",
		       hart_has(HART_IS_PRIV19) ? ", priv 1.9.1" : "");
	console_printf("  memory     %lu MiB, firmware 0x%lx, %lu KiB\n",
		       memory_total() >> 20, memory_firmware.start,
		       memory_firmware.size >> 10);
	console_printf("  delegated  exceptions 0x%lx, interrupts 0x%lx\n",
		       csr_read(CSR_MEDELEG), csr_read(CSR_MIDELEG));
	console_printf("  next       0x%lx, %s, tree 0x%lx\n\n",
		       next->image.start, next->origin, (uint64_t)tree);
}

/* Say it on a console that a machine like this one usually has. */
static void __noreturn die_without_tree(const char *reason)
{
	const void *fdt = tree_find_last_resort();

	if (fdt)
		device_init_early(fdt);
	panic_boot("%s", reason);
}

/*
 * Find what to boot and make the harts' areas: in this order, since areas may
 * lie where a bundled kernel was.
 */
static void place_all(const void *fdt, uint64_t info, struct next_stage *next)
{
	const char *reason = next_find(fdt, info, hart_area_bytes(fdt), next);
	char *end;

	if (reason)
		panic_boot("%s", reason);
	end = hart_create_all(fdt, fw_end);
	memory_firmware.size = ALIGN_UP(end - fw_start, 4096);
}

/* Called by boot.S on the one hart that boots. */
void sbi_main(uint64_t hart_id, const void *handed_fdt, uint64_t info)
{
	struct next_stage next;
	struct hart *boot_hart;
	const void *fdt;
	void *tree;

	(void)hart_id;
	csr_write(CSR_MSCRATCH, 0);
	csr_write(CSR_MTVEC, trap_entry);      /* ours panic from here on */
	csr_write(CSR_MSTATUS, MSTATUS_MPP_M); /* access.h needs it */

	fdt = tree_find(handed_fdt);
	if (!fdt)
		die_without_tree("the device tree is missing or broken");
	if (tree_is_embedded(fdt))
		info = 0;
	device_init_early(fdt); /* from here on we can speak and end */
	if (!console_is_present())
		die_without_tree("the device tree names no console");
	if (!memory_init(fdt, fw_start, fw_end))
		panic_boot("the device tree names no memory");
	place_all(fdt, info, &next); /* needs memory */
	device_init_harts(fdt);      /* needs harts */

	cpu_init();
	ipi_set_handler(HART_EVENT_FENCE, fence_handle);
	timer_init(fdt);  /* needs drivers */
	pmu_hw_init(fdt); /* needs cpu features */
	ecall_init();     /* needs devices, counters, cpu features */

	tree = tree_prepare(fdt, &next.image); /* needs the firmware's size */
	if (!tree)
		panic_boot("no room for the device tree");
	boot_hart = choose_boot_hart(next.boot_hart);
	print_banner(tree, &next, boot_hart);
	if (hart_has(HART_IS_PRIV19))
		k210_probe(tree);

	hsm_start(boot_hart, next.image.start, (uint64_t)tree);
	release_harts();
	hart_main();
}
