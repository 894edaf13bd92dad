// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 8: RFENCE.  That a fence happened is seen by what it makes
 * visible: new instructions for FENCE.I, a new translation for SFENCE.VMA.
 */
#include <lib/csr.h>

#include "guest.h"
#include "hart.h"
#include "paging.h"
#include "trap.h"

#define RANGE_ALL (-1ul)

static struct sbi_ret rfence(long function, uint64_t mask, uint64_t base,
			     uint64_t start, uint64_t size, uint64_t asid)
{
	return sbi_call5(SBI_EXT_RFENCE, function, mask, base, start, size,
			 asid);
}

static uint64_t all_harts(void)
{
	uint64_t mask = 0;
	unsigned int i;

	for (i = 0; i < hart_count; i++)
		mask |= BIT(harts[i].id);
	return mask;
}

EXTENSION_CASE(SBI_EXT_RFENCE, rfence_to_self)
{
	uint64_t id = this_hart()->id;

	expect_error("fence.i", rfence(SBI_RFENCE_FENCE_I, 1, id, 0, 0, 0),
		     SBI_SUCCESS);
	expect_error("sfence.vma",
		     rfence(SBI_RFENCE_SFENCE_VMA, 1, id, 0, 0, 0),
		     SBI_SUCCESS);
	expect_error("sfence.vma of an asid",
		     rfence(SBI_RFENCE_SFENCE_VMA_ASID, 1, id, 0, 0, 1),
		     SBI_SUCCESS);
}

EXTENSION_CASE(SBI_EXT_RFENCE, rfence_ranges)
{
	static const uint64_t ranges[][2] = {
		{ 0, 0 },
		{ 0, RANGE_ALL },
		{ 0x1000, RANGE_ALL },
		{ 0x1000, 0x1000 },
		{ 0x1234, 1 },
		{ 0xffffffc000000000, 0x40000000 },
		{ 0x1000, 0 },
		{ -4096ul, 4096 },
	};
	uint64_t id = this_hart()->id;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ranges); i++) {
		expect_error("sfence.vma",
			     rfence(SBI_RFENCE_SFENCE_VMA, 1, id, ranges[i][0],
				    ranges[i][1], 0),
			     SBI_SUCCESS);
		expect_error("sfence.vma of an asid",
			     rfence(SBI_RFENCE_SFENCE_VMA_ASID, 1, id,
				    ranges[i][0], ranges[i][1], 5),
			     SBI_SUCCESS);
	}
}

/* Not all of the functions need work, as their targets are stopped. */
EXTENSION_CASE(SBI_EXT_RFENCE, rfence_to_stopped_harts_is_success)
{
	expect_error("fence.i of all by mask",
		     rfence(SBI_RFENCE_FENCE_I, all_harts(), 0, 0, 0, 0),
		     SBI_SUCCESS);
	expect_error(
		"sfence.vma of all by base -1",
		rfence(SBI_RFENCE_SFENCE_VMA, 0, SBI_HART_MASK_ALL, 0, 0, 0),
		SBI_SUCCESS);
}

EXTENSION_CASE(SBI_EXT_RFENCE, rfence_to_absent_hart_is_invalid)
{
	uint64_t absent = hart_absent_id();
	long function;

	for (function = SBI_RFENCE_FENCE_I;
	     function <= SBI_RFENCE_SFENCE_VMA_ASID; function++) {
		expect_error("base beyond",
			     rfence(function, 1, absent, 0, 0, 0),
			     SBI_ERR_INVALID_PARAM);
		expect_error("base 1000", rfence(function, 1, 1000, 0, 0, 0),
			     SBI_ERR_INVALID_PARAM);
		expect_error("base -2", rfence(function, 1, -2ul, 0, 0, 0),
			     SBI_ERR_INVALID_PARAM);
	}
}

EXTENSION_CASE(SBI_EXT_RFENCE, rfence_to_none_is_success)
{
	expect_error("fence.i", rfence(SBI_RFENCE_FENCE_I, 0, 0, 0, 0, 0),
		     SBI_SUCCESS);
}

EXTENSION_CASE(SBI_EXT_RFENCE, rfence_hfence_with_h)
{
	uint64_t id = this_hart()->id;
	long function;

	if (!harts_have("h"))
		return skip("no hypervisor extension");
	for (function = SBI_RFENCE_HFENCE_GVMA_VMID;
	     function <= SBI_RFENCE_HFENCE_VVMA; function++) {
		expect_error("all", rfence(function, 1, id, 0, 0, 1),
			     SBI_SUCCESS);
		expect_error("range",
			     rfence(function, 1, id, 0x80000000, 0x3000, 1),
			     SBI_SUCCESS);
		expect_error("absent hart",
			     rfence(function, 1, hart_absent_id(), 0, 0, 1),
			     SBI_ERR_INVALID_PARAM);
	}
}

EXTENSION_CASE(SBI_EXT_RFENCE, rfence_hfence_without_h_is_not_supported)
{
	uint64_t id = this_hart()->id;
	long function;

	if (harts_have("h"))
		return skip("there is a hypervisor extension");
	for (function = SBI_RFENCE_HFENCE_GVMA_VMID;
	     function <= SBI_RFENCE_HFENCE_VVMA; function++)
		expect_error("hfence", rfence(function, 1, id, 0, 0, 1),
			     SBI_ERR_NOT_SUPPORTED);
}

/* What the other harts do, in step with the first. */
static struct {
	volatile unsigned int ready;
	volatile unsigned int go;
	unsigned int value[HARTS_MAX];
} act;

#define INSTRUCTION_LI_A0_1 0x00100513u
#define INSTRUCTION_LI_A0_2 0x00200513u
#define INSTRUCTION_RET     0x00008067u

static uint32_t code[2] __aligned(64);

static void run_code_twice(void *arg)
{
	unsigned int (*function)(void) = (unsigned int (*)(void))code;

	(void)arg;
	function();
	__atomic_add_fetch(&act.ready, 1, __ATOMIC_RELEASE);
	wait_for(&act.go, 1);
	act.value[this_hart() - harts] = function();
}

static bool start_all(void (*entry)(void *arg))
{
	unsigned int i;

	act.ready = 0;
	act.go = 0;
	for (i = 1; i < hart_count; i++)
		if (!hart_start(&harts[i], entry, NULL))
			return false;
	return expect_true("all harts started",
			   wait_for(&act.ready, hart_count - 1));
}

static void finish_all(unsigned int value)
{
	unsigned int i;

	__atomic_store_n(&act.go, 1, __ATOMIC_RELEASE);
	for (i = 1; i < hart_count; i++) {
		expect_true("the hart is done", wait_for(&harts[i].done, 1));
		if (!hart_wait_stopped(&harts[i]))
			return;
		expect("seen by the hart", value, act.value[i]);
	}
}

EXTENSION_CASE(SBI_EXT_RFENCE, rfence_fence_i_shows_new_code)
{
	if (hart_count < 2)
		return skip("one hart");
	code[0] = INSTRUCTION_LI_A0_1;
	code[1] = INSTRUCTION_RET;
	fence_i();
	rfence(SBI_RFENCE_FENCE_I, 0, SBI_HART_MASK_ALL, 0, 0, 0);
	if (!start_all(run_code_twice))
		return;
	code[0] = INSTRUCTION_LI_A0_2;
	expect_error("fence.i",
		     rfence(SBI_RFENCE_FENCE_I, all_harts(), 0, 0, 0, 0),
		     SBI_SUCCESS);
	finish_all(2);
}

static uint64_t pages[2][512] __aligned(4096);

static void read_window_twice(void *arg)
{
	volatile uint64_t *window = (uint64_t *)PAGING_WINDOW;

	(void)arg;
	paging_on();
	(void)*window;
	__atomic_add_fetch(&act.ready, 1, __ATOMIC_RELEASE);
	wait_for(&act.go, 1);
	act.value[this_hart() - harts] = (unsigned int)*window;
	paging_off();
}

static void check_sfence(long function, uint64_t start, uint64_t size)
{
	if (hart_count < 2)
		return skip("one hart");
	pages[0][0] = 1;
	pages[1][0] = 2;
	paging_map(0, (uint64_t)pages[0], PTE_R | PTE_W);
	if (!start_all(read_window_twice))
		return;
	paging_map(0, (uint64_t)pages[1], PTE_R | PTE_W);
	expect_error("sfence.vma",
		     rfence(function, all_harts(), 0, start, size, 0),
		     SBI_SUCCESS);
	finish_all(2);
}

EXTENSION_CASE(SBI_EXT_RFENCE, rfence_sfence_vma_shows_new_page)
{
	check_sfence(SBI_RFENCE_SFENCE_VMA, PAGING_WINDOW, 4096);
}

EXTENSION_CASE(SBI_EXT_RFENCE, rfence_sfence_vma_of_all_shows_new_page)
{
	check_sfence(SBI_RFENCE_SFENCE_VMA, 0, 0);
}

EXTENSION_CASE(SBI_EXT_RFENCE, rfence_sfence_vma_asid_shows_new_page)
{
	check_sfence(SBI_RFENCE_SFENCE_VMA_ASID, PAGING_WINDOW, 4096);
}

EXTENSION_CASE(SBI_EXT_RFENCE, rfence_sfence_vma_of_large_range)
{
	check_sfence(SBI_RFENCE_SFENCE_VMA, PAGING_WINDOW - 0x10000000,
		     0x20000000);
}

static void fence_each_other(void *arg)
{
	unsigned int i;

	(void)arg;
	for (i = 0; i < 100; i++)
		rfence(SBI_RFENCE_SFENCE_VMA, 0, SBI_HART_MASK_ALL, 0, 0x1000,
		       0);
}

/* Harts that fence one another at the same time must not wait for ever. */
EXTENSION_CASE(SBI_EXT_RFENCE, rfence_from_all_harts_at_once)
{
	unsigned int i;

	if (hart_count < 2)
		return skip("one hart");
	for (i = 1; i < hart_count; i++)
		if (!hart_start(&harts[i], fence_each_other, NULL))
			return;
	fence_each_other(NULL);
	for (i = 1; i < hart_count; i++)
		if (!hart_wait_stopped(&harts[i]))
			return;
}
