/* SPDX-License-Identifier: MIT */
/*
 * Numbers of the RISC-V Supervisor Binary Interface 3.0, as both sides of the
 * call use them.  Assembly shares the constants.
 */
#pragma once

/* Error codes (chapter 3) */
#define SBI_SUCCESS               0
#define SBI_ERR_FAILED            (-1)
#define SBI_ERR_NOT_SUPPORTED     (-2)
#define SBI_ERR_INVALID_PARAM     (-3)
#define SBI_ERR_DENIED            (-4)
#define SBI_ERR_INVALID_ADDRESS   (-5)
#define SBI_ERR_ALREADY_AVAILABLE (-6)
#define SBI_ERR_ALREADY_STARTED   (-7)
#define SBI_ERR_ALREADY_STOPPED   (-8)
#define SBI_ERR_NO_SHMEM          (-9)
#define SBI_ERR_INVALID_STATE     (-10)
#define SBI_ERR_BAD_RANGE         (-11)
#define SBI_ERR_TIMEOUT           (-12)
#define SBI_ERR_IO                (-13)
#define SBI_ERR_DENIED_LOCKED     (-14)

/* Extension ids */
#define SBI_EXT_LEGACY_SET_TIMER       0x0
#define SBI_EXT_LEGACY_PUTCHAR         0x1
#define SBI_EXT_LEGACY_GETCHAR         0x2
#define SBI_EXT_LEGACY_CLEAR_IPI       0x3
#define SBI_EXT_LEGACY_SEND_IPI        0x4
#define SBI_EXT_LEGACY_FENCE_I         0x5
#define SBI_EXT_LEGACY_SFENCE_VMA      0x6
#define SBI_EXT_LEGACY_SFENCE_VMA_ASID 0x7
#define SBI_EXT_LEGACY_SHUTDOWN        0x8
#define SBI_EXT_BASE                   0x10
#define SBI_EXT_TIME                   0x54494d45
#define SBI_EXT_IPI                    0x735049
#define SBI_EXT_RFENCE                 0x52464e43
#define SBI_EXT_HSM                    0x48534d
#define SBI_EXT_SRST                   0x53525354
#define SBI_EXT_PMU                    0x504d55
#define SBI_EXT_DBCN                   0x4442434e
#define SBI_EXT_SUSP                   0x53555350
#define SBI_EXT_CPPC                   0x43505043
#define SBI_EXT_NACL                   0x4e41434c
#define SBI_EXT_STA                    0x535441
#define SBI_EXT_SSE                    0x535345
#define SBI_EXT_FWFT                   0x46574654
#define SBI_EXT_DBTR                   0x44425452
#define SBI_EXT_MPXY                   0x4d505859

/* Base extension (chapter 4) */
#define SBI_BASE_GET_SPEC_VERSION 0
#define SBI_BASE_GET_IMPL_ID      1
#define SBI_BASE_GET_IMPL_VERSION 2
#define SBI_BASE_PROBE_EXTENSION  3
#define SBI_BASE_GET_MVENDORID    4
#define SBI_BASE_GET_MARCHID      5
#define SBI_BASE_GET_MIMPID       6

/* Timer, IPI (chapters 6, 7) */
#define SBI_TIME_SET_TIMER 0
#define SBI_IPI_SEND_IPI   0

/* Remote fences (chapter 8) */
#define SBI_RFENCE_FENCE_I          0
#define SBI_RFENCE_SFENCE_VMA       1
#define SBI_RFENCE_SFENCE_VMA_ASID  2
#define SBI_RFENCE_HFENCE_GVMA_VMID 3
#define SBI_RFENCE_HFENCE_GVMA      4
#define SBI_RFENCE_HFENCE_VVMA_ASID 5
#define SBI_RFENCE_HFENCE_VVMA      6

/* Hart state management (chapter 9) */
#define SBI_HSM_HART_START   0
#define SBI_HSM_HART_STOP    1
#define SBI_HSM_HART_STATUS  2
#define SBI_HSM_HART_SUSPEND 3

#define SBI_HSM_STARTED         0
#define SBI_HSM_STOPPED         1
#define SBI_HSM_START_PENDING   2
#define SBI_HSM_STOP_PENDING    3
#define SBI_HSM_SUSPENDED       4
#define SBI_HSM_SUSPEND_PENDING 5
#define SBI_HSM_RESUME_PENDING  6

#define SBI_HSM_SUSPEND_RETENTIVE     0x00000000
#define SBI_HSM_SUSPEND_NON_RETENTIVE 0x80000000

/* System reset (chapter 10) */
#define SBI_SRST_RESET 0

#define SBI_SRST_SHUTDOWN    0
#define SBI_SRST_COLD_REBOOT 1
#define SBI_SRST_WARM_REBOOT 2

#define SBI_SRST_REASON_NONE    0
#define SBI_SRST_REASON_FAILURE 1

/* Debug console (chapter 12) */
#define SBI_DBCN_WRITE      0
#define SBI_DBCN_READ       1
#define SBI_DBCN_WRITE_BYTE 2

/* System suspend (chapter 13) */
#define SBI_SUSP_SUSPEND 0

#define SBI_SUSP_TO_RAM 0

/*
 * Vendor extension of our firmware on the K210 (0x09000000 | mvendorid), whose
 * harts lack what later versions of the privileged architecture have;
 * docs/firmware.md tells.
 */
#define SBI_EXT_K210 0x090004b5

#define SBI_K210_PUM_AWARE        0 /* the kernel minds sstatus.PUM itself */
#define SBI_K210_EXTERNAL_ENABLE  1 /* forward this hart's M interrupts */
#define SBI_K210_EXTERNAL_DISABLE 2
#define SBI_K210_EXTERNAL_TAKE    3 /* value 1: one was forwarded */
#define SBI_K210_EXTERNAL_REARM   4 /* all are claimed: forward the next */

/* A hart mask base that means every hart. */
#define SBI_HART_MASK_ALL (-1ul)
