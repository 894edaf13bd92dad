/* SPDX-License-Identifier: MIT */
/*
 * The list of extensions: id and object.  A new one is a file in this folder, a
 * line here and a line in the SConscript.
 */
#pragma once

#include <ecall.h>

#define EXTENSIONS(X)                                                          \
	X(SBI_EXT_LEGACY_SET_TIMER, legacy_set_timer)                          \
	X(SBI_EXT_LEGACY_PUTCHAR, legacy_putchar)                              \
	X(SBI_EXT_LEGACY_GETCHAR, legacy_getchar)                              \
	X(SBI_EXT_LEGACY_CLEAR_IPI, legacy_clear_ipi)                          \
	X(SBI_EXT_LEGACY_SEND_IPI, legacy_send_ipi)                            \
	X(SBI_EXT_LEGACY_FENCE_I, legacy_fence_i)                              \
	X(SBI_EXT_LEGACY_SFENCE_VMA, legacy_sfence_vma)                        \
	X(SBI_EXT_LEGACY_SFENCE_VMA_ASID, legacy_sfence_vma_asid)              \
	X(SBI_EXT_LEGACY_SHUTDOWN, legacy_shutdown)                            \
	X(SBI_EXT_BASE, base)                                                  \
	X(SBI_EXT_TIME, time)                                                  \
	X(SBI_EXT_IPI, ipi)                                                    \
	X(SBI_EXT_RFENCE, rfence)                                              \
	X(SBI_EXT_HSM, hsm)                                                    \
	X(SBI_EXT_SRST, srst)                                                  \
	X(SBI_EXT_DBCN, dbcn)                                                  \
	X(SBI_EXT_SUSP, susp)                                                  \
	X(SBI_EXT_PMU, pmu)                                                    \
	X(SBI_EXT_FWFT, fwft)                                                  \
	X(SBI_EXT_SSE, sse)                                                    \
	X(SBI_EXT_STA, sta)                                                    \
	X(SBI_EXT_DBTR, dbtr)                                                  \
	X(SBI_EXT_K210, k210)

#define DECLARE(id, name) extern const struct sbi_extension name##_extension;
EXTENSIONS(DECLARE)
