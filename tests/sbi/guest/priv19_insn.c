// SPDX-License-Identifier: MIT
/*
 * Instructions that harts of privileged version 1.9.1 lack, and that firmware
 * does for S-mode: rdtime, sfence.vma, scounteren; and what it passes on.
 */
#include <string.h>

#include <lib/csr.h>

#include "guest.h"
#include "machine.h"
#include "paging.h"
#include "pmu.h"
#include "trap.h"

#define PRIV19_CASE(name) EXTENSION_CASE(SBI_EXT_K210, name)

#define RDTIME_MAX_COST 70u

/* In priv19_insn.S: rdtime into each register; the first and last are 0. */
extern uint64_t (*const rdtime_into[32])(void);

PRIV19_CASE(priv19_rdtime_into_every_register)
{
	uint64_t before, got, after;
	unsigned int reg;

	for (reg = 1; reg < 32; reg++) {
		before = csr_read(CSR_TIME);
		got = rdtime_into[reg]();
		after = csr_read(CSR_TIME);
		if (got < before || got > after)
			fail("x%u: expected %#lx..%#lx, got %#lx", reg, before,
			     after, got);
	}
	/* Into none. */
	__asm__ volatile("csrrs zero, time, zero");
}

/* Programs and kernels take the time all the while. */
PRIV19_CASE(priv19_rdtime_is_cheap)
{
	uint64_t before = csr_read(CSR_INSTRET);
	uint64_t cost;
	int i;

	for (i = 0; i < 100; i++)
		csr_read(CSR_TIME);
	cost = (csr_read(CSR_INSTRET) - before) / 100;
	if (cost > RDTIME_MAX_COST)
		fail("expected %u instructions at most, got %lu",
		     RDTIME_MAX_COST, cost);
}

PRIV19_CASE(priv19_emulation_is_counted_as_illegal)
{
	struct sbi_ret ret =
		pmu_configure(PMU_EVENT_FIRMWARE | PMU_FW_ILLEGAL,
			      PMU_CONFIG_CLEAR_VALUE | PMU_CONFIG_AUTO_START);
	int i;

	if (!expect_error("config_matching", ret, SBI_SUCCESS))
		return;
	for (i = 0; i < 5; i++)
		csr_read(CSR_TIME);
	sfence_vma_all();
	expect_value("fw_read", pmu(PMU_FW_READ, ret.value, 0, 0, 0, 0), 6);
	pmu_release(ret.value);
}

/* Nothing but csrrs with x0 reads time without writing it. */
static void time_write(void *arg)
{
	(void)arg;
	csr_write(CSR_TIME, 0);
}

static void time_set(void *arg)
{
	__asm__ volatile("csrrs zero, time, %0" ::"r"(arg));
}

static void mscounteren(void *arg)
{
	(void)arg;
	csr_read(CSR_MSCOUNTEREN);
}

/* A compressed one: only its own 16 bits are reported. */
static void illegal_16(void *arg)
{
	(void)arg;
	__asm__ volatile(".2byte 0x8000\n\tnop");
}

static void expect_illegal(const char *what, void (*fn)(void *arg), void *arg)
{
	struct trap trap;
	uint32_t insn;

	if (!trap_catch(fn, arg, &trap))
		return fail("%s: expected a trap, got none", what);
	memcpy(&insn, (const void *)trap.epc, sizeof(insn));
	expect(what, CAUSE_ILLEGAL, trap.cause);
	expect("stval", (insn & 3) == 3 ? insn : insn & 0xffff, trap.value);
}

PRIV19_CASE(priv19_other_instructions_are_illegal)
{
	expect_illegal("write of time", time_write, NULL);
	expect_illegal("set of time", time_set, scratch);
	expect_illegal("read of mscounteren", mscounteren, NULL);
	expect_illegal("16 bits", illegal_16, NULL);
}

/* The halves of an instruction on two pages that lie apart. */
PRIV19_CASE(priv19_illegal_instruction_across_pages)
{
	static const uint16_t halves[] = { 0x2573, 0x7c00 };
	uint64_t at = PAGING_WINDOW + 4094;
	struct trap trap;

	memcpy(scratch + 4094, &halves[0], 2);
	memcpy(scratch + 8192, &halves[1], 2);
	__asm__ volatile("fence.i" ::: "memory");
	/* Not readable: only execution is needed. */
	paging_map(0, (uint64_t)scratch, PTE_X);
	paging_map(1, (uint64_t)scratch + 8192, PTE_X);
	paging_on();
	if (expect_true("it traps",
			trap_catch((void (*)(void *))at, NULL, &trap))) {
		expect("cause", CAUSE_ILLEGAL, trap.cause);
		expect("stval", 0x7c002573, trap.value);
	}
	paging_map(1, 0, 0);
	sfence_vma_all();
	if (expect_true("it traps without the second",
			trap_catch((void (*)(void *))at, NULL, &trap))) {
		expect("cause", CAUSE_FETCH_PAGE_FAULT, trap.cause);
		expect("stval", at + 2, trap.value);
	}
	paging_off();
}

PRIV19_CASE(priv19_sfence_vma_of_every_form)
{
	static uint64_t asid = 1;

	sfence_vma_all();
	sfence_vma_page((uint64_t)scratch);
	sfence_vma_asid(asid);
	sfence_vma_page_asid((uint64_t)scratch, asid);
}

static void user_sfence(void *arg)
{
	(void)arg;
	sfence_vma_all();
}

static void user_scounteren(void *arg)
{
	(void)arg;
	csr_write(CSR_SCOUNTEREN, 0);
}

PRIV19_CASE(priv19_emulation_is_not_for_user)
{
	struct trap trap;

	trap_catch_user(user_sfence, NULL, &trap);
	expect("cause of sfence.vma", CAUSE_ILLEGAL, trap.cause);
	trap_catch_user(user_scounteren, NULL, &trap);
	expect("cause of scounteren", CAUSE_ILLEGAL, trap.cause);
}

PRIV19_CASE(priv19_scounteren_is_a_register)
{
	uint64_t old = csr_swap(CSR_SCOUNTEREN, -1ul);

	expect("what remains", COUNTEREN_CY | COUNTEREN_TM | COUNTEREN_IR,
	       csr_read(CSR_SCOUNTEREN));
	expect("clear", 7, csr_read_clear(CSR_SCOUNTEREN, COUNTEREN_TM));
	expect("set", 5, csr_read_set(CSR_SCOUNTEREN, 2));
	expect("set of a register", 7, csr_read_set(CSR_SCOUNTEREN, 0));
	csr_write(CSR_SCOUNTEREN, COUNTEREN_IR);
	expect("write", COUNTEREN_IR, csr_read(CSR_SCOUNTEREN));
	csr_write(CSR_SCOUNTEREN, old);
}

static void read_counters(void *arg)
{
	uint64_t *counters = arg;

	counters[0] = csr_read(CSR_CYCLE);
	counters[1] = csr_read(CSR_INSTRET);
	counters[2] = csr_read(CSR_TIME);
}

PRIV19_CASE(priv19_user_reads_the_counters_it_may)
{
	static const uint64_t refused[] = { COUNTEREN_CY, COUNTEREN_IR,
					    COUNTEREN_TM };
	static uint64_t counters[3];
	struct trap trap;
	size_t i;

	trap_catch_user(read_counters, counters, &trap);
	expect("cause", CAUSE_USER_ECALL, trap.cause);
	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		expect_true("it counts", counters[i] != 0);
		csr_clear(CSR_SCOUNTEREN, refused[i]);
		trap_catch_user(read_counters, counters, &trap);
		expect("cause when refused", CAUSE_ILLEGAL, trap.cause);
		csr_set(CSR_SCOUNTEREN, refused[i]);
	}
}
