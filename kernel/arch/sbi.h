// SPDX-License-Identifier: MIT
/*
 * Calls to the firmware: RISC-V Supervisor Binary Interface 2.0, with the
 * legacy calls of 0.1 where an extension is missing.
 *
 * sbi_init() asks once which extensions there are.  Harts are named by their
 * hardware ids here, physical addresses by paddr_t.
 * Context: any, unless a comment says otherwise.
 */
#pragma once

#include <lib/types.h>

/* Probe extensions.  Once, before all others here. */
void sbi_init(void);
/* As "SBI 2.0, OpenSBI 1.1", for the boot log. */
size_t sbi_describe(char *buf, size_t len);

/* mvendorid, marchid or mimpid, by SBI_BASE_GET_*; 0 where unknown.  Needs
 * nothing, works at physical addresses. */
uint64_t sbi_machine_id(unsigned long which);

/* Is there the K210's vendor extension (lib/sbi.h)?  Needs nothing, either.
 * Call one of its functions: the value that it returns. */
bool sbi_has_k210(void);
long sbi_k210(unsigned long fn);

/* Can this hart reach stimecmp (Sstc)?  The device tree alone does not tell:
 * firmware must have enabled it.  Needs trap_init_hart(). */
bool sbi_probe_stimecmp(void);
/* From now on clock events go through stimecmp.  Once, at boot. */
void sbi_use_stimecmp(void);
/* One interrupt when the time counter reaches that value; clears the pending. */
void sbi_set_timer(uint64_t counter);

void sbi_send_ipi(unsigned long hart_id);

/*
 * Make the harts of the mask (bit n: id base + n) forget translations of
 * [start, start + size), all of them if size is ~0; or fetch instructions anew.
 * They have done so on return.
 */
void sbi_remote_sfence_vma(unsigned long mask, unsigned long base,
			   uintptr_t start, size_t size);
void sbi_remote_fence_i(unsigned long mask, unsigned long base);

/* Start a hart at entry (physical), with a1 = opaque.  0 or -EIO. */
__must_check int sbi_hart_start(unsigned long hart_id, paddr_t entry,
				uint64_t opaque);

/* Print on the firmware's console.  text lies in the image's data. */
void sbi_console_write(const char *text, size_t len);
/* Take what has been typed there, at most len bytes, into buf, which lies in
 * the image's data.  Returns the bytes; never waits. */
size_t sbi_console_read(char *buf, size_t len);

/* Return only if the firmware knows no way. */
void sbi_shutdown(bool failure);
void sbi_reboot(void);
