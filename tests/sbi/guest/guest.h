/* SPDX-License-Identifier: MIT */
/*
 * The conformance guest: named cases that look at an SBI implementation from
 * S-mode, as any kernel sees it, and say what they expected and what they got.
 *
 *	EXTENSION_CASE(SBI_EXT_PMU, pmu_has_counters)
 *	{
 *		struct sbi_ret ret = sbi_call(SBI_EXT_PMU, 0, 0, 0, 0);
 *
 *		expect_error("num_counters", ret, SBI_SUCCESS);
 *	}
 *
 * Each becomes a line `ok NAME`, `not ok NAME: ...` or `skip NAME: ...` on the
 * console.  Cases run one after another on the hart that booted; the others
 * are stopped between cases, and hart.h starts them.  A case leaves behind
 * what it found: counters stopped, events unregistered, interrupts off.
 * The first expectation of a case that fails is the one that is reported.
 */
#pragma once

#include <lib/types.h>

#include "sbi_call.h"

struct guest_case {
	const char *name;
	long extension; /* that must be there, or NO_EXTENSION */
	void (*run)(void);
};

#define NO_EXTENSION (-1l)

#define EXTENSION_CASE(extension_, name_)                                      \
	static void name_(void);                                               \
	/* no_reorder: they run in the order of the source. */                 \
	static const struct guest_case name_##_entry __used                    \
		__attribute__((no_reorder))                                    \
		__section(".cases") = { .name = #name_,                        \
					.extension = (extension_),             \
					.run = name_ };                        \
	static void name_(void)

#define CASE(name_) EXTENSION_CASE(NO_EXTENSION, name_)

/* Print to the console that the firmware has. */
__printf(1, 2) void guest_print(const char *format, ...);

/* End the case as failed, unless it failed before. */
__printf(1, 2) void fail(const char *format, ...);

/* End the case as not applicable; the reason is printed. */
void skip(const char *reason);

/* Each says in one word what was looked at, and returns whether it was so. */
bool expect(const char *what, uint64_t expected, uint64_t got);
bool expect_true(const char *what, bool got);
bool expect_error(const char *what, struct sbi_ret ret, long error);

/* As expect_error(SBI_SUCCESS), with the value too. */
bool expect_value(const char *what, struct sbi_ret ret, uint64_t value);

/* Does sbi_probe_extension() say that it is there? */
bool extension_is_there(long extension);

/* Is there a word name or name=value in /chosen/bootargs? */
bool option_get(const char *name, const char **value);

/* The time CSR, and its ticks in a millisecond. */
uint64_t time_now(void);
uint64_t time_ms(void);

/*
 * Wait until *flag is at least wanted, but at most half a minute.
 * Returns whether it came.
 */
bool wait_for(const volatile unsigned int *flag, unsigned int wanted);
