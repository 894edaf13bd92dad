// SPDX-License-Identifier: MIT
/*
 * A hart of the K210: RV64IMAFDC with privileged architecture 1.9.1.
 *
 * A hart is part of its machine, made by hart_reset() and moved by
 * hart_run().  The simulator is one thread, so nothing needs a lock.
 * Numbers are those of the privileged specification 1.9.1.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct machine;

enum priv { PRIV_U = 0, PRIV_S = 1, PRIV_M = 3 };

enum access { ACCESS_FETCH, ACCESS_LOAD, ACCESS_STORE };

enum cause {
	CAUSE_FETCH_ACCESS = 1,
	CAUSE_ILLEGAL = 2,
	CAUSE_BREAKPOINT = 3,
	CAUSE_LOAD_MISALIGNED = 4,
	CAUSE_LOAD_ACCESS = 5,
	CAUSE_STORE_MISALIGNED = 6,
	CAUSE_STORE_ACCESS = 7,
	CAUSE_ECALL_U = 8,
};

#define MSTATUS_SIE       (1ull << 1)
#define MSTATUS_MIE       (1ull << 3)
#define MSTATUS_SPIE      (1ull << 5)
#define MSTATUS_MPIE      (1ull << 7)
#define MSTATUS_SPP       (1ull << 8)
#define MSTATUS_MPP       (3ull << 11)
#define MSTATUS_MPP_SHIFT 11
#define MSTATUS_FS        (3ull << 13)
#define MSTATUS_MPRV      (1ull << 17)
#define MSTATUS_PUM       (1ull << 18)
#define MSTATUS_MXR       (1ull << 19)
#define MSTATUS_VM        (31ull << 24)
#define MSTATUS_VM_SHIFT  24
#define MSTATUS_SD        (1ull << 63)
#define VM_SV39           9

#define MIP_SSIP (1u << 1)
#define MIP_MSIP (1u << 3)
#define MIP_STIP (1u << 5)
#define MIP_MTIP (1u << 7)
#define MIP_MEIP (1u << 11)

#define TLB_ENTRIES    64
#define NO_RESERVATION UINT64_MAX

/* A cached translation of 4 KiB, of an invalid page too. */
struct tlb_entry {
	uint64_t vpn;   /* UINT64_MAX: empty */
	uint32_t page;  /* physical address */
	uint32_t flags; /* of the leaf; 0 if there was none */
};

struct hart {
	uint64_t x[32];
	uint64_t f[32];
	uint64_t pc;
	uint64_t next_pc; /* where this instruction, or its trap, leads */
	unsigned int left;  /* instructions that hart_run() may still execute */
	unsigned int given; /* what it was told */
	struct machine *machine;
	unsigned int id;
	enum priv priv;
	bool waiting;         /* in wfi */
	uint64_t reservation; /* physical line that lr read */
	uint64_t instret;
	int64_t instret_offset; /* what minstret reads beyond instret */
	int64_t cycle_offset;   /* what mcycle reads beyond machine->cycles */

	unsigned int fflags;
	unsigned int frm;

	uint64_t mstatus;
	uint32_t mip_software; /* SSIP and STIP, which software writes */
	uint32_t mip_lines;    /* MSIP, MTIP and MEIP, which devices drive */
	uint32_t mie;
	uint32_t medeleg;
	uint32_t mideleg;
	uint32_t mucounteren;
	uint32_t mscounteren;
	uint64_t mtvec, mscratch, mepc, mcause, mbadaddr;
	uint64_t stvec, sscratch, sepc, scause, sbadaddr;
	uint32_t sptbr; /* page number of the root, 20 bits */

	struct tlb_entry itlb[TLB_ENTRIES];
	struct tlb_entry dtlb[TLB_ENTRIES];
};

/* State on entry to an image, k210.md section 1.6; the rest is random. */
void hart_reset(struct hart *hart, struct machine *machine, unsigned int id);

/*
 * Execute up to that many instructions, one a cycle, and take interrupts.
 * Returns how many it executed: fewer if the hart waits or hart_yield() was
 * called meanwhile.
 */
unsigned int hart_run(struct hart *hart, unsigned int cycles);

/* Instructions executed so far in the hart_run() that goes on, else 0. */
unsigned int hart_progress(const struct hart *hart);

/* Return from hart_run() after the current instruction. */
void hart_yield(struct hart *hart);

/* True if an enabled interrupt is pending, whatever the global enables. */
bool hart_has_wakeup(const struct hart *hart);

/* Take an exception; value is its badaddr.  Returns false, for callers to. */
bool hart_raise(struct hart *hart, enum cause cause, uint64_t value);

/* Illegal instruction: badaddr stays as it was.  Returns false. */
bool hart_raise_illegal(struct hart *hart);

/* Take the pending interrupt that comes first.  Returns true if there was. */
bool hart_take_interrupt(struct hart *hart);

/* mret and sret with the 1.9.1 stack. */
void hart_mret(struct hart *hart);
void hart_sret(struct hart *hart);

/*
 * Read or write a CSR as the instruction at hart->pc does.  False: the CSR is
 * absent, read-only or not for this privilege, and the caller raises.
 */
bool csr_read(struct hart *hart, unsigned int number, uint64_t *value);
bool csr_write(struct hart *hart, unsigned int number, uint64_t value);

/*
 * Translate, with the privilege that the access has.  False: the access fault
 * (1.9.1 has no page faults) has been raised, with address as badaddr.
 */
bool mmu_translate(struct hart *hart, uint64_t address, enum access access,
		   uint32_t *physical);

/* sfence.vm: forget all translations of this hart. */
void mmu_flush(struct hart *hart);

/* Fetch at pc, 16-bit instructions extended; *len is 2 or 4. False: trap. */
bool hart_fetch(struct hart *hart, uint32_t *insn, unsigned int *len);

/*
 * Load or store size bytes (1, 2, 4, 8) at a virtual address.  False: the
 * trap has been raised.
 */
bool hart_load(struct hart *hart, uint64_t address, unsigned int size,
	       uint64_t *value);
bool hart_store(struct hart *hart, uint64_t address, unsigned int size,
		uint64_t value);

/* mstatus.FS allows floating point. */
static inline bool hart_has_fp(const struct hart *hart)
{
	return (hart->mstatus & MSTATUS_FS) != 0;
}

static inline void hart_set_x(struct hart *hart, unsigned int rd,
			      uint64_t value)
{
	if (rd)
		hart->x[rd] = value;
}
