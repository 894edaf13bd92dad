// SPDX-License-Identifier: MIT
/*
 * Page faults on harts of privileged version 1.9.1, whose hardware raises
 * access faults: S-mode sees what 1.10 promises (section 4.3.2 there).
 */
#include <string.h>

#include <lib/csr.h>

#include "guest.h"
#include "machine.h"
#include "paging.h"
#include "trap.h"

#define PRIV19_CASE(name) EXTENSION_CASE(SBI_EXT_K210, name)

#define WINDOW ((uint8_t *)PAGING_WINDOW)

static void load(void *arg)
{
	(void)*(volatile uint64_t *)arg;
}

static void store(void *arg)
{
	*(volatile uint64_t *)arg = 0x0102030405060708;
}

static void jump(void *arg)
{
	((void (*)(void))arg)();
}

static void amo(void *arg)
{
	__atomic_fetch_add((uint64_t *)arg, 1, __ATOMIC_RELAXED);
}

static void fault(const char *what, void (*fn)(void *arg), void *addr,
		  uint64_t cause)
{
	expect_trap(what, fn, addr, cause, (uint64_t)addr);
}

/* A page of code: nothing but `ret`. */
static void write_code(uint8_t *page)
{
	static const uint16_t ret = 0x8082;

	memcpy(page, &ret, sizeof(ret));
	__asm__ volatile("fence.i" ::: "memory");
}

PRIV19_CASE(priv19_permissions_are_page_faults)
{
	write_code(scratch);
	paging_map(0, (uint64_t)scratch, PTE_R);
	paging_map(1, (uint64_t)scratch, PTE_X);
	paging_map(2, (uint64_t)scratch, PTE_R | PTE_W);
	paging_map(3, (uint64_t)scratch, PTE_W);
	paging_on();
	expect_no_trap("load from R", load, WINDOW);
	fault("store to R", store, WINDOW, CAUSE_STORE_PAGE_FAULT);
	fault("amo to R", amo, WINDOW, CAUSE_STORE_PAGE_FAULT);
	fault("fetch from R", jump, WINDOW, CAUSE_FETCH_PAGE_FAULT);
	expect_no_trap("fetch from X", jump, WINDOW + 4096);
	fault("load from X", load, WINDOW + 4096, CAUSE_LOAD_PAGE_FAULT);
	fault("fetch from RW", jump, WINDOW + 8192, CAUSE_FETCH_PAGE_FAULT);
	fault("load, W without R", load, WINDOW + 12288, CAUSE_LOAD_PAGE_FAULT);
	paging_off();
}

PRIV19_CASE(priv19_absent_tables_are_page_faults)
{
	/* No middle table there, no gigapage, and no canonical address. */
	static const uint64_t addresses[] = {
		PAGING_WINDOW + 0x400000,
		0xffffffc000000000,
		0x0000004000000000,
		0xffffff8000000000,
	};
	size_t i;

	paging_on();
	for (i = 0; i < ARRAY_SIZE(addresses); i++) {
		void *addr = (void *)addresses[i];

		fault("load", load, addr, CAUSE_LOAD_PAGE_FAULT);
		fault("store", store, addr, CAUSE_STORE_PAGE_FAULT);
		fault("fetch", jump, addr, CAUSE_FETCH_PAGE_FAULT);
	}
	paging_off();
}

/* Two megabytes at once; their page's low bits are the address's. */
PRIV19_CASE(priv19_superpages_work_and_fault)
{
	uint64_t aligned = (uint64_t)scratch & ~0x1ffffful;
	uint64_t offset = (uint64_t)scratch - aligned;
	uint8_t *at = (uint8_t *)PAGING_SUPERPAGE + offset;

	write_code(scratch);
	scratch[64] = 0x5a;
	paging_map_superpage(paging_leaf(aligned, PTE_R));
	paging_on();
	expect("byte", 0x5a, at[64]);
	fault("store", store, at + 64, CAUSE_STORE_PAGE_FAULT);
	fault("fetch", jump, at, CAUSE_FETCH_PAGE_FAULT);
	/* Misaligned: 1.10 faults, the K210 does not mind. */
	paging_map_superpage(paging_leaf(aligned + 4096, PTE_R | PTE_X));
	sfence_vma_all();
	expect("byte of a misaligned one", 0x5a, at[64]);
	expect_no_trap("fetch of a misaligned one", jump, at);
	paging_map_superpage(0);
	sfence_vma_all();
	fault("load from none", load, at, CAUSE_LOAD_PAGE_FAULT);
	paging_off();
}

/* Beyond 32 bits of physical address an entry means nothing. */
PRIV19_CASE(priv19_page_number_of_21_bits_is_page_fault)
{
	paging_map_superpage(paging_leaf(1ul << 33, PTE_R | PTE_W));
	paging_on();
	fault("load", load, (void *)PAGING_SUPERPAGE, CAUSE_LOAD_PAGE_FAULT);
	paging_map_superpage(0);
	paging_off();
}

/* Invalid entries are cached as well: firmware drops what is old. */
PRIV19_CASE(priv19_new_mappings_need_no_fence)
{
	int round;

	write_code(scratch);
	paging_on();
	for (round = 0; round < 3; round++) {
		paging_map(0, 0, 0);
		sfence_vma_all();
		fault("load", load, WINDOW, CAUSE_LOAD_PAGE_FAULT);
		paging_map(0, (uint64_t)scratch, PTE_R);
		expect_no_trap("load", load, WINDOW);
		fault("store", store, WINDOW + 64, CAUSE_STORE_PAGE_FAULT);
		fault("fetch", jump, WINDOW, CAUSE_FETCH_PAGE_FAULT);
		paging_map(0, (uint64_t)scratch, PTE_R | PTE_W | PTE_X);
		expect_no_trap("store", store, WINDOW + 64);
		expect_no_trap("fetch", jump, WINDOW);
	}
	paging_map(0, 0, 0);
	paging_off();
}

/* The same access again and again, and never a fault of S-mode's in between. */
PRIV19_CASE(priv19_new_permissions_need_no_fence)
{
	int round, i;

	paging_on();
	for (round = 0; round < 3; round++) {
		paging_map(0, (uint64_t)scratch, PTE_R);
		/* A kernel would do more in between, too. */
		for (i = 0; i < 5; i++)
			sfence_vma_all();
		expect_no_trap("load", load, WINDOW);
		paging_map(0, (uint64_t)scratch, PTE_R | PTE_W);
		expect_no_trap("store", store, WINDOW);
	}
	paging_off();
}

/* What U-mode does is told apart, too. */
PRIV19_CASE(priv19_user_faults_are_page_faults)
{
	struct trap trap;

	paging_map(0, (uint64_t)scratch, PTE_R | PTE_X);
	write_code(scratch);
	paging_on();
	/* The guest's own code is not U-mode's. */
	trap_catch_user(jump, WINDOW, &trap);
	expect("cause of user's fetch", CAUSE_FETCH_PAGE_FAULT, trap.cause);
	expect("stval", (uint64_t)jump, trap.value);
	expect("SPP", 0, trap.status & SSTATUS_SPP);
	paging_off();
}

PRIV19_CASE(priv19_satp_0_switches_paging_off)
{
	paging_map(0, (uint64_t)scratch, PTE_R);
	paging_on();
	expect_no_trap("load with paging", load, WINDOW);
	paging_off();
	fault("load without", load, WINDOW, CAUSE_LOAD_PAGE_FAULT);
	expect_no_trap("load at its own address", load, scratch);
}

/* Only where silicon's answer may be tried out: bootargs say so. */
PRIV19_CASE(priv19_bus_errors_stay_access_faults)
{
	const char *option;

	if (!option_get("lenient", &option))
		return skip("option lenient");
	fault("load", load, (void *)0x60000000, CAUSE_LOAD_ACCESS);
	fault("store", store, (void *)0x60000000, CAUSE_STORE_ACCESS);
	fault("fetch", jump, (void *)0x60000000, CAUSE_FETCH_ACCESS);
	fault("misaligned load", load, (void *)0x60000001, CAUSE_LOAD_ACCESS);
	fault("misaligned store", store, (void *)0x60000001,
	      CAUSE_STORE_ACCESS);
	/* Again, at the same place. */
	fault("load", load, (void *)0x60000000, CAUSE_LOAD_ACCESS);
	paging_map(0, 0x60000000, PTE_R | PTE_W);
	paging_on();
	fault("load by a page", load, WINDOW, CAUSE_LOAD_ACCESS);
	/* The last of 8 bytes: the longest way of emulation. */
	paging_map(1, 0x60000000, PTE_R | PTE_W);
	paging_map(0, (uint64_t)scratch, PTE_R | PTE_W);
	sfence_vma_all();
	expect_trap("store over the edge", store, WINDOW + 4089,
		    CAUSE_STORE_ACCESS, (uint64_t)WINDOW + 4096);
	expect_trap("load over the edge", load, WINDOW + 4089,
		    CAUSE_LOAD_ACCESS, (uint64_t)WINDOW + 4096);
	paging_map(1, 0, 0);
	paging_map(0, 0, 0);
	/* A table where there is no memory. */
	paging_map_superpage(0x60000000 >> 12 << 10 | PTE_V);
	fault("load by no table", load, (void *)PAGING_SUPERPAGE,
	      CAUSE_LOAD_ACCESS);
	paging_map_superpage(0);
	paging_off();
	/* Nothing is cached, and no instruction of ours comes in between. */
	sfence_vma_all();
	csr_write(CSR_SATP, 0);
	expect_no_trap("load after satp = 0", load, scratch + 8192);
}

/*
 * PUM.  A kernel of 1.10 sets the bit to get at user memory: firmware gives it
 * what it means, until somebody says that he knows.
 */
PRIV19_CASE(priv19_sum_is_understood_as_sum)
{
	paging_map(0, (uint64_t)scratch, PTE_R | PTE_W | PTE_U);
	paging_on();
	csr_set(CSR_SSTATUS, SSTATUS_SUM);
	expect_no_trap("load", load, WINDOW);
	csr_set(CSR_SSTATUS, SSTATUS_SUM);
	expect_no_trap("store", store, WINDOW);
	csr_set(CSR_SSTATUS, SSTATUS_SUM);
	expect_no_trap("misaligned load", load, WINDOW + 1);
	csr_set(CSR_SSTATUS, SSTATUS_SUM);
	expect_no_trap("misaligned store", store, WINDOW + 1);
	csr_clear(CSR_SSTATUS, SSTATUS_SUM);
	paging_off();
}

/* From here on the guest knows what PUM is. */
PRIV19_CASE(priv19_pum_protects_whoever_knows_it)
{
	expect_error("pum_aware",
		     sbi_call(SBI_EXT_K210, SBI_K210_PUM_AWARE, 0, 0, 0),
		     SBI_SUCCESS);
	paging_map(0, (uint64_t)scratch, PTE_R | PTE_W | PTE_X | PTE_U);
	write_code(scratch);
	paging_on();
	csr_set(CSR_SSTATUS, SSTATUS_SUM);
	fault("load", load, WINDOW, CAUSE_LOAD_PAGE_FAULT);
	fault("store", store, WINDOW, CAUSE_STORE_PAGE_FAULT);
	fault("fetch", jump, WINDOW, CAUSE_FETCH_PAGE_FAULT);
	fault("misaligned load", load, WINDOW + 1, CAUSE_LOAD_PAGE_FAULT);
	fault("misaligned store", store, WINDOW + 1, CAUSE_STORE_PAGE_FAULT);
	expect("PUM", SSTATUS_SUM, csr_read(CSR_SSTATUS) & SSTATUS_SUM);
	csr_clear(CSR_SSTATUS, SSTATUS_SUM);
	expect_no_trap("load without PUM", load, WINDOW);
	expect_no_trap("misaligned store without PUM", store, WINDOW + 1);
	paging_off();
}

/*
 * With PUM set, the walk for firmware's access to a user page with A and D clear
 * would never end.
 */
PRIV19_CASE(priv19_misaligned_access_of_user_with_pum)
{
	extern const uint8_t user_misaligned[], user_misaligned_end[];
	uint8_t *data = scratch + 4096;
	struct trap trap;

	memcpy(scratch, user_misaligned, user_misaligned_end - user_misaligned);
	__asm__ volatile("fence.i" ::: "memory");
	memset(data, 0, 32);
	memset(data + 1, 0x77, 8);
	paging_map(0, (uint64_t)scratch, PTE_X | PTE_U);
	paging_map_bits(1, paging_leaf((uint64_t)data, PTE_R | PTE_W | PTE_U) &
				   ~(uint64_t)(PTE_A | PTE_D));
	paging_on();
	csr_set(CSR_SSTATUS, SSTATUS_SUM);
	trap_catch_user((void (*)(void *))PAGING_WINDOW, WINDOW + 4096, &trap);
	expect("cause", CAUSE_USER_ECALL, trap.cause);
	expect("PUM in the handler", SSTATUS_SUM, trap.status & SSTATUS_SUM);
	csr_clear(CSR_SSTATUS, SSTATUS_SUM);
	paging_off();
	expect_true("what was loaded was stored",
		    !memcmp(data + 1, data + 17, 8));
}
