// SPDX-License-Identifier: MIT
/*
 * Traps that S-mode can handle reach it, as if there were no firmware: those
 * that are delegated, and illegal instructions, which firmware sees first.
 */
#include <lib/csr.h>

#include "guest.h"
#include "hart.h"
#include "machine.h"
#include "paging.h"
#include "trap.h"

static void load(void *arg)
{
	(void)*(volatile uint64_t *)arg;
}

static void store(void *arg)
{
	*(volatile uint64_t *)arg = 0;
}

static void jump(void *arg)
{
	((void (*)(void))arg)();
}

static void ebreak(void *arg)
{
	(void)arg;
	__asm__ volatile("ebreak");
}

static void ecall(void *arg)
{
	(void)arg;
	__asm__ volatile("li a7, 0x10\n\tli a6, 0\n\tecall" ::
				 : "a0", "a1", "a6", "a7");
}

CASE(trap_page_faults_reach_s_mode)
{
	uint64_t window = PAGING_WINDOW + 4096;

	paging_map(1, 0, 0);
	paging_on();
	expect_trap("load", load, (void *)window, CAUSE_LOAD_PAGE_FAULT,
		    window);
	expect_trap("store", store, (void *)window, CAUSE_STORE_PAGE_FAULT,
		    window);
	expect_trap("fetch", jump, (void *)window, CAUSE_FETCH_PAGE_FAULT,
		    window);
	paging_off();
}

CASE(trap_store_to_read_only_page_reaches_s_mode)
{
	paging_map(0, (uint64_t)scratch, PTE_R);
	paging_on();
	expect_no_trap("load", load, (void *)PAGING_WINDOW);
	expect_trap("store", store, (void *)PAGING_WINDOW,
		    CAUSE_STORE_PAGE_FAULT, PAGING_WINDOW);
	paging_off();
}

CASE(trap_breakpoint_reaches_s_mode)
{
	struct trap trap;

	if (expect_true("ebreak traps", trap_catch(ebreak, NULL, &trap)))
		expect("cause", CAUSE_BREAKPOINT, trap.cause);
}

CASE(trap_ecall_of_user_reaches_s_mode)
{
	struct trap trap;

	trap_catch_user(ecall, NULL, &trap);
	expect("cause", CAUSE_USER_ECALL, trap.cause);
	expect("sstatus.SPP", 0, trap.status & SSTATUS_SPP);
}

static void illegal_32(void *arg)
{
	(void)arg;
	__asm__ volatile(".4byte 0xffffffff");
}

static void illegal_16(void *arg)
{
	(void)arg;
	__asm__ volatile(".2byte 0x0000\n\tnop");
}

static void read_machine_csr(void *arg)
{
	*(uint64_t *)arg = csr_read(CSR_MSTATUS);
}

static void write_time(void *arg)
{
	(void)arg;
	csr_write(CSR_TIME, 0);
}

static void read_supervisor_csr(void *arg)
{
	*(uint64_t *)arg = csr_read(CSR_SSCRATCH);
}

static void mret(void *arg)
{
	(void)arg;
	__asm__ volatile("mret");
}

static void expect_illegal(const char *what, void (*fn)(void *arg))
{
	uint64_t ignored;
	struct trap trap;

	if (!trap_catch(fn, &ignored, &trap))
		return fail("%s: expected an illegal instruction, got none",
			    what);
	expect(what, CAUSE_ILLEGAL, trap.cause);
	expect("sstatus.SPP", SSTATUS_SPP, trap.status & SSTATUS_SPP);
	/* stval is 0 or the instruction: privileged 1.12, stval. */
	if (trap.value)
		expect("stval", *(const uint16_t *)trap.epc & 0xffff,
		       trap.value & 0xffff);
}

CASE(trap_illegal_instruction_reaches_s_mode)
{
	expect_illegal("32 bits", illegal_32);
	expect_illegal("16 bits", illegal_16);
	expect_illegal("mret", mret);
}

CASE(trap_forbidden_csr_reaches_s_mode)
{
	expect_illegal("read of mstatus", read_machine_csr);
	expect_illegal("write of time", write_time);
}

CASE(trap_illegal_instruction_of_user_reaches_s_mode)
{
	uint64_t ignored;
	struct trap trap;

	trap_catch_user(read_supervisor_csr, &ignored, &trap);
	expect("cause", CAUSE_ILLEGAL, trap.cause);
	expect("sstatus.SPP", 0, trap.status & SSTATUS_SPP);
	trap_catch_user(illegal_32, NULL, &trap);
	expect("cause", CAUSE_ILLEGAL, trap.cause);
}

/* The handler sees interrupts off, and what was on in SPIE. */
CASE(trap_status_is_as_hardware_makes_it)
{
	struct trap trap;

	csr_set(CSR_SSTATUS, SSTATUS_SIE);
	trap_catch(illegal_32, NULL, &trap);
	expect("SIE in the handler", 0, trap.status & SSTATUS_SIE);
	expect("SPIE in the handler", SSTATUS_SPIE, trap.status & SSTATUS_SPIE);
	csr_clear(CSR_SSTATUS, SSTATUS_SIE);
	trap_catch(illegal_32, NULL, &trap);
	expect("SPIE in the handler", 0, trap.status & SSTATUS_SPIE);
}

CASE(pmp_firmware_is_out_of_reach)
{
	uint64_t firmware = machine_firmware();

	if (machine_is_priv19())
		return skip("no PMP");
	if (!expect_true("the firmware is reserved", firmware != 0))
		return;
	expect_trap("load", load, (void *)firmware, CAUSE_LOAD_ACCESS,
		    firmware);
	expect_trap("store", store, (void *)firmware, CAUSE_STORE_ACCESS,
		    firmware);
	expect_trap("fetch", jump, (void *)firmware, CAUSE_FETCH_ACCESS,
		    firmware);
}

/* Every page of every reservation of the firmware's. */
CASE(pmp_firmware_is_out_of_reach_to_its_end)
{
	uint64_t end = machine_firmware_end();

	if (machine_is_priv19())
		return skip("no PMP");
	expect_trap("load", load, (void *)(end - 8), CAUSE_LOAD_ACCESS,
		    end - 8);
	expect_trap("store", store, (void *)(end - 8), CAUSE_STORE_ACCESS,
		    end - 8);
	expect_no_trap("load behind", load, (void *)end);
}

CASE(pmp_firmware_is_out_of_reach_of_user)
{
	uint64_t firmware = machine_firmware();
	struct trap trap;

	if (machine_is_priv19())
		return skip("no PMP");
	trap_catch_user(load, (void *)firmware, &trap);
	expect("cause of load", CAUSE_LOAD_ACCESS, trap.cause);
	trap_catch_user(store, (void *)firmware, &trap);
	expect("cause of store", CAUSE_STORE_ACCESS, trap.cause);
}

CASE(pmp_firmware_is_out_of_reach_through_pages)
{
	if (machine_is_priv19())
		return skip("no PMP");
	paging_map(0, machine_firmware(), PTE_R | PTE_W);
	paging_on();
	expect_trap("load", load, (void *)PAGING_WINDOW, CAUSE_LOAD_ACCESS,
		    PAGING_WINDOW);
	expect_trap("store", store, (void *)PAGING_WINDOW, CAUSE_STORE_ACCESS,
		    PAGING_WINDOW);
	paging_off();
}

static void check_firmware(void *arg)
{
	uint64_t firmware = machine_firmware();
	struct trap *trap = arg;

	trap_catch(load, (void *)firmware, trap);
}

CASE(pmp_firmware_is_out_of_reach_of_every_hart)
{
	unsigned int i;

	if (machine_is_priv19())
		return skip("no PMP");
	for (i = 1; i < hart_count; i++) {
		struct trap trap = { 0 };

		if (!hart_run(&harts[i], check_firmware, &trap))
			return;
		expect("cause of load", CAUSE_LOAD_ACCESS, trap.cause);
	}
}

CASE(counters_can_be_read)
{
	uint64_t cycle = csr_read(CSR_CYCLE);
	uint64_t instret = csr_read(CSR_INSTRET);

	expect_true("cycle goes on", csr_read(CSR_CYCLE) != cycle);
	expect_true("instret goes on", csr_read(CSR_INSTRET) > instret);
}

static void read_user_time(void *arg)
{
	*(uint64_t *)arg = csr_read(CSR_TIME);
}

CASE(counters_of_user_obey_scounteren)
{
	uint64_t old = csr_swap(CSR_SCOUNTEREN, 0);
	uint64_t value = 0;
	struct trap trap;

	trap_catch_user(read_user_time, &value, &trap);
	expect("cause with scounteren.TM clear", CAUSE_ILLEGAL, trap.cause);
	csr_write(CSR_SCOUNTEREN, COUNTEREN_TM);
	trap_catch_user(read_user_time, &value, &trap);
	expect("cause with scounteren.TM set", CAUSE_USER_ECALL, trap.cause);
	expect_true("time is not 0", value != 0);
	csr_write(CSR_SCOUNTEREN, old);
}
