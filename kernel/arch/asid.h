// SPDX-License-Identifier: MIT
/*
 * Address-space identifiers: TLB entries of several address spaces side by side.
 */
#pragma once

#include <arch/pgtable.h>

struct hart;

/* Find out how many there are.  Once, by the boot hart, paging on. */
void asid_probe(void);

/* Write satp, with an identifier that is current, or with a flush.
 * Interrupts off. */
void asid_switch(struct hart *hart, pte_t *root);

/* Forget this hart's translations below the root that was just switched to. */
void asid_flush(const pte_t *root);
