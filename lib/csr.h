/* SPDX-License-Identifier: MIT */
/*
 * Control and status registers of the privileged architecture 1.12 with the
 * extensions that we use, and the instructions that go with them.
 *
 * Registers are named by number: assemblers older than an extension take them
 * too.  Assembly shares the constants.
 */
#pragma once

/* Unprivileged */
#define CSR_CYCLE   0xc00
#define CSR_TIME    0xc01
#define CSR_INSTRET 0xc02

/* Supervisor */
#define CSR_SSTATUS    0x100
#define CSR_SIE        0x104
#define CSR_STVEC      0x105
#define CSR_SCOUNTEREN 0x106
#define CSR_SENVCFG    0x10a
#define CSR_SSCRATCH   0x140
#define CSR_SEPC       0x141
#define CSR_SCAUSE     0x142
#define CSR_STVAL      0x143
#define CSR_SIP        0x144
#define CSR_STIMECMP   0x14d
#define CSR_SATP       0x180
#define CSR_SCOUNTOVF  0xda0

/* Hypervisor and virtual supervisor */
#define CSR_VSSTATUS   0x200
#define CSR_VSTVEC     0x205
#define CSR_VSEPC      0x241
#define CSR_VSCAUSE    0x242
#define CSR_VSTVAL     0x243
#define CSR_HSTATUS    0x600
#define CSR_HEDELEG    0x602
#define CSR_HIDELEG    0x603
#define CSR_HCOUNTEREN 0x606
#define CSR_HTVAL      0x643
#define CSR_HTINST     0x64a
#define CSR_HGATP      0x680

/* Machine */
#define CSR_MSTATUS       0x300
#define CSR_MISA          0x301
#define CSR_MEDELEG       0x302
#define CSR_MIDELEG       0x303
#define CSR_MIE           0x304
#define CSR_MTVEC         0x305
#define CSR_MCOUNTEREN    0x306
#define CSR_MENVCFG       0x30a
#define CSR_MSTATEEN0     0x30c
#define CSR_MCOUNTINHIBIT 0x320
#define CSR_MHPMEVENT3    0x323
#define CSR_MSCRATCH      0x340
#define CSR_MEPC          0x341
#define CSR_MCAUSE        0x342
#define CSR_MTVAL         0x343
#define CSR_MIP           0x344
#define CSR_MTINST        0x34a
#define CSR_MTVAL2        0x34b
#define CSR_PMPCFG0       0x3a0
#define CSR_PMPADDR0      0x3b0
#define CSR_MSECCFG       0x747
#define CSR_TSELECT       0x7a0
#define CSR_TDATA1        0x7a1
#define CSR_TDATA2        0x7a2
#define CSR_TDATA3        0x7a3
#define CSR_TINFO         0x7a4
#define CSR_MCYCLE        0xb00
#define CSR_MINSTRET      0xb02
#define CSR_MHPMCOUNTER3  0xb03
#define CSR_MVENDORID     0xf11
#define CSR_MARCHID       0xf12
#define CSR_MIMPID        0xf13
#define CSR_MHARTID       0xf14

/* Version 1.9.1, where it differs: the K210.  No time, no scounteren, no PMP. */
#define CSR_SPTBR       0x180 /* satp of 1.10: here a page number and no mode */
#define CSR_MUCOUNTEREN 0x320 /* counters for U-mode; mcountinhibit of 1.11 */
#define CSR_MSCOUNTEREN 0x321 /* counters for S-mode */

/* sstatus and mstatus */
#define SSTATUS_SIE        0x2
#define SSTATUS_SPIE       0x20
#define SSTATUS_SPP        0x100
#define SSTATUS_VS         0x600
#define SSTATUS_FS         0x6000
#define SSTATUS_FS_OFF     0x0
#define SSTATUS_FS_INITIAL 0x2000
#define SSTATUS_FS_CLEAN   0x4000
#define SSTATUS_FS_DIRTY   0x6000
#define SSTATUS_SUM        0x40000
#define SSTATUS_MXR        0x80000
#define SSTATUS_UXL_64     0x200000000
#define SSTATUS_SD         0x8000000000000000

#define MSTATUS_SIE        0x2
#define MSTATUS_MIE        0x8
#define MSTATUS_SPIE       0x20
#define MSTATUS_MPIE       0x80
#define MSTATUS_SPP        0x100
#define MSTATUS_VS_INITIAL 0x200
#define MSTATUS_VS         0x600
#define MSTATUS_MPP        0x1800
#define MSTATUS_MPP_SHIFT  11
#define MSTATUS_MPP_U      0x0
#define MSTATUS_MPP_S      0x800
#define MSTATUS_MPP_M      0x1800
#define MSTATUS_FS         0x6000
#define MSTATUS_MPRV       0x20000
#define MSTATUS_SUM        0x40000
#define MSTATUS_MXR        0x80000
#define MSTATUS_TVM        0x100000
#define MSTATUS_TW         0x200000
#define MSTATUS_TSR        0x400000
#define MSTATUS_GVA        0x4000000000
#define MSTATUS_MPV        0x8000000000

/* mstatus of version 1.9.1 */
#define MSTATUS_PUM     0x40000 /* sstatus too: S-mode can't use U-mode's pages */
#define MSTATUS_VM      0x1f000000
#define MSTATUS_VM_SV39 0x09000000

#define HSTATUS_GVA  0x40
#define HSTATUS_SPV  0x80
#define HSTATUS_SPVP 0x100

/* satp */
#define SATP_MODE_BARE  0x0
#define SATP_MODE_SV39  0x8000000000000000
#define SATP_ASID_SHIFT 44
#define SATP_ASID_MASK  0x0ffff00000000000
#define SATP_PPN_MASK   0x00000fffffffffff

/* Interrupts: numbers, and bits of mip, mie, sip, sie, mideleg */
#define IRQ_S_SOFT  1
#define IRQ_VS_SOFT 2
#define IRQ_M_SOFT  3
#define IRQ_S_TIMER 5
#define IRQ_M_TIMER 7
#define IRQ_S_EXT   9
#define IRQ_M_EXT   11
#define IRQ_COUNTER 13

#define MIP_SSIP   0x2
#define MIP_MSIP   0x8
#define MIP_STIP   0x20
#define MIP_MTIP   0x80
#define MIP_SEIP   0x200
#define MIP_MEIP   0x800
#define MIP_LCOFIP 0x2000

#define SIE_SSIE MIP_SSIP
#define SIE_STIE MIP_STIP
#define SIE_SEIE MIP_SEIP

/* scause and mcause */
#define CAUSE_INTERRUPT           0x8000000000000000
#define CAUSE_FETCH_MISALIGNED    0
#define CAUSE_FETCH_ACCESS        1
#define CAUSE_ILLEGAL             2
#define CAUSE_BREAKPOINT          3
#define CAUSE_LOAD_MISALIGNED     4
#define CAUSE_LOAD_ACCESS         5
#define CAUSE_STORE_MISALIGNED    6
#define CAUSE_STORE_ACCESS        7
#define CAUSE_USER_ECALL          8
#define CAUSE_SUPERVISOR_ECALL    9
#define CAUSE_VS_ECALL            10
#define CAUSE_MACHINE_ECALL       11
#define CAUSE_FETCH_PAGE_FAULT    12
#define CAUSE_LOAD_PAGE_FAULT     13
#define CAUSE_STORE_PAGE_FAULT    15
#define CAUSE_DOUBLE_TRAP         16
#define CAUSE_SOFTWARE_CHECK      18
#define CAUSE_FETCH_GUEST_FAULT   20
#define CAUSE_LOAD_GUEST_FAULT    21
#define CAUSE_VIRTUAL_INSTRUCTION 22
#define CAUSE_STORE_GUEST_FAULT   23

/* mcounteren, scounteren */
#define COUNTEREN_CY 0x1
#define COUNTEREN_TM 0x2
#define COUNTEREN_IR 0x4

/* menvcfg, senvcfg */
#define ENVCFG_FIOM   0x1
#define ENVCFG_LPE    0x4
#define ENVCFG_SSE    0x8
#define ENVCFG_CBIE   0x30
#define ENVCFG_CBCFE  0x40
#define ENVCFG_CBZE   0x80
#define MENVCFG_PMM   0x300000000
#define MENVCFG_DTE   0x800000000000000
#define MENVCFG_CDE   0x1000000000000000
#define MENVCFG_ADUE  0x2000000000000000
#define MENVCFG_PBMTE 0x4000000000000000
#define MENVCFG_STCE  0x8000000000000000

/* pmpcfg: one byte an entry */
#define PMP_R     0x01
#define PMP_W     0x02
#define PMP_X     0x04
#define PMP_TOR   0x08
#define PMP_NA4   0x10
#define PMP_NAPOT 0x18
#define PMP_LOCK  0x80

#ifndef __ASSEMBLER__

#include <lib/types.h>

/*
 * csr is a constant; values are of 64 bits.  All are also compiler barriers,
 * as writing one may change what the memory accesses around it do.
 */
#define csr_read(csr)                                                          \
	({                                                                     \
		uint64_t csr_v_;                                               \
                                                                               \
		__asm__ volatile("csrr %0, %1"                                 \
				 : "=r"(csr_v_)                                \
				 : "i"(csr)                                    \
				 : "memory");                                  \
		csr_v_;                                                        \
	})

#define csr_write(csr, value)                                                  \
	__asm__ volatile("csrw %0, %1"                                         \
			 :                                                     \
			 : "i"(csr), "rK"((uint64_t)(value))                   \
			 : "memory")

#define csr_set(csr, bits)                                                     \
	__asm__ volatile("csrs %0, %1"                                         \
			 :                                                     \
			 : "i"(csr), "rK"((uint64_t)(bits))                    \
			 : "memory")

#define csr_clear(csr, bits)                                                   \
	__asm__ volatile("csrc %0, %1"                                         \
			 :                                                     \
			 : "i"(csr), "rK"((uint64_t)(bits))                    \
			 : "memory")

#define CSR_SWAP_OP_(op, csr, value)                                           \
	({                                                                     \
		uint64_t csr_v_;                                               \
                                                                               \
		__asm__ volatile(op " %0, %1, %2"                              \
				 : "=r"(csr_v_)                                \
				 : "i"(csr), "rK"((uint64_t)(value))           \
				 : "memory");                                  \
		csr_v_;                                                        \
	})

/* Each gives the value from before. */
#define csr_swap(csr, value)      CSR_SWAP_OP_("csrrw", csr, value)
#define csr_read_set(csr, bits)   CSR_SWAP_OP_("csrrs", csr, bits)
#define csr_read_clear(csr, bits) CSR_SWAP_OP_("csrrc", csr, bits)

/* Sleep until an interrupt that is enabled in mie or sie is pending. */
static inline void wfi(void)
{
	__asm__ volatile("wfi" ::: "memory");
}

/* Make this hart fetch what was stored as instructions before. */
static inline void fence_i(void)
{
	__asm__ volatile("fence.i" ::: "memory");
}

/* Make this hart forget address translations: all, ... */
static inline void sfence_vma_all(void)
{
	__asm__ volatile("sfence.vma" ::: "memory");
}

/* ... those of one page in all address spaces, ... */
static inline void sfence_vma_page(vaddr_t addr)
{
	__asm__ volatile("sfence.vma %0" ::"r"(addr) : "memory");
}

/* ... those of one address space but for global ones, ... */
static inline void sfence_vma_asid(unsigned long asid)
{
	__asm__ volatile("sfence.vma x0, %0" ::"r"(asid) : "memory");
}

/* ... or those of one page in one address space. */
static inline void sfence_vma_page_asid(vaddr_t addr, unsigned long asid)
{
	__asm__ volatile("sfence.vma %0, %1" ::"r"(addr), "r"(asid) : "memory");
}

/* Version 1.9.1's only one: forget all translations of this hart. */
static inline void sfence_vm(void)
{
	__asm__ volatile(".4byte 0x10400073" ::: "memory");
}

#endif /* !__ASSEMBLER__ */
