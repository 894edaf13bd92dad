// SPDX-License-Identifier: MIT
/*
 * The timer; see timer.h.  All that is written belongs to the running hart.
 */
#include "timer.h"

#include <lib/csr.h>
#include <lib/fdt.h>
#include <lib/mmio.h>

#include "hart.h"

static uint64_t __iomem *mtime; /* [I] after boot; NULL: there is none */

uint64_t timer_hz;

void timer_init(const void *fdt)
{
	dt_get_number(fdt, dt_find_path(fdt, "/cpus", 5), "timebase-frequency",
		      &timer_hz);
}

void timer_register_mtime(uint64_t __iomem *regs)
{
	mtime = regs;
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
	return mtime ? mmio_read64(mtime) : 0;
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
