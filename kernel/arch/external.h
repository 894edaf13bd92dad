// SPDX-License-Identifier: MIT
/*
 * How the interrupts of devices reach a hart: as the supervisor external
 * interrupt, or, on the K210, forwarded by the firmware (arch/external.c).
 */
#pragma once

struct hart;

/*
 * The cause under which device trees list the interrupt controller's output
 * that ends up here: IRQ_S_EXT, or IRQ_M_EXT of which firmware tells us.
 */
unsigned external_cause(void);
/* Let them through to this hart.  Interrupts off. */
void external_enable_hart(void);

/* For trap.c: the soft interrupt, which may stand for one.  Interrupts off. */
extern void (*external_soft_interrupt)(struct hart *hart); /* [I] after boot */

/* Learn which way it is.  Needs sbi_init(), before any interrupt. */
void external_init(void);
