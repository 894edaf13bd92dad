// SPDX-License-Identifier: MIT
/* procfs: what is about the system as a whole, as proc(5) lays it out. */
#include <stdio.h>
#include <string.h>

#include <linux/capability.h>

#include <lib/errno.h>
#include <lib/fdt.h>

#include <arch/hart.h>
#include <core/alloc.h>
#include <core/param.h>
#include <core/printk.h>
#include <core/time.h>
#include <core/version.h>
#include <dev/block.h>
#include <dev/device.h>
#include <dev/irq.h>
#include <mm/page.h>
#include <proc/cred.h>
#include <proc/hostname.h>
#include <proc/loadavg.h>
#include <proc/task.h>

#include "procfs_internal.h"
#include "provoke.h"

#define PID_LIMIT     32768 /* as proc/pid.c has it */
#define TICKS_PER_SEC 100   /* USER_HZ */
#define NSEC_PER_TICK (NSEC_PER_SEC / TICKS_PER_SEC)

static int show_meminfo(struct proc_text *text, const struct proc_node *node)
{
	struct mem_stats stats;

	(void)node;
	mem_stats_get(&stats);
	const struct {
		const char *name;
		uint64_t pages;
	} lines[] = {
		{ "MemTotal", stats.total },
		{ "MemFree", stats.free },
		{ "MemAvailable", stats.available },
		{ "Buffers", 0 },
		{ "Cached", stats.cached },
		{ "SwapCached", 0 },
		{ "SwapTotal", 0 },
		{ "SwapFree", 0 },
		{ "Dirty", stats.dirty },
		{ "AnonPages", stats.anon },
		{ "Shmem", stats.shmem },
		{ "Slab", stats.slab },
		{ "SReclaimable", 0 },
		{ "KernelStack", stats.kernel_stack },
		{ "PageTables", stats.pagetables },
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		proc_printf(
			text, "%s:%*s%8lu kB\n", lines[i].name,
			(int)(15 - strlen(lines[i].name)), "",
			(unsigned long)(lines[i].pages * (PAGE_SIZE / 1024)));
	return 0;
}

/* What was charged at switches, and what goes on.  Racy, for information. */
static uint64_t idle_ns(const struct hart *hart, uint64_t now)
{
	const struct thread *idle = hart->idle;
	uint64_t ns = idle->runtime_ns;

	if (hart->running == idle)
		ns += now - idle->run_start_ns;
	return MIN(ns, now);
}

static int show_uptime(struct proc_text *text, const struct proc_node *node)
{
	uint64_t now = time_now_ns();
	uint64_t up = now / (NSEC_PER_SEC / 100);
	uint64_t idle = 0;
	struct hart *hart;

	(void)node;
	for_each_hart (hart)
		idle += idle_ns(hart, now);
	idle /= NSEC_PER_SEC / 100;
	proc_printf(text, "%lu.%02lu %lu.%02lu\n", (unsigned long)(up / 100),
		    (unsigned long)(up % 100), (unsigned long)(idle / 100),
		    (unsigned long)(idle % 100));
	return 0;
}

struct task_counts {
	unsigned running, total; /* threads */
	int last_pid;
};

static struct task_counts count_tasks(void)
{
	struct task_counts counts = { 0 };
	struct process *process;

	while ((process = process_next(counts.last_pid + 1)) != NULL) {
		counts.last_pid = process->pid;
		counts.total += process->nr_threads;
		if (!process->zombie &&
		    process->leader->thread.state == THREAD_RUNNABLE)
			counts.running++;
		process_put(process);
	}
	return counts;
}

static int show_loadavg(struct proc_text *text, const struct proc_node *node)
{
	struct task_counts counts = count_tasks();

	uint32_t loads[3];

	(void)node;
	loadavg_get(loads);
	for (int i = 0; i < 3; i++)
		proc_printf(text, "%u.%02u ", loads[i] >> LOAD_SHIFT,
			    (loads[i] * 100 >> LOAD_SHIFT) % 100);
	proc_printf(text, "%u/%u %d\n", counts.running, counts.total,
		    counts.last_pid);
	return 0;
}

static void show_cpu_line(struct proc_text *text, const char *name,
			  uint64_t busy_ns, uint64_t idle)
{
	proc_printf(text, "%s %lu 0 0 %lu 0 0 0 0 0 0\n", name,
		    (unsigned long)(busy_ns / NSEC_PER_TICK),
		    (unsigned long)(idle / NSEC_PER_TICK));
}

static int show_stat(struct proc_text *text, const struct proc_node *node)
{
	struct task_counts counts = count_tasks();
	uint64_t now = time_now_ns();
	uint64_t idle = 0;
	unsigned nr_harts = 0;
	struct hart *hart;
	char name[16];

	(void)node;
	for_each_hart (hart) {
		idle += idle_ns(hart, now);
		nr_harts++;
	}
	show_cpu_line(text, "cpu ", now * nr_harts - idle, idle);
	for_each_hart (hart) {
		snprintf(name, sizeof(name), "cpu%u", hart->index);
		idle = idle_ns(hart, now);
		show_cpu_line(text, name, now - idle, idle);
	}
	proc_printf(text, "intr 0\nctxt 0\nbtime %lu\nprocesses %d\n",
		    (unsigned long)((time_wall_ns() - now) / NSEC_PER_SEC),
		    counts.last_pid);
	proc_printf(text, "procs_running %u\nprocs_blocked 0\n",
		    counts.running);
	return 0;
}

/*
 * Linux's Documentation/scheduler/sched-stats.rst, version 15, of which the
 * time that a hart was not idle (the seventh number, nanoseconds) is kept.
 */
static int show_schedstat(struct proc_text *text, const struct proc_node *node)
{
	uint64_t now = time_now_ns();
	struct hart *hart;

	(void)node;
	proc_printf(text, "version 15\ntimestamp %lu\n",
		    (unsigned long)(now / NSEC_PER_TICK));
	for_each_hart (hart)
		proc_printf(text, "cpu%u 0 0 0 0 0 0 %lu 0 0\n", hart->index,
			    (unsigned long)(now - idle_ns(hart, now)));
	return 0;
}

static int show_cpuinfo(struct proc_text *text, const struct proc_node *node)
{
	const void *fdt = device_tree();
	struct hart *hart;

	(void)node;
	for_each_hart (hart) {
		int cpu = dt_find_hart(fdt, hart->id);
		const char *isa = NULL, *mmu = NULL;

		if (cpu >= 0) {
			isa = dt_get_string(fdt, cpu, "riscv,isa");
			mmu = dt_get_string(fdt, cpu, "mmu-type");
		}
		if (mmu && !strncmp(mmu, "riscv,", 6))
			mmu += 6;
		proc_printf(text,
			    "processor\t: %u\nhart\t\t: %lu\n"
			    "isa\t\t: %s\nmmu\t\t: %s\n\n",
			    hart->index, hart->id, isa ? isa : "unknown",
			    mmu ? mmu : "unknown");
	}
	return 0;
}

static int show_filesystems(struct proc_text *text,
			    const struct proc_node *node)
{
	struct fs_type *type = NULL;

	(void)node;
	while ((type = fs_type_next(type)) != NULL)
		proc_printf(text, "%s\t%s\n", type->needs_device ? "" : "nodev",
			    type->name);
	return 0;
}

static int show_version(struct proc_text *text, const struct proc_node *node)
{
	struct new_utsname name;

	(void)node;
	uts_name_get(&name);
	proc_printf(text, "%s version %s %s\n", name.sysname, name.release,
		    name.version);
	return 0;
}

static int show_cmdline(struct proc_text *text, const struct proc_node *node)
{
	(void)node;
	proc_printf(text, "%s\n", param_cmdline());
	return 0;
}

static int show_interrupts(struct proc_text *text, const struct proc_node *node)
{
	const char *chip, *user;
	unsigned irq;
	uint64_t count;

	(void)node;
	for (unsigned i = 0; irq_describe(i, &chip, &irq, &user, &count); i++)
		proc_printf(text, "%4u: %12lu  %s  %s\n", irq,
			    (unsigned long)count, chip, user);
	return 0;
}

static int show_partitions(struct proc_text *text, const struct proc_node *node)
{
	const struct block_device *bdev;

	(void)node;
	proc_printf(text, "major minor  #blocks  name\n\n");
	for (unsigned i = 0; (bdev = block_device_nth(i)) != NULL; i++)
		proc_printf(text, "%4u %8u %10lu %s\n",
			    (unsigned)(bdev->dev >> 8 & 0xfff),
			    (unsigned)(bdev->dev & 0xff),
			    (unsigned long)(block_device_sectors(bdev) / 2),
			    bdev->name);
	return 0;
}

static int show_diskstats(struct proc_text *text, const struct proc_node *node)
{
	const struct block_device *bdev;

	(void)node;
	for (unsigned i = 0; (bdev = block_device_nth(i)) != NULL; i++)
		proc_printf(text, "%4u %7u %s %ld 0 %ld 0 %ld 0 %ld 0 0 0 0\n",
			    (unsigned)(bdev->dev >> 8 & 0xfff),
			    (unsigned)(bdev->dev & 0xff), bdev->name,
			    (long)atomic64_load(&bdev->reads),
			    (long)atomic64_load(&bdev->read_sectors),
			    (long)atomic64_load(&bdev->writes),
			    (long)atomic64_load(&bdev->write_sectors));
	return 0;
}

/* --- /proc/sys ------------------------------------------------------------ */

static int show_hostname(struct proc_text *text, const struct proc_node *node)
{
	struct new_utsname name;

	(void)node;
	uts_name_get(&name);
	proc_printf(text, "%s\n", name.nodename);
	return 0;
}

static int store_hostname(const struct proc_node *node, const char *value)
{
	(void)node;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (strlen(value) > __NEW_UTS_LEN)
		return -EINVAL;
	uts_name_set(UTS_HOSTNAME, value);
	return 0;
}

static int show_domainname(struct proc_text *text, const struct proc_node *node)
{
	struct new_utsname name;

	(void)node;
	uts_name_get(&name);
	proc_printf(text, "%s\n", name.domainname);
	return 0;
}

static int show_osrelease(struct proc_text *text, const struct proc_node *node)
{
	struct new_utsname name;

	(void)node;
	uts_name_get(&name);
	proc_printf(text, "%s\n", name.release);
	return 0;
}

static int show_ostype(struct proc_text *text, const struct proc_node *node)
{
	struct new_utsname name;

	(void)node;
	uts_name_get(&name);
	proc_printf(text, "%s\n", name.sysname);
	return 0;
}

static int show_pid_max(struct proc_text *text, const struct proc_node *node)
{
	(void)node;
	proc_printf(text, "%u\n", PID_LIMIT);
	return 0;
}

static int show_file_max(struct proc_text *text, const struct proc_node *node)
{
	(void)node;
	proc_printf(text, "%ld\n", INT64_MAX);
	return 0;
}

static int show_overcommit(struct proc_text *text, const struct proc_node *node)
{
	(void)node;
	proc_printf(text, "0\n");
	return 0;
}

static const struct proc_entry kernel_entries[] = {
	{ "hostname", 0644, .show = show_hostname, .store = store_hostname },
	{ "domainname", 0444, .show = show_domainname },
	{ "osrelease", 0444, .show = show_osrelease },
	{ "ostype", 0444, .show = show_ostype },
	{ "version", 0444, .show = show_version },
	{ "pid_max", 0444, .show = show_pid_max },
	{},
};

static const struct proc_entry fs_entries[] = {
	{ "file-max", 0444, .show = show_file_max },
	{},
};

static const struct proc_entry vm_entries[] = {
	{ "overcommit_memory", 0444, .show = show_overcommit },
	{},
};

static const struct proc_entry sys_entries[] = {
	{ "fs", 0555, .children = fs_entries },
	{ "kernel", 0555, .children = kernel_entries },
	{ "vm", 0555, .children = vm_entries },
	{},
};

/* --- The root --------------------------------------------------------------- */

static ssize_t link_self(const struct proc_node *node, char *buf, size_t len)
{
	(void)node;
	return snprintf(buf, len, "%d", current->process->pid);
}

static ssize_t link_thread_self(const struct proc_node *node, char *buf,
				size_t len)
{
	(void)node;
	return snprintf(buf, len, "%d/task/%d", current->process->pid,
			current->pid);
}

static ssize_t link_mounts(const struct proc_node *node, char *buf, size_t len)
{
	(void)node;
	return snprintf(buf, len, "self/mounts");
}

/*
 * proc_sysrq-trigger(5), of which only "c" exists: crash, to see how the
 * kernel reports it; and in debug builds the mistakes of provoke.h.  Root alone
 * may write here.
 */
static int store_sysrq(const struct proc_node *node, const char *value)
{
	int *volatile nowhere = NULL;

	(void)node;
	if (strcmp(value, "c") != 0)
		return provoke(value);
	pr_err("sysrq: crash");
	*nowhere = 1;
	return 0;
}

static int show_nothing(struct proc_text *text, const struct proc_node *node)
{
	(void)text;
	(void)node;
	return 0;
}

const struct proc_entry proc_root_entries[] = {
	{ "cmdline", 0444, .show = show_cmdline },
	{ "cpuinfo", 0444, .show = show_cpuinfo },
	{ "diskstats", 0444, .show = show_diskstats },
	{ "filesystems", 0444, .show = show_filesystems },
	{ "interrupts", 0444, .show = show_interrupts },
	{ "loadavg", 0444, .show = show_loadavg },
	{ "meminfo", 0444, .show = show_meminfo },
	{ "mounts", 0777, .link = link_mounts },
	{ "partitions", 0444, .show = show_partitions },
	{ "schedstat", 0444, .show = show_schedstat },
	{ "self", 0777, .link = link_self },
	{ "stat", 0444, .show = show_stat },
	{ "sys", 0555, .children = sys_entries },
	{ "sysrq-trigger", 0200, .show = show_nothing, .store = store_sysrq },
	{ "thread-self", 0777, .link = link_thread_self },
	{ "uptime", 0444, .show = show_uptime },
	{ "version", 0444, .show = show_version },
	{},
};
