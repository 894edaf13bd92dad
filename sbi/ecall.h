/* SPDX-License-Identifier: MIT */
/*
 * SBI calls: what an extension is, and the way to it.
 */
#pragma once

#include <lib/sbi.h>
#include <lib/types.h>

#include "hart.h"

/* What a call returns in a0 and a1. */
struct sbi_ret {
	long error; /* SBI_SUCCESS or SBI_ERR_* */
	uint64_t value;
};

/*
 * An extension: const data in its own file under ext/, named in the table of
 * ecall.c.  It knows the mechanisms of the firmware but no other extension.
 */
struct sbi_extension {
	/*
	 * May it serve S-mode on this machine?  Also the place to prepare for
	 * it.  NULL: always.  Context: boot hart, after the drivers.
	 */
	bool (*probe)(void);

	/* Each hart, when it starts; NULL: nothing to do. */
	void (*init_hart)(void);

	/* One call: arg has a0 to a5, function is a6. */
	struct sbi_ret (*call)(const uint64_t *arg, uint64_t function);
};

/* Ask the extensions whether they are there.  Boot hart, after drivers. */
void ecall_init(void);

/* Let each extension prepare the running hart. */
void ecall_init_hart(void);

/* Does S-mode find this extension? */
bool ecall_is_available(uint64_t extension);

/* Called by trap.S: serve the call in frame. */
struct sbi_ret ecall_dispatch(const struct trap_frame *frame);

static inline struct sbi_ret sbi_error(long error)
{
	return (struct sbi_ret){ .error = error };
}

static inline struct sbi_ret sbi_value(uint64_t value)
{
	return (struct sbi_ret){ .value = value };
}
