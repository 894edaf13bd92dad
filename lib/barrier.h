/* SPDX-License-Identifier: MIT */
/*
 * Memory barriers (RISC-V unprivileged ISA, "FENCE").  smp_*() order ordinary
 * memory between harts; mb(), rmb() and wmb() order device registers too.
 */
#pragma once

#define RISCV_FENCE(before, after)                                             \
	__asm__ volatile("fence " #before "," #after ::: "memory")

#define barrier() __asm__ volatile("" ::: "memory")

#define mb()  RISCV_FENCE(iorw, iorw)
#define rmb() RISCV_FENCE(ir, ir)
#define wmb() RISCV_FENCE(ow, ow)

#define smp_mb()  RISCV_FENCE(rw, rw)
#define smp_rmb() RISCV_FENCE(r, r)
#define smp_wmb() RISCV_FENCE(w, w)

/* One turn of a busy loop: Zihintpause's PAUSE, a plain hint where unknown. */
static inline void cpu_relax(void)
{
	__asm__ volatile(".4byte 0x0100000f" ::: "memory");
}
