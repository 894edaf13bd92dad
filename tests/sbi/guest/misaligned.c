// SPDX-License-Identifier: MIT
/*
 * Misaligned loads and stores work, whether by hardware or by firmware: every
 * size, integer and floating-point, compressed, across pages, and with faults
 * as S-mode would have seen them.
 */
#include <string.h>

#include <lib/csr.h>

#include "guest.h"
#include "machine.h"
#include "paging.h"
#include "trap.h"

#define LOAD(name_, size_, sign_)                                              \
	{                                                                      \
		.name = #name_, .load = load_##name_, .size = (size_),         \
		.is_signed = (sign_)                                           \
	}
#define STORE(name_, size_)                                                    \
	{                                                                      \
		.name = #name_, .store = store_##name_, .size = (size_)        \
	}

uint64_t load_lh(const void *addr);
uint64_t load_lhu(const void *addr);
uint64_t load_lw(const void *addr);
uint64_t load_lwu(const void *addr);
uint64_t load_ld(const void *addr);
uint64_t load_flw(const void *addr);
uint64_t load_fld(const void *addr);
uint64_t load_clw(const void *addr);
uint64_t load_cld(const void *addr);
uint64_t load_cfld(const void *addr);
uint64_t load_clwsp(const void *addr);
uint64_t load_cldsp(const void *addr);
uint64_t load_cfldsp(const void *addr);
void store_sh(void *addr, uint64_t value);
void store_sw(void *addr, uint64_t value);
void store_sd(void *addr, uint64_t value);
void store_fsw(void *addr, uint64_t value);
void store_fsd(void *addr, uint64_t value);
void store_csw(void *addr, uint64_t value);
void store_csd(void *addr, uint64_t value);
void store_cfsd(void *addr, uint64_t value);
void store_cswsp(void *addr, uint64_t value);
void store_csdsp(void *addr, uint64_t value);
void store_cfsdsp(void *addr, uint64_t value);

static const struct load {
	const char *name;
	uint64_t (*load)(const void *addr);
	unsigned int size;
	bool is_signed;
} loads[] = {
	LOAD(lh, 2, true),      LOAD(lhu, 2, false),  LOAD(lw, 4, true),
	LOAD(lwu, 4, false),    LOAD(ld, 8, false),   LOAD(flw, 4, true),
	LOAD(fld, 8, false),    LOAD(clw, 4, true),   LOAD(cld, 8, false),
	LOAD(cfld, 8, false),   LOAD(clwsp, 4, true), LOAD(cldsp, 8, false),
	LOAD(cfldsp, 8, false),
};

static const struct store {
	const char *name;
	void (*store)(void *addr, uint64_t value);
	unsigned int size;
} stores[] = {
	STORE(sh, 2),    STORE(sw, 4),    STORE(sd, 8),     STORE(fsw, 4),
	STORE(fsd, 8),   STORE(csw, 4),   STORE(csd, 8),    STORE(cfsd, 8),
	STORE(cswsp, 4), STORE(csdsp, 8), STORE(cfsdsp, 8),
};

/* Bytes with the top bit set, all different, so that signs and order show. */
static uint8_t pattern(size_t i)
{
	return (uint8_t)(0x81 + 7 * i);
}

static uint64_t expected_load(const uint8_t *bytes, const struct load *load)
{
	uint64_t value = 0;
	unsigned int unused = 64 - 8 * load->size;
	unsigned int i;

	for (i = 0; i < load->size; i++)
		value |= (uint64_t)bytes[i] << 8 * i;
	if (load->is_signed)
		return (uint64_t)((int64_t)(value << unused) >> unused);
	return value;
}

static void check_loads(uint8_t *at)
{
	const struct load *load;
	size_t i;

	for (i = 0; i < 8; i++)
		at[i] = pattern(i);
	for (load = loads; load < loads + ARRAY_SIZE(loads); load++) {
		uint64_t got = load->load(at);
		uint64_t expected = expected_load(at, load);

		if (got != expected)
			fail("%s at %p: expected %#lx, got %#lx", load->name,
			     at, expected, got);
	}
}

/* Stores what is there already but for its size, and looks at 24 bytes. */
static void check_stores(uint8_t *at)
{
	const struct store *store;
	size_t i;

	for (store = stores; store < stores + ARRAY_SIZE(stores); store++) {
		memset(at - 8, 0x11, 24);
		store->store(at, 0x8f8e8d8c8b8a8988);
		for (i = 0; i < 24; i++) {
			bool stored = i >= 8 && i < 8 + store->size;
			unsigned int expected =
				stored ? 0x80 + (unsigned int)i : 0x11;

			if (at[i - 8] != expected)
				fail("%s at %p, byte %zd: expected %#x, got %#x",
				     store->name, at, (ssize_t)i - 8, expected,
				     at[i - 8]);
		}
	}
}

CASE(misaligned_loads)
{
	unsigned int offset;

	for (offset = 0; offset < 8; offset++)
		check_loads(scratch + 64 + offset);
}

CASE(misaligned_stores)
{
	unsigned int offset;

	for (offset = 0; offset < 8; offset++)
		check_stores(scratch + 64 + offset);
}

/* Two pages of the window that do not lie side by side in memory. */
static void map_two_pages(uint64_t first_bits, uint64_t second_bits)
{
	paging_map(0, (uint64_t)scratch + 8192, first_bits);
	paging_map(1, (uint64_t)scratch, second_bits);
	paging_on();
}

CASE(misaligned_across_pages)
{
	unsigned int before;

	map_two_pages(PTE_R | PTE_W, PTE_R | PTE_W);
	for (before = 1; before < 8; before++) {
		check_loads((uint8_t *)PAGING_WINDOW + 4096 - before);
		check_stores((uint8_t *)PAGING_WINDOW + 4096 - before);
	}
	paging_off();
}

static void do_load(void *arg)
{
	load_ld(arg);
}

static void do_store(void *arg)
{
	store_sd(arg, 0);
}

static void expect_fault(const char *what, void (*fn)(void *arg),
			 uint64_t address, uint64_t cause)
{
	struct trap trap;

	if (!trap_catch(fn, (void *)address, &trap)) {
		fail("%s: expected a page fault, got none", what);
		return;
	}
	expect(what, cause, trap.cause);
	/* Hardware may name the first byte or the first that faulted. */
	if (trap.value < address || trap.value >= address + 8)
		fail("%s, stval: expected within %#lx..+7, got %#lx", what,
		     address, trap.value);
}

CASE(misaligned_into_absent_page_faults)
{
	uint64_t address = PAGING_WINDOW + 4096 - 3;

	map_two_pages(PTE_R | PTE_W, 0);
	expect_fault("load", do_load, address, CAUSE_LOAD_PAGE_FAULT);
	expect_fault("store", do_store, address, CAUSE_STORE_PAGE_FAULT);
	paging_off();
}

CASE(misaligned_from_absent_page_faults)
{
	uint64_t address = PAGING_WINDOW + 4096 - 3;

	map_two_pages(0, PTE_R | PTE_W);
	expect_fault("load", do_load, address, CAUSE_LOAD_PAGE_FAULT);
	expect_fault("store", do_store, address, CAUSE_STORE_PAGE_FAULT);
	paging_off();
}

CASE(misaligned_store_into_read_only_page_changes_nothing)
{
	uint64_t address = PAGING_WINDOW + 4096 - 3;

	memset(scratch, 0x11, 16);
	memset(scratch + 8192 + 4080, 0x11, 16);
	map_two_pages(PTE_R | PTE_W, PTE_R);
	expect_fault("store", do_store, address, CAUSE_STORE_PAGE_FAULT);
	paging_off();
	expect("first byte of the second page", 0x11, scratch[0]);
}

/* With MXR a page that may only be executed can be loaded from, else not. */
CASE(misaligned_load_obeys_mxr)
{
	uint8_t *at = (uint8_t *)PAGING_WINDOW + 65;

	if (machine_is_priv19())
		return skip("S-mode can't set MXR");
	map_two_pages(PTE_X, 0);
	expect_fault("load", do_load, (uint64_t)at, CAUSE_LOAD_PAGE_FAULT);
	csr_set(CSR_SSTATUS, SSTATUS_MXR);
	expect_no_trap("load with MXR", do_load, at);
	csr_clear(CSR_SSTATUS, SSTATUS_MXR);
	paging_off();
}

/* S-mode may touch user pages with SUM only. */
CASE(misaligned_load_obeys_sum)
{
	uint8_t *at = (uint8_t *)PAGING_WINDOW + 65;

	if (machine_is_priv19())
		return skip("SUM means its opposite");
	map_two_pages(PTE_R | PTE_W | PTE_U, 0);
	expect_fault("load", do_load, (uint64_t)at, CAUSE_LOAD_PAGE_FAULT);
	csr_set(CSR_SSTATUS, SSTATUS_SUM);
	expect_no_trap("load with SUM", do_load, at);
	csr_clear(CSR_SSTATUS, SSTATUS_SUM);
	paging_off();
}

CASE(misaligned_user_load_of_firmware_faults)
{
	struct trap trap;

	if (machine_is_priv19())
		return skip("no PMP");
	trap_catch_user(do_load, (void *)(machine_firmware() + 1), &trap);
	expect("cause", CAUSE_LOAD_ACCESS, trap.cause);
}
