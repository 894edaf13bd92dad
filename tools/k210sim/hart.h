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

struct icache;
struct icache_line;
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

#define SINK           32 /* where writes of x0 go, among the x registers */
#define TLB_ENTRIES    64
#define KNOWN_PAGES    256
#define FETCHED_LINES  512
#define NO_KEY         UINT64_MAX
#define NO_RESERVATION UINT64_MAX

/*
 * All that decides what a virtual address means.  The bits fit below the
 * number of a line and above the misalignment of an access.
 */
enum mmu_context {
	CONTEXT_BARE = 0,
	CONTEXT_USER = 1 << 3,
	CONTEXT_SUPERVISOR = 2 << 3,
	CONTEXT_SUPERVISOR_PUM = 3 << 3,
	CONTEXT_MXR = 1 << 5
};

/* A cached translation of 4 KiB, of an invalid page too. */
struct tlb_entry {
	uint64_t vpn;   /* UINT64_MAX: empty */
	uint32_t page;  /* physical address */
	uint32_t flags; /* of the leaf; 0 if there was none */
};

/*
 * A page of cached SRAM that loads and stores reach without looking at the
 * TLB, where it is in any case.  A key is the virtual address and the context.
 */
struct known_page {
	uint64_t load_key;
	uint64_t store_key;
	uint8_t *bytes;       /* as the data caches show them */
	const uint8_t *lines; /* states of its lines, see dcache.h */
};

/* The same for a line of code; the cache may have another one there now. */
struct fetched_line {
	uint64_t key;
	uint32_t address; /* physical */
	struct icache_line *line;
};

struct hart {
	uint64_t x[32 + 1];
	uint64_t f[32];
	uint64_t pc;
	unsigned int left; /* instructions until the block ends at the latest */
	unsigned int owed; /* what hart_run() may execute after that */
	unsigned int given; /* what it was told */
	struct machine *machine;
	unsigned int id;
	enum priv priv;
	bool waiting;         /* in wfi */
	bool observed;        /* executes one at a time: trace or debugger */
	bool watched;         /* has watchpoints */
	unsigned int lost;    /* traps at the start of their own handler */
	uint64_t reservation; /* physical line that lr read */
	uint64_t instret;     /* without those of the hart_run() that goes on */
	int64_t instret_offset; /* what minstret reads beyond instret */
	int64_t cycle_offset;   /* what mcycle reads beyond machine->cycles */

	unsigned int fflags;
	unsigned int frm;

	uint64_t mstatus;
	uint32_t mip_software; /* SSIP and STIP, which software writes */
	uint32_t mip_lines;    /* MSIP, MTIP and MEIP, which devices drive */
	uint64_t mie;
	uint64_t medeleg;
	uint64_t mideleg;
	uint64_t mucounteren;
	uint64_t mscounteren;
	uint64_t mtvec, mscratch, mepc, mcause, mbadaddr;
	uint64_t stvec, sscratch, sepc, scause, sbadaddr;
	uint64_t sptbr; /* page number of the root, 20 bits */

	struct icache *icache;
	uint8_t held;     /* LINE_HELD() of this hart */
	uint64_t context; /* of loads and stores: enum mmu_context */
	uint64_t fetch_context;
	struct tlb_entry itlb[TLB_ENTRIES];
	struct tlb_entry dtlb[TLB_ENTRIES];
	struct known_page known[KNOWN_PAGES];
	struct fetched_line fetched[FETCHED_LINES];
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
static inline unsigned int hart_progress(const struct hart *hart)
{
	return hart->given - hart->left - hart->owed;
}

/* Instructions retired. */
static inline uint64_t hart_instret(const struct hart *hart)
{
	return hart->instret + hart_progress(hart);
}

/* Cycles of ACLK since power came. */
uint64_t hart_cycles(const struct hart *hart);

/*
 * Look up code and interrupts anew after the current instruction, since one
 * or the other may have changed.
 */
static inline void hart_end_block(struct hart *hart)
{
	if (hart->left > 1) {
		hart->owed += hart->left - 1;
		hart->left = 1;
	}
}

/* Return from hart_run() after the current instruction. */
void hart_yield(struct hart *hart);

/* True if an enabled interrupt is pending, whatever the global enables. */
bool hart_has_wakeup(const struct hart *hart);

/* Take an exception; value is its badaddr.  Returns false, for callers to. */
bool hart_raise(struct hart *hart, enum cause cause, uint64_t value);

/* Illegal instruction: badaddr stays, or is pc by an option.  False. */
bool hart_raise_illegal(struct hart *hart);

/* Take the pending interrupt that comes first.  Returns true if there was. */
bool hart_take_interrupt(struct hart *hart);

/* mret and sret with the 1.9.1 stack. */
void hart_mret(struct hart *hart);
void hart_sret(struct hart *hart);

static inline struct fetched_line *fetched_line_of(struct hart *hart,
						   uint64_t pc)
{
	return &hart->fetched[pc / 64 % FETCHED_LINES];
}

/* What the key of the line with hart->pc must be. */
static inline uint64_t fetch_key(const struct hart *hart)
{
	return (hart->pc & ~63ull) | hart->fetch_context;
}

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
