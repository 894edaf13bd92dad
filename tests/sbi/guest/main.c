// SPDX-License-Identifier: MIT
/*
 * Runs the cases and ends the machine.  Words of /chosen/bootargs choose:
 *
 *     only=NAME     run the case NAME alone; may be there several times
 *     skip=NAME     leave the case NAME out; likewise
 *     end=HOW       off (default), cold, warm: how SRST ends the machine;
 *                   legacy: extension 8; failure: off, with that reason
 *     crash=ADDR    clear 8 bytes there before: where nothing guards firmware,
 *                   its code
 */
#include <stdlib.h>
#include <string.h>

#include <lib/csr.h>
#include <lib/fdt.h>

#include "guest.h"
#include "hart.h"
#include "machine.h"
#include "report.h"
#include "trap.h"

extern const struct guest_case cases_start[];
extern const struct guest_case cases_end[];

__noreturn void guest_main(uint64_t hart_id, const void *fdt);

static const char *bootargs = "";
static uint64_t ticks_per_ms = 10000;

/* The next word of bootargs at or after at that is called name, or NULL. */
static const char *option_find(const char *at, const char *name)
{
	size_t len = strlen(name);

	while (*at) {
		at += strspn(at, " ");
		if (strcspn(at, "= ") == len && !strncmp(at, name, len))
			return at;
		at += strcspn(at, " ");
	}
	return NULL;
}

bool option_get(const char *name, const char **value)
{
	const char *at = option_find(bootargs, name);

	if (at)
		*value = at + strlen(name) + (at[strlen(name)] == '=');
	return at;
}

/* Does one of the words called name have this value? */
static bool option_is(const char *name, const char *wanted)
{
	const char *at = bootargs;

	while ((at = option_find(at, name))) {
		at += strcspn(at, "= ");
		at += *at == '=';
		if (strcspn(at, " ") == strlen(wanted) &&
		    !strncmp(at, wanted, strlen(wanted)))
			return true;
	}
	return false;
}

uint64_t time_now(void)
{
	return csr_read(CSR_TIME);
}

uint64_t time_ms(void)
{
	return ticks_per_ms;
}

bool wait_for(const volatile unsigned int *flag, unsigned int wanted)
{
	uint64_t end = time_now() + 30000 * ticks_per_ms;

	while (__atomic_load_n(flag, __ATOMIC_ACQUIRE) < wanted) {
		if (time_now() > end)
			return false;
	}
	return true;
}

static void read_tree(const void *fdt)
{
	int chosen = fdt_path_offset(fdt, "/chosen");
	int cpus = fdt_path_offset(fdt, "/cpus");
	uint32_t frequency;

	if (chosen >= 0 && dt_get_string(fdt, chosen, "bootargs"))
		bootargs = dt_get_string(fdt, chosen, "bootargs");
	if (cpus >= 0 &&
	    !dt_get_u32(fdt, cpus, "timebase-frequency", &frequency))
		ticks_per_ms = frequency / 1000;
}

static bool case_is_wanted(const struct guest_case *test)
{
	const char *name;

	if (option_is("skip", test->name))
		return false;
	return !option_get("only", &name) || option_is("only", test->name);
}

static void run_cases(void)
{
	const struct guest_case *test;

	for (test = cases_start; test < cases_end; test++) {
		if (!case_is_wanted(test))
			continue;
		report_begin(test->name);
		if (test->extension != NO_EXTENSION &&
		    !extension_is_there(test->extension))
			skip("not there");
		else
			test->run();
		report_end();
	}
	report_summary();
}

static void end_machine(void)
{
	uint64_t type = SBI_SRST_SHUTDOWN;
	uint64_t reason = SBI_SRST_REASON_NONE;
	const char *addr;

	if (option_get("crash", &addr)) {
		*(volatile uint64_t *)strtoul(addr, NULL, 16) = 0;
		__asm__ volatile("fence.i" ::: "memory");
	}
	if (option_is("end", "legacy"))
		sbi_legacy(SBI_EXT_LEGACY_SHUTDOWN, 0, 0, 0, 0);
	else if (option_is("end", "cold"))
		type = SBI_SRST_COLD_REBOOT;
	else if (option_is("end", "warm"))
		type = SBI_SRST_WARM_REBOOT;
	else if (option_is("end", "failure"))
		reason = SBI_SRST_REASON_FAILURE;
	sbi_call(SBI_EXT_SRST, SBI_SRST_RESET, type, reason, 0);
	guest_print("guest: system_reset came back\n");
}

__noreturn void guest_main(uint64_t hart_id, const void *fdt)
{
	harts_init(fdt, hart_id);
	trap_init_hart(&harts[0]);
	read_tree(fdt);
	guest_print("guest: hart %lu of %u, device tree at %p\n", hart_id,
		    hart_count, fdt);
	machine_init(fdt);
	run_cases();
	end_machine();
	for (;;)
		wfi();
}
