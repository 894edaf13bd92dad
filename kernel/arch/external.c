// SPDX-License-Identifier: MIT
/*
 * External interrupts, directly or by way of the firmware.
 *
 * On the K210 no supervisor external interrupt ever comes.  Our firmware takes
 * the one of machine mode there, masks it (its level stays up until it is
 * claimed) and raises a soft interrupt; docs/firmware.md tells of the calls.
 * We claim from the controller's machine context, then call for the next.
 */
#include <arch/external.h>

#include <arch/hart.h>
#include <arch/sbi.h>
#include <arch/smp.h>
#include <core/init.h>
#include <dev/irq.h>
#include <lib/csr.h>
#include <lib/sbi.h>

void (*external_soft_interrupt)(struct hart *hart) = ipi_handle;
static bool is_forwarded; /* [I] after external_init() */

/* Its pending bit is cleared first: what is forwarded later sets it again. */
static void soft_interrupt_forwarded(struct hart *hart)
{
	ipi_handle(hart);
	if (sbi_k210(SBI_K210_EXTERNAL_TAKE)) {
		irq_root_handler();
		sbi_k210(SBI_K210_EXTERNAL_REARM);
	}
}

__init void external_init(void)
{
	if (!sbi_has_k210())
		return;
	is_forwarded = true;
	external_soft_interrupt = soft_interrupt_forwarded;
}

unsigned external_cause(void)
{
	return is_forwarded ? IRQ_M_EXT : IRQ_S_EXT;
}

void external_enable_hart(void)
{
	if (is_forwarded)
		sbi_k210(SBI_K210_EXTERNAL_ENABLE);
	else
		csr_set(CSR_SIE, SIE_SEIE);
}
