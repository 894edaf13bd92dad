// SPDX-License-Identifier: MIT
/*
 * The vDSO: code of the kernel's that processes call; vdso(7).
 *
 * Two pages at a fixed place at the top of every address space, above the
 * stack: the clock's data, then the shared object.
 */
#pragma once

#include <lib/types.h>

#include <arch/layout.h>

struct mm;

#define VDSO_DATA_ADDR        (USER_TOP - 0x4000)
#define VDSO_ADDR             (VDSO_DATA_ADDR + 0x1000) /* AT_SYSINFO_EHDR */
#define VDSO_SIGRETURN_OFFSET 0x800 /* as arch/vdso/vdso.ld says */

/* Where signal handlers return to. */
#define VDSO_SIGRETURN (VDSO_ADDR + VDSO_SIGRETURN_OFFSET)

/* Make the pages.  Needs pages and time.  Boot; panics without memory. */
void vdso_init(void);

/* Map them, for exec.  0 or -ENOMEM.  Thread; takes mm->lock. */
int vdso_map(struct mm *mm);
