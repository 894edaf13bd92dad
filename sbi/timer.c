// SPDX-License-Identifier: MIT
/*
 * The timer; see timer.h.  All that is written belongs to the running hart.
 */
#include "timer.h"

#include <lib/csr.h>
#include <lib/fdt.h>
#include <lib/mmio.h>

#include "hart.h"

#define TIMEBASE "timebase-frequency" /* of /cpus */

/* [I] after boot; NULL: there is none.  priv19_entry.S reads it, too. */
extern uint64_t __iomem *timer_mtime;
uint64_t __iomem *timer_mtime;

uint64_t timer_hz;

void timer_init(const void *fdt)
{
	if (!timer_hz)
		dt_get_number(fdt, dt_find_path(fdt, "/cpus", 5), TIMEBASE,
			      &timer_hz);
}

int timer_fix_tree(void *fdt)
{
	int cpus = dt_find_path(fdt, "/cpus", 5);
	uint64_t hz = timer_hz;

	dt_get_number(fdt, cpus, TIMEBASE, &hz);
	return hz == timer_hz ? 0
			      : fdt_setprop_u32(fdt, cpus, TIMEBASE, timer_hz);
}

void timer_register_hz(uint64_t hz)
{
	timer_hz = hz;
}

void timer_register_mtime(uint64_t __iomem *regs)
{
	timer_mtime = regs;
}

bool timer_is_present(void)
{
	return hart_has(HART_HAS_SSTC) || this_hart.mtimecmp;
}

void timer_init_hart(void)
{
	if (hart_has(HART_HAS_SSTC))
		csr_write(CSR_STIMECMP, -1ul);
	if (this_hart.mtimecmp)
		mmio_write64(-1ul, this_hart.mtimecmp);
}

uint64_t timer_read(void)
{
	if (hart_has(HART_HAS_TIME))
		return csr_read(CSR_TIME);
	return timer_mtime ? mmio_read64(timer_mtime) : 0;
}

void timer_set(uint64_t when)
{
	if (hart_has(HART_HAS_SSTC)) {
		csr_write(CSR_STIMECMP, when);
		return;
	}
	csr_clear(CSR_MIP, MIP_STIP);
	if (this_hart.mtimecmp) {
		mmio_write64_relaxed(when, this_hart.mtimecmp);
		csr_set(CSR_MIE, MIP_MTIP);
	}
}

void timer_interrupt(void)
{
	/* MTIP stays up until S-mode sets the timer anew: mask it. */
	csr_clear(CSR_MIE, MIP_MTIP);
	csr_set(CSR_MIP, MIP_STIP);
}
