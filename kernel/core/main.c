// SPDX-License-Identifier: MIT
/*
 * The order of starting up.
 *
 * kernel_main() runs on the boot hart's idle thread, which may not sleep: it
 * gets memory, time and threads going and becomes idle.  boot_rest() is the
 * first kernel thread and does what may sleep, up to the first program.  The
 * other harts' list is secondary_main() in arch/hart.c.
 */
#include <core/main.h>

#include <arch/asid.h>
#include <arch/extable.h>
#include <arch/external.h>
#include <arch/hart.h>
#include <arch/image.h>
#include <arch/kmap_internal.h>
#include <arch/memory.h>
#include <arch/sbi.h>
#include <arch/smp.h>
#include <arch/trap.h>
#include <core/init.h>
#include <core/panic.h>
#include <core/param.h>
#include <core/printk.h>
#include <core/thread.h>
#include <core/time.h>
#include <core/version.h>
#include <core/work.h>
#include <dev/device.h>
#include <dev/random.h>
#include <dev/sbi_tty.h>
#include <fs/devfs/devfs.h>
#include <fs/inode.h>
#include <fs/mount.h>
#include <fs/ttyfile.h>
#include <lib/fdt.h>
#include <mm/mm.h>
#include <mm/page.h>
#include <mm/pagecache.h>
#include <proc/sched.h>
#include <proc/task.h>
#include <proc/vdso.h>

static __init void print_banner(void)
{
	const char *model = dt_get_string(boot_fdt(), 0, "model");
	char firmware[48];

	sbi_describe(firmware, sizeof(firmware));
	pr_info("%s on %s, %s", version_string,
		model ? model : "an unnamed machine", firmware);
	if (*param_cmdline())
		pr_info("command line: %s", param_cmdline());
}

static __init void read_command_line(void)
{
	const void *fdt = boot_fdt();
	int chosen = fdt_path_offset(fdt, "/chosen");
	const char *text = NULL;

	if (chosen >= 0)
		text = dt_get_string(fdt, chosen, "bootargs");
	param_init(text ? text : "");
}

static __init void start_allocators(void)
{
	struct mem_stats stats;
	unsigned long bytes = 0;
	size_t nr_ram, nr_reserved;
	const struct mem_range *ram = memory_ram(&nr_ram);
	const struct mem_range *reserved = memory_reserved(&nr_reserved);

	page_alloc_init(ram, nr_ram, reserved, nr_reserved);
	kmalloc_init();
	mem_stats_get(&stats);
	for (size_t i = 0; i < nr_ram; i++)
		bytes += ram[i].end - ram[i].start;
	pr_info("memory: %lu MiB, %lu KiB free", bytes >> 20,
		(unsigned long)(stats.free * (PAGE_SIZE / 1024)));
}

/* What only booting needed becomes free memory; it is called no more. */
static void free_boot_memory(void)
{
	struct mem_range initrd;
	size_t len;

	page_free_reserved(image_to_phys(init_start), image_release_init());
	if (memory_initrd(&initrd, &len))
		page_free_reserved(ALIGN_DOWN(initrd.start, PAGE_SIZE),
				   ALIGN_UP(initrd.end, PAGE_SIZE));
}

static void boot_rest(void *arg)
{
	(void)arg;
	work_queue_init();       /* drivers defer work */
	pagecache_init();        /* needs threads: write-back */
	fs_init();               /* file system types, devfs */
	ttyfile_init();          /* before terminals register */
	random_init(boot_fdt()); /* before drivers stir */
	device_init(boot_fdt()); /* all drivers; from here on a real console */
	sbi_tty_init();          /* if no driver has made a console */
	device_files_init();     /* of what the drivers found */
	fs_mount_root();         /* needs block devices */
	free_boot_memory();
	hart_start_others(); /* need interrupts; last, as they cost flushes */
	pr_info("harts: %u online, timebase %lu kHz", hart_count(),
		(unsigned long)(time_counter_hz() / 1000));
	proc_start_init(); /* the first program; never fails, panics */
}

static void start_boot_thread(void)
{
	struct thread *thread = thread_create(boot_rest, NULL, "boot");

	if (!thread)
		panic("no memory for the first thread");
	thread_wake(thread);
}

void kernel_main(unsigned long hart_id, paddr_t fdt)
{
	hart_init_boot(hart_id); /* from here on this_hart() */
	trap_init_hart();        /* from here on exceptions are reported */
	extable_init();
	sbi_init();       /* from here on the firmware's console */
	external_init();  /* which way interrupts come */
	memory_init(fdt); /* the device tree, the direct map */
	kmap_init();
	asid_probe();
	read_command_line();
	log_init();
	time_init();
	hart_probe_extensions(); /* before the first clock event */
	time_init_hart();
	print_banner();
	start_allocators(); /* from here on kmalloc() */
	sched_init();
	thread_init_hart(); /* needs kmalloc(); from here on threads */
	mm_init();
	vdso_init(); /* needs pages and time */
	proc_init();
	start_boot_thread();
	irq_enable();
	thread_idle_loop();
}
