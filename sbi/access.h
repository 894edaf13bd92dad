/* SPDX-License-Identifier: MIT */
/*
 * Memory as the code that trapped sees it: through its page tables, with its
 * rights, by mstatus.MPRV (privileged architecture, section 3.1.6.3).
 */
#pragma once

#include <lib/types.h>

/* fault is 0, or the cause of the access fault or page fault plus 1. */
struct access_result {
	uint64_t value;
	uint64_t fault;
};

/* In access.S.  len is 1 to 8 bytes, at any alignment; little-endian. */
struct access_result access_load(uint64_t addr, uint64_t len);

/* As access_load(), from memory that may be executable only. */
struct access_result access_fetch(uint64_t addr, uint64_t len);

/* Returns fault.  Bytes before the one that faults are written. */
uint64_t access_store(uint64_t addr, uint64_t len, uint64_t value);

/* In access_fp.S: the nth floating-point register, bit by bit. */
uint64_t fp_read(unsigned int nth);
void fp_write(unsigned int nth, uint64_t value);
