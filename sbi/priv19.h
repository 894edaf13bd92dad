/* SPDX-License-Identifier: MIT */
/*
 * Harts of version 1.9.1 of the privileged architecture (HART_IS_PRIV19): those
 * of the K210.
 *
 * S-mode is shown what a kernel for 1.10 needs.  The hardware differs in this:
 *
 *   paging      is switched by mstatus.VM, which S-mode can't reach.  S-mode
 *               runs with Sv39 on from the start; "no paging" is a root that
 *               maps the first 4 GiB to themselves
 *   page faults come as access faults: priv19_fault.c walks the tables to tell
 *   sfence.vma  does not exist, nor do time and scounteren: emulated
 *   SUM         is PUM, its opposite: see priv19_pum_is_understood()
 *   SEIP        never arrives: ext/k210.c
 *
 * All is called for such harts only, by the files that know the newer versions.
 * Sources: The RISC-V Instruction Set Manual, volume II, version 1.9.1; what
 * the chip itself does is from the Kendryte SDK and earlier ports, and marked.
 */
#pragma once

#include <lib/csr.h>
#include <lib/types.h>

#include "trap.h"

/* The exceptions that S-mode could have, but are not what they seem. */
#define PRIV19_OWN_EXCEPTIONS                                                  \
	(BIT(CAUSE_FETCH_ACCESS) | BIT(CAUSE_LOAD_ACCESS) |                    \
	 BIT(CAUSE_STORE_ACCESS))

/* Only asked of a hart without mcounteren: does it switch paging by VM? */
bool priv19_is_this_hart(void);

/* What cpu_init() does for others: counters, the trap vector. */
void priv19_init_hart(void);

/* Give S-mode the identity root and Sv39, with nothing remembered. */
void priv19_map_identity(void);

/* "satp = 0" came before: no such root is meant, but the identity. */
void priv19_repair_root(void);

/*
 * At the start of an exception: repair the root, forget what mtval does not say, and lift PUM
 * where it does not matter, since page-table walks for our own accesses in the
 * caller's name would obey it.  Returns the bit of mstatus to set at the end.
 */
uint64_t priv19_begin_exception(struct trap_info *info);

/* Do sfence.vma or an access to scounteren; false: it is neither. */
bool priv19_emulate(struct trap_frame *frame, uint32_t insn);

/* What scounteren would hold. */
uint64_t priv19_scounteren(void);

/*
 * If info is an access fault of the code that trapped, find out what it is.
 * True: its cause is gone, and the instruction shall be tried again.  Else info
 * is what S-mode shall see, a page fault where the tables refuse the access.
 */
bool priv19_resolve_fault(struct trap_info *info);

/* Called by priv19_entry.S: an access fault of S-mode or U-mode. */
void priv19_access_fault(void);

/*
 * From now on a kernel that knows PUM runs: what PUM refuses are page faults.
 * Before, PUM set means that a kernel of 1.10 set SUM to get at user memory,
 * and it is cleared when it refuses that.  For all harts and for good.
 */
void priv19_pum_is_understood(void);

/* In priv19_entry.S: mtvec, with short ways for what is frequent. */
extern char priv19_trap_entry[];
