// SPDX-License-Identifier: MIT
/*
 * Our vendor extension for harts of version 1.9.1 (docs/firmware.md): external
 * interrupts, and who minds PUM.
 *
 * The K210's PLIC raises MEIP only.  Firmware turns that into a supervisor
 * software interrupt and notes it; S-mode finds the note (take), claims and
 * completes on the PLIC's M context of its hart, and lets the next one come
 * (rearm).  In between MEIP stays up, so that its enable has to be off.
 */
#include "extensions.h"

#include <hart.h>
#include <lib/csr.h>
#include <priv19.h>
#include <trap.h>

static _Thread_local bool is_forwarded; /* [o] */

static void forward(void)
{
	csr_clear(CSR_MIE, MIP_MEIP);
	is_forwarded = true;
	csr_set(CSR_MIP, MIP_SSIP);
}

static bool k210_probe(void)
{
	if (!hart_has(HART_IS_PRIV19))
		return false;
	trap_set_external_handler(forward);
	return true;
}

/* cpu_init() has switched all interrupts off. */
static void k210_init_hart(void)
{
	is_forwarded = false;
}

static struct sbi_ret take(void)
{
	bool was_forwarded = is_forwarded;

	is_forwarded = false;
	return sbi_value(was_forwarded);
}

static struct sbi_ret k210_call(const uint64_t *arg, uint64_t function)
{
	(void)arg;
	switch (function) {
	case SBI_K210_PUM_AWARE:
		priv19_pum_is_understood();
		return sbi_value(0);
	case SBI_K210_EXTERNAL_ENABLE:
	case SBI_K210_EXTERNAL_REARM:
		csr_set(CSR_MIE, MIP_MEIP);
		return sbi_value(0);
	case SBI_K210_EXTERNAL_DISABLE:
		csr_clear(CSR_MIE, MIP_MEIP);
		is_forwarded = false;
		return sbi_value(0);
	case SBI_K210_EXTERNAL_TAKE:
		return take();
	default:
		return sbi_error(SBI_ERR_NOT_SUPPORTED);
	}
}

const struct sbi_extension k210_extension = {
	.probe = k210_probe,
	.init_hart = k210_init_hart,
	.call = k210_call,
};
