// SPDX-License-Identifier: MIT
/*
 * Harts: their data, their interrupts to each other, and their start.
 *
 * The table is filled at boot only: the boot hart by hart_init_boot(), the
 * others one after the other by hart_start_others().  A hart is online, and
 * counted, from when it runs threads.
 */
#include <arch/hart.h>

#include <string.h>

#include <arch/asid.h>
#include <arch/fp.h>
#include <arch/image.h>
#include <arch/kmap.h>
#include <arch/memory.h>
#include <arch/pgtable.h>
#include <arch/sbi.h>
#include <arch/smp.h>
#include <arch/trap.h>
#include <core/alloc.h>
#include <core/panic.h>
#include <core/param.h>
#include <core/printk.h>
#include <core/time.h>
#include <dev/irq.h>
#include <lib/barrier.h>
#include <lib/crc.h>
#include <lib/errno.h>
#include <lib/fdt.h>
#include <mm/page.h>

/* How long a started hart may take until it runs threads. */
#define START_TIMEOUT_NS (1000 * NSEC_PER_MSEC)
#define POLL_US          20

struct thread boot_thread = { .name = "idle" };
static struct hart boot_hart;

static struct hart *harts[HART_MAX] = { &boot_hart }; /* [I] after boot */
static unsigned nr_harts = 1;    /* [a] all below are online, in order */
static uint64_t online_mask = 1; /* [a] bit per index */
static bool all_have_fp;         /* [I] after boot */

unsigned hart_count(void)
{
	return __atomic_load_n(&nr_harts, __ATOMIC_ACQUIRE);
}

uint64_t harts_online(void)
{
	return __atomic_load_n(&online_mask, __ATOMIC_ACQUIRE);
}

struct hart *hart_by_index(unsigned index)
{
	return index < hart_count() ? harts[index] : NULL;
}

bool hart_has_fp(void)
{
	return all_have_fp;
}

/* The thread that a hart starts on and that idles there later. */
static void hart_set_idle(struct hart *hart, struct thread *idle,
			  uintptr_t stack)
{
	idle->hart = hart;
	idle->stack = stack;
	idle->kernel_sp = stack + KERNEL_STACK_SIZE;
	idle->state = THREAD_RUNNABLE;
	idle->affinity = UINT64_MAX;
	hart->idle = idle;
	hart->running = idle;
	hart->root = kernel_root;
}

void hart_init_boot(unsigned long hart_id)
{
	boot_hart.id = hart_id;
	boot_hart.online = true;
	hart_set_idle(&boot_hart, &boot_thread,
		      BOOT_STACK_TOP - KERNEL_STACK_SIZE);
}

void hart_send_ipi(struct hart *hart, enum ipi ipi)
{
	/* A bit that is set already has an interrupt on its way. */
	if (!(atomic_fetch_or(&hart->ipi_pending, (int)ipi) & (int)ipi))
		sbi_send_ipi(hart->id);
}

/* SiFive's chips have one hart without paging, which is none for us. */
static bool hart_is_usable(const void *fdt, int node)
{
	const char *mmu = dt_get_string(fdt, node, "mmu-type");

	return dt_node_is_available(fdt, node) && mmu &&
	       strcmp(mmu, "riscv,none") != 0;
}

/*
 * The extensions that matter: all harts must agree, since threads wander.
 */
void hart_probe_extensions(void)
{
	const void *fdt = boot_fdt();
	bool sstc = true, zbc = true;
	uint64_t id;
	int node = -1;

	all_have_fp = true;
	while (dt_next_hart(fdt, &node, &id)) {
		if (!hart_is_usable(fdt, node))
			continue;
		all_have_fp &= dt_hart_has_extension(fdt, node, "d");
		sstc &= dt_hart_has_extension(fdt, node, "sstc");
		zbc &= dt_hart_has_extension(fdt, node, "zbc");
	}
	if (sstc && sbi_probe_stimecmp())
		sbi_use_stimecmp();
	if (zbc)
		crc32c_use_clmul();
}

/* A hart that was started arrives here, on its idle thread and its stack. */
static void secondary_main(unsigned long hart_id, paddr_t fdt)
{
	struct hart *hart = this_hart();

	(void)fdt;
	ASSERT(hart->id == hart_id);
	trap_init_hart();
	slab_init_hart();
	irq_init_hart();
	time_init_hart();
	thread_init_hart();

	/* The hart is whole; only one comes up at a time. */
	__atomic_store_n(&nr_harts, hart->index + 1, __ATOMIC_RELEASE);
	__atomic_fetch_or(&online_mask, 1ull << hart->index, __ATOMIC_RELEASE);
	/* Pairs with the load in hart_wait_online(). */
	__atomic_store_n(&hart->online, true, __ATOMIC_RELEASE);
	irq_enable();
	thread_idle_loop();
}

static struct hart *hart_alloc(unsigned long id, unsigned index)
{
	struct hart *hart = kzalloc(sizeof(*hart));
	struct thread *idle = kzalloc(sizeof(*idle));
	uintptr_t stack = kstack_alloc();

	if (!hart || !idle || !stack) {
		kfree(hart);
		kfree(idle);
		kstack_free(stack);
		return NULL;
	}
	hart->id = id;
	hart->index = index;
	idle->name = "idle";
	hart_set_idle(hart, idle, stack);
	return hart;
}

static bool hart_wait_online(struct hart *hart)
{
	uint64_t limit = time_now_ns() + START_TIMEOUT_NS;

	while (!__atomic_load_n(&hart->online, __ATOMIC_ACQUIRE)) {
		if (time_now_ns() > limit)
			return false;
		sleep_us(POLL_US);
	}
	return true;
}

/* Read with paging off, so it lies in the image, whose place is known. */
static struct hart_start hart_start_args; /* [the boot hart, one at a time] */

/* Start one hart and wait until it is whole. */
static int hart_start(struct hart *hart)
{
	hart_start_args = (struct hart_start){
		.satp = SATP_MODE_SV39 |
			image_to_phys(kernel_root) >> PAGE_SHIFT,
		.thread = hart->idle,
		.sp = hart->idle->kernel_sp,
		.entry = secondary_main,
	};
	harts[hart->index] = hart;
	smp_mb();
	if (sbi_hart_start(hart->id, image_to_phys(secondary_hart_entry),
			   image_to_phys(&hart_start_args)))
		return -EIO;
	return hart_wait_online(hart) ? 0 : -ETIMEDOUT;
}

/* False when no more harts should be tried. */
static bool hart_bring_up(unsigned long id)
{
	struct hart *hart = hart_alloc(id, hart_count());
	int ret;

	if (!hart) {
		pr_warn("hart %lu: no memory", id);
		return false;
	}
	ret = hart_start(hart);
	if (ret == 0)
		return true;
	pr_warn("hart %lu: does not start (%d)", id, ret);
	/* One that did not answer may still come: its memory stays. */
	return ret != -ETIMEDOUT;
}

void hart_start_others(void)
{
	unsigned long limit = param_get_u64("maxcpus", HART_MAX);
	const void *fdt = boot_fdt();
	uint64_t id;
	int node = -1;

	while (hart_count() < MIN(limit, HART_MAX) &&
	       dt_next_hart(fdt, &node, &id)) {
		if (id == boot_hart.id || !hart_is_usable(fdt, node))
			continue;
		if (!hart_bring_up(id))
			break;
	}
}

void hart_idle(void)
{
	wfi();
}

static __noreturn void hart_end(const char *what)
{
	pr_err("the firmware cannot %s; halted", what);
	for (;;)
		wfi();
}

void arch_poweroff(bool failure)
{
	irq_disable();
	hart_stop_others();
	sbi_shutdown(failure);
	hart_end("switch off");
}

void arch_reboot(void)
{
	irq_disable();
	hart_stop_others();
	sbi_reboot();
	hart_end("restart");
}
