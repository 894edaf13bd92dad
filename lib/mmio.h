/* SPDX-License-Identifier: MIT */
/*
 * Device registers.
 *
 * The plain accessors are ordered: a write is seen by the device after all
 * memory written before it (a DMA descriptor, say), and what is read from
 * memory after a read is as new as that read.  The _relaxed ones are ordered
 * only among themselves and to one device, and are for registers that have
 * nothing to do with memory.
 *
 * Values come first, as data flows to the register: mmio_write32(value, addr).
 */
#pragma once

#include <lib/barrier.h>
#include <lib/types.h>

#define MMIO_DEFINE(bits)                                                      \
	static inline uint##bits##_t mmio_read##bits##_relaxed(                \
		const volatile void __iomem *addr)                             \
	{                                                                      \
		return *(__force const volatile uint##bits##_t *)addr;         \
	}                                                                      \
                                                                               \
	static inline void mmio_write##bits##_relaxed(                         \
		uint##bits##_t value, volatile void __iomem *addr)             \
	{                                                                      \
		*(__force volatile uint##bits##_t *)addr = value;              \
	}                                                                      \
                                                                               \
	static inline uint##bits##_t mmio_read##bits(                          \
		const volatile void __iomem *addr)                             \
	{                                                                      \
		uint##bits##_t value = mmio_read##bits##_relaxed(addr);        \
                                                                               \
		RISCV_FENCE(i, ir);                                            \
		return value;                                                  \
	}                                                                      \
                                                                               \
	static inline void mmio_write##bits(uint##bits##_t value,              \
					    volatile void __iomem *addr)       \
	{                                                                      \
		RISCV_FENCE(w, o);                                             \
		mmio_write##bits##_relaxed(value, addr);                       \
	}

MMIO_DEFINE(8)
MMIO_DEFINE(16)
MMIO_DEFINE(32)
MMIO_DEFINE(64)

#undef MMIO_DEFINE
