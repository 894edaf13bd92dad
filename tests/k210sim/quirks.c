// SPDX-License-Identifier: MIT
/*
 * What k210.md says of the harts, case by case; test_k210sim.py has the list of
 * names.
 */
#include "check.h"

#define M          3
#define S          1
#define U          0
#define SIE        (1ull << 1)
#define SPIE       (1ull << 5)
#define MPIE       (1ull << 7)
#define SPP        (1ull << 8)
#define HPP        (3ull << 9)
#define MPP        (3ull << 11)
#define FS         (3ull << 13)
#define PUM        (1ull << 18)
#define MPRV       (1ull << 17)
#define MXR        (1ull << 19)
#define TVM        (1ull << 20)
#define TW         (1ull << 21)
#define TSR        (1ull << 22)
#define XL         (15ull << 32) /* SXL and UXL of later versions */
#define VM         (31ull << 24)
#define SV39       (9ull << 24)
#define INTERRUPT  (1ull << 63)
#define GIGABYTE   (1ull << 30)
#define PAGE       4096
#define VALID      0x01
#define VRWX       0x0f
#define VW         0x05
#define EXECUTABLE 0x08
#define USER       0x10
#define AD         0xc0

#define csr_read(csr)                                                          \
	({                                                                     \
		uint64_t value_;                                               \
		asm volatile("csrr %0, " #csr : "=r"(value_));                 \
		value_;                                                        \
	})
#define csr_write(csr, value)                                                  \
	asm volatile("csrw " #csr ", %0" ::"r"((uint64_t)(value)) : "memory")
#define csr_set(csr, value)                                                    \
	asm volatile("csrs " #csr ", %0" ::"r"((uint64_t)(value)) : "memory")
#define csr_clear(csr, value)                                                  \
	asm volatile("csrc " #csr ", %0" ::"r"((uint64_t)(value)) : "memory")
#define sfence_vm() asm volatile(".word 0x10400073" ::: "memory")

/* Code for probe(), which ends with ecall if nothing traps before. */
#define CODE(name, text)                                                       \
	asm(".text\n.balign 4\n" #name ":\n" text "\necall\n");                \
	void name(void)

CODE(nothing, "");
CODE(read_time, "csrr a0, 0xc01");
CODE(read_pmp, "csrr a0, 0x3a0");
CODE(read_mcounteren, "csrr a0, 0x306");
CODE(read_dcsr, "csrr a0, 0x7b0");
CODE(read_sedeleg, "csrr a0, 0x102");
CODE(read_menvcfg, "csrr a0, 0x30a");
CODE(write_mhartid, "csrw mhartid, zero");
CODE(read_mscratch, "csrr a0, mscratch");
CODE(read_cycle, "csrr a0, cycle");
CODE(read_sstatus, "csrr a0, sstatus");
CODE(do_sfence_vma, ".word 0x12000073");
CODE(do_sfence_vm, ".word 0x10400073");
CODE(do_wfi, "wfi");
CODE(do_fp, "fmv.x.d a0, f0");
CODE(read_fcsr, "csrr a0, fcsr");
CODE(do_mret, "mret");
CODE(load, "ld a0, 0(a0)");
CODE(store, "sd zero, 0(a0)");
CODE(call, "jr a0");
CODE(breakpoint, "ebreak");
CODE(do_sret, "la a1, 1f\ncsrw sepc, a1\nsret\n1: nop");
CODE(lr_misaligned, "addi a0, a0, 4\nlr.d a0, (a0)");
CODE(sc_misaligned, "addi a0, a0, 4\nsc.d a0, a0, (a0)");
CODE(amo_misaligned, "addi a0, a0, 4\namoadd.d a0, a0, (a0)");
CODE(load_word_misaligned, "addi a0, a0, 1\nlw a0, 0(a0)");

/* mret to here left MPP = U. */
CODE(load_by_mprv, "li t0, 0x20000\ncsrs mstatus, t0\nld a0, 0(a0)");

/* To where mret leads, in the same mode; what mstatus shows then. */
CODE(mret_with_mprv, "li t0, 0x21800\ncsrs mstatus, t0\nla t0, 1f\n"
		     "csrw mepc, t0\nmret\n1: csrr a0, mstatus");

uint64_t probe(int priv, void (*code)(void), uint64_t argument);
void guest_main(void);

extern uint64_t probe_result;
extern volatile uint64_t hart1_entry[3]; /* a0, mip, mie */

static uint64_t root[512] __attribute__((aligned(4096)));
static uint64_t other_root[512] __attribute__((aligned(4096)));
static uint64_t word = 0x1234;

static void check_absent(void)
{
	check("time_is_absent_in_machine_mode", probe(M, read_time, 0), 2);
	check("pmp_is_absent", probe(M, read_pmp, 0), 2);
	check("mcounteren_is_absent", probe(M, read_mcounteren, 0), 2);
	check("sfence_vma_is_illegal", probe(S, do_sfence_vma, 0), 2);
	check("sfence_vm_works_in_supervisor", probe(S, do_sfence_vm, 0), 9);
	check("sfence_vm_is_illegal_in_user", probe(U, do_sfence_vm, 0), 2);
	check("wfi_is_illegal_in_user", probe(U, do_wfi, 0), 2);
	check("sret_is_illegal_in_user", probe(U, do_sret, 0), 2);
	check("mret_is_illegal_in_supervisor", probe(S, do_mret, 0), 2);
	check("debug_registers_are_absent", probe(M, read_dcsr, 0), 2);
	check("sedeleg_is_absent", probe(M, read_sedeleg, 0), 2);
	check("menvcfg_is_absent", probe(M, read_menvcfg, 0), 2);
	check("read_only_registers_refuse", probe(M, write_mhartid, 0), 2);
	check("supervisor_sees_no_machine_registers",
	      probe(S, read_mscratch, 0), 2);
}

static void check_fields(void)
{
	csr_write(medeleg, -1);
	csr_write(mideleg, -1);
	check("medeleg_mask", csr_read(medeleg), 0x1ab);
	check("mideleg_mask", csr_read(mideleg), 0x22);
	csr_write(medeleg, 0);
	csr_write(mideleg, 0);
	csr_write(stvec, 0x80000001);
	check("stvec_is_never_vectored", csr_read(stvec), 0x80000000);
	csr_write(satp, 8ull << 60 | 0x80000);
	check("sptbr_keeps_the_page_number_alone", csr_read(satp), 0x80000);
	csr_clear(mstatus, FS);
	check("fp_is_illegal_when_off", probe(M, do_fp, 0), 2);
	check("fcsr_is_illegal_when_off", probe(M, read_fcsr, 0), 2);
	csr_set(mstatus, 1 << 13);
	check("fs_reads_dirty_if_not_off", csr_read(mstatus) & FS, FS);
	csr_set(mstatus, 8ull << 24);
	check("vm_takes_0_and_9_only", csr_read(mstatus) & VM, 0);
	csr_clear(mstatus, MPP);
	csr_set(mstatus, 2 << 11);
	check("mpp_2_becomes_user", csr_read(mstatus) & MPP, 0);
	csr_set(mstatus, TVM | TW | TSR);
	check("tvm_tw_and_tsr_read_0", csr_read(mstatus) & (TVM | TW | TSR), 0);
	csr_set(mstatus, SV39);
	check("sstatus_does_not_show_vm", csr_read(sstatus) & VM, 0);
	csr_clear(mstatus, SV39);
	csr_set(mstatus, HPP | XL);
	check("hpp_and_xl_read_0", csr_read(mstatus) & (HPP | XL), 0);
	csr_set(sstatus, MXR);
	check("mxr_is_not_writable_by_sstatus", csr_read(mstatus) & MXR, 0);
	csr_set(mstatus, MXR);
	check("mxr_shows_in_sstatus", csr_read(sstatus) & MXR, MXR);
	csr_clear(mstatus, MXR);
	check("misa", csr_read(misa), 0x800000000014112d);
	check("mimpid", csr_read(mimpid), 0x4d41495832303030);
}

/* What sticks of all ones, and of the highest bit that is kept. */
static void check_widths(void)
{
	csr_write(mtvec, -1);
	check("mtvec_has_32_bits", csr_read(mtvec), 0xfffffffc);
	csr_write(stvec, 1ull << 38);
	check("stvec_has_39_bits_and_a_sign", csr_read(stvec),
	      0xffffffc000000000);
	csr_write(sepc, 1ull << 39 | 1);
	check("sepc_has_40_bits_and_is_even", csr_read(sepc),
	      0xffffff8000000000);
	csr_write(mtval, 1ull << 40);
	check("mbadaddr_has_40_bits", csr_read(mtval), 0);
	csr_write(mcause, -1);
	check("mcause_has_bit_63_and_5_more", csr_read(mcause),
	      0x800000000000001f);
	csr_write(mip, -1);
	check("mip_lets_ssip_and_stip_be_written", csr_read(mip) & 0x322, 0x22);
	csr_write(mip, 0);
	csr_write(0xb03, -1);
	check("event_counters_read_0", csr_read(0xb03), 0);
}

/* sret from S-mode, entered with SIE as sie, to S or U; what mstatus shows. */
static uint64_t status_after_sret(uint64_t sie, uint64_t spp, uint64_t spie)
{
	csr_clear(mstatus, MPIE | SPP | SPIE);
	csr_set(mstatus, (sie ? MPIE : 0) | spp | spie);
	probe(S, do_sret, 0);
	return csr_read(mstatus) & (SIE | SPP | SPIE);
}

static void check_sret(void)
{
	check("sret_to_supervisor_sets_sie", status_after_sret(0, SPP, SPIE),
	      SIE | SPIE);
	check("sret_to_supervisor_clears_sie", status_after_sret(SIE, SPP, 0),
	      SPIE);
	check("sret_to_user_leaves_sie_clear", status_after_sret(0, 0, SPIE),
	      SPIE);
	check("sret_to_user_leaves_sie_set", status_after_sret(SIE, 0, 0),
	      SIE | SPIE);
	check("sret_to_user_goes_there", csr_read(mcause), 8);
}

/* Traps that S-mode takes itself; its handler reads sstatus and calls. */
static void check_delegated_traps(void)
{
	csr_write(medeleg, -1);
	csr_write(stvec, read_sstatus);
	csr_set(mstatus, MPIE);
	probe(S, breakpoint, 0);
	check("delegated_trap_from_supervisor_saves_sie",
	      probe_result & (SIE | SPP | SPIE), SPP | SPIE);
	check("delegated_trap_leaves_cause", csr_read(scause), 3);
	check("delegated_trap_leaves_badaddr", csr_read(stval),
	      (uint64_t)breakpoint);
	csr_set(mstatus, SPIE | SIE);
	probe(U, breakpoint, 0);
	check("delegated_trap_from_user_saves_0",
	      probe_result & (SPP | SPIE | SIE), 0);
	check("machine_traps_are_never_delegated", probe(M, breakpoint, 0), 3);
	csr_write(medeleg, 0);
}

static void check_counts(void)
{
	uint64_t first;
	uint64_t second;

	asm volatile("csrw minstret, zero\n\tcsrr %0, minstret\n\t"
		     "nop\n\tcsrr %1, minstret"
		     : "=r"(first), "=r"(second));
	check("minstret_reads_what_was_written", first, 0);
	check("minstret_counts_each", second, 2);
	asm volatile("csrw mcycle, zero\n\tcsrr %0, mcycle\n\t"
		     "nop\n\tcsrr %1, mcycle"
		     : "=r"(first), "=r"(second));
	check("mcycle_counts_as_many", second - first, 2);
}

static void check_traps(void)
{
	uint64_t address = (uint64_t)&word;

	check("misaligned_load_traps", probe(M, load_word_misaligned, address),
	      4);
	check("misaligned_badaddr", csr_read(mtval), address + 1);
	check("misaligned_lr_is_a_load", probe(M, lr_misaligned, address), 4);
	check("misaligned_sc_is_a_store", probe(M, sc_misaligned, address), 6);
	check("misaligned_amo_is_a_store", probe(M, amo_misaligned, address),
	      6);
	check("misaligned_store_traps", probe(U, store, address + 4), 6);
	csr_write(mtval, 0x5678);
	probe(M, read_time, 0);
	check("illegal_leaves_badaddr", csr_read(mtval), 0x5678);
	csr_write(medeleg, -1);
	check("illegal_is_not_delegable", probe(U, read_time, 0), 2);
	csr_write(medeleg, 0);

	csr_set(mstatus, MPIE);
	probe(S, read_sstatus, 0);
	check("mret_to_supervisor_sets_sie_from_mpie", probe_result & SIE, SIE);
	check("trap_from_supervisor_saves_sie", csr_read(mstatus) & MPIE, MPIE);
	csr_clear(mstatus, MPIE);
	probe(S, read_sstatus, 0);
	check("mret_to_supervisor_clears_sie", probe_result & SIE, 0);
	csr_set(mstatus, MPIE);
	probe(U, nothing, 0);
	check("trap_from_user_saves_0", csr_read(mstatus) & MPIE, 0);
	probe(M, mret_with_mprv, 0);
	check("mret_leaves_mprv", probe_result & MPRV, MPRV);
}

static void check_interrupts(void)
{
	csr_write(mie, 0x2a);
	csr_set(mip, 0x22);
	check("lowest_interrupt_goes_first", probe(U, nothing, 0),
	      INTERRUPT | 1);
	csr_write(mip, 0x20);
	check("stip_is_set_by_software", probe(S, nothing, 0), INTERRUPT | 5);
	csr_clear(mstatus, MPIE);
	check("supervisor_cannot_mask_machine_interrupts", probe(S, nothing, 0),
	      INTERRUPT | 5);
	csr_write(mideleg, 0x22);
	csr_set(mstatus, MPIE);
	check("delegated_interrupts_wait_in_machine_mode", probe(M, nothing, 0),
	      11);
	csr_clear(mstatus, MPIE);
	check("delegated_interrupts_wait_for_sie", probe(S, nothing, 0), 9);
	csr_write(mideleg, 0);
	csr_write(mip, 0x200);
	check("seip_is_not_writable", csr_read(mip) & 0x200, 0);
	csr_write(mie, 0);
}

static void check_counters(void)
{
	csr_write(0x320, 0);
	csr_write(0x321, 1);
	check("mscounteren_gates_supervisor", probe(S, read_cycle, 0), 9);
	check("mucounteren_gates_user", probe(U, read_cycle, 0), 2);
	csr_write(0x320, 1);
	csr_write(0x321, 0);
	check("user_counters_need_no_mscounteren", probe(U, read_cycle, 0), 8);
	check("supervisor_counters_need_mscounteren", probe(S, read_cycle, 0),
	      2);
}

/* Gigabyte 2 is RAM itself; gigabytes 4 and up are for the cases. */
static void paging_on(void)
{
	root[2] = 0x20000000 | VRWX | AD;
	other_root[2] = root[2];
	csr_write(satp, (uint64_t)root >> 12);
	csr_clear(mstatus, VM);
	csr_set(mstatus, SV39);
	sfence_vm();
}

static void check_faults(void)
{
	uint64_t offset = (uint64_t)&word & (GIGABYTE - 1);
	uint64_t at = 4 * GIGABYTE + offset;

	check("no_page_is_a_load_access_fault", probe(S, load, at), 5);
	check("no_page_is_a_store_access_fault", probe(S, store, at), 7);
	check("no_page_is_a_fetch_access_fault", probe(S, call, at & ~7ull), 1);
	root[4] = 0x20000000 | VRWX;
	check("tlb_keeps_invalid_entries", probe(S, load, at), 5);
	sfence_vm();
	check("sfence_vm_drops_them", probe(S, load, at), 9);
	check("walker_sets_a", root[4], 0x20000000 | VRWX | 0x40);
	probe(S, store, at);
	check("walker_sets_d", root[4], 0x20000000 | VRWX | AD);
	word = 0x1234;
	csr_write(satp, (uint64_t)other_root >> 12);
	check("sptbr_write_keeps_the_tlb", probe(S, load, at), 9);
	sfence_vm();
	check("other_root_has_no_page", probe(S, load, at), 5);
	csr_write(satp, (uint64_t)root >> 12);
	sfence_vm();
	check("not_canonical_is_an_access_fault", probe(S, load, 1ull << 40),
	      5);
	check("high_bits_are_ignored_in_machine_mode",
	      (probe(M, load, (uint64_t)&word | 0xffffffffull << 32),
	       probe_result),
	      0x1234);
}

static void check_user_pages(void)
{
	uint64_t at = 5 * GIGABYTE + ((uint64_t)&word & (GIGABYTE - 1));

	root[5] = 0x20000000 | VRWX | USER | AD;
	sfence_vm();
	check("supervisor_reads_user_pages_without_pum", probe(S, load, at), 9);
	csr_set(mstatus, PUM);
	check("pum_forbids_it", probe(S, load, at), 5);
	csr_clear(mstatus, PUM);
	check("user_runs_them",
	      probe(U,
		    (void (*)(void))(5 * GIGABYTE +
				     ((uint64_t)nothing & (GIGABYTE - 1))),
		    0),
	      8);
	check("supervisor_runs_user_pages_without_pum",
	      probe(S,
		    (void (*)(void))(5 * GIGABYTE +
				     ((uint64_t)nothing & (GIGABYTE - 1))),
		    0),
	      9);
	check("user_cannot_run_other_pages", probe(U, nothing, 0), 1);
	check("mprv_loads_as_mpp", probe(M, load_by_mprv, at), 11);
	check("mprv_loads_through_the_tables", probe_result, 0x1234);
	check("mprv_obeys_page_flags", probe(M, load_by_mprv, at - GIGABYTE),
	      5);
	root[6] = 0x20000000 | VALID | EXECUTABLE | AD;
	check("code_alone_is_not_readable", probe(S, load, at + GIGABYTE), 5);
	csr_set(mstatus, MXR);
	check("mxr_makes_it_readable", probe(S, load, at + GIGABYTE), 9);
	csr_clear(mstatus, MXR);
	sfence_vm();
	root[6] = (1ull << 40) | 0x20000000 | VRWX | AD;
	check("page_numbers_have_20_bits", probe(S, load, 6 * GIGABYTE), 5);
}

/* Entries of the smaller kinds, in gigabyte 7. */
static uint64_t middle[512] __attribute__((aligned(PAGE)));
static uint64_t leaf[512] __attribute__((aligned(PAGE)));
static uint16_t code[3][PAGE / 2] __attribute__((aligned(PAGE)));

static uint64_t pte(const void *page, uint64_t flags)
{
	return (uint64_t)page >> 12 << 10 | flags;
}

static void check_small_pages(void)
{
	uint64_t at = 7 * GIGABYTE;
	uint64_t offset = (uint64_t)&word & (2 * 1024 * 1024 - 1);

	root[7] = pte(middle, VALID);
	middle[0] = pte(leaf, VALID);
	middle[1] = pte((void *)((uint64_t)&word - offset), VRWX | AD);
	sfence_vm();
	word = 0x1234;
	check("two_megabytes_map",
	      (probe(S, load, at + (1 << 21) + offset), probe_result), 0x1234);
	middle[1] += 1 << 10;
	sfence_vm();
	check("low_bits_of_superpages_are_the_address_s",
	      (probe(S, load, at + (1 << 21) + offset), probe_result), 0x1234);
	leaf[5] = pte(&code[0], VW | AD);
	check("writable_alone_is_no_page", probe(S, store, at + 5 * PAGE), 7);
	leaf[6] = pte(&code[0], VALID);
	check("a_table_is_no_last_page", probe(S, load, at + 6 * PAGE), 5);
}

/* An instruction over the end of a page: li a0, 77, or 42; then ecall. */
static void check_page_crossing(void)
{
	uint64_t at = 7 * GIGABYTE + PAGE - 2;
	void (*crossing)(void) = (void (*)(void))at;

	code[0][PAGE / 2 - 1] = 0x0513;
	code[1][0] = 0x04d0;
	code[2][0] = 0x02a0;
	code[1][1] = code[2][1] = 0x73;
	asm volatile("fence.i" ::: "memory");
	leaf[0] = pte(code[0], VRWX | AD);
	sfence_vm();
	check("fetch_fault_of_a_second_half", probe(S, crossing, 0), 1);
	check("its_badaddr_is_that_half_s", csr_read(mtval), at + 2);
	check("its_epc_is_the_instruction_s", csr_read(mepc), at);
	leaf[1] = pte(code[1], VRWX | AD);
	sfence_vm();
	check("instructions_cross_pages", (probe(S, crossing, 0), probe_result),
	      77);
	leaf[1] = pte(code[2], VRWX | AD);
	sfence_vm();
	check("and_follow_the_tables", (probe(S, crossing, 0), probe_result),
	      42);
}

void guest_main(void)
{
	check_absent();
	check_fields();
	check_widths();
	check_sret();
	check_delegated_traps();
	check_counts();
	check_traps();
	check_interrupts();
	check_counters();
	paging_on();
	check_faults();
	check_user_pages();
	check_small_pages();
	check_page_crossing();
	check("hart_1_enters_with_a0_1", hart1_entry[0], 1);
	check("hart_1_enters_with_msip_pending", hart1_entry[1] & 8, 8);
	check("hart_1_enters_with_msie", hart1_entry[2], 8);
}
