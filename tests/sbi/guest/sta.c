// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 16: STA.
 */
#include <string.h>

#include "guest.h"
#include "machine.h"

#define NONE (-1ul)

struct steal_time {
	uint32_t sequence;
	uint32_t flags;
	uint64_t steal; /* nanoseconds */
	uint8_t preempted;
	uint8_t pad[47];
};
static_assert(sizeof(struct steal_time) == 64, "SBI 3.0, table of STA");

static volatile struct steal_time *const shared =
	(volatile struct steal_time *)scratch;

static struct sbi_ret set_shmem(uint64_t low, uint64_t high, uint64_t flags)
{
	return sbi_call(SBI_EXT_STA, 0, low, high, flags);
}

EXTENSION_CASE(SBI_EXT_STA, sta_refuses_bad_parameters)
{
	expect_error("flags", set_shmem((uint64_t)scratch, 0, 1),
		     SBI_ERR_INVALID_PARAM);
	expect_error("alignment", set_shmem((uint64_t)scratch + 8, 0, 0),
		     SBI_ERR_INVALID_PARAM);
	expect_error("in the firmware", set_shmem(machine_firmware(), 0, 0),
		     SBI_ERR_INVALID_ADDRESS);
	expect_error("beyond all memory", set_shmem(ADDRESS_OF_NOTHING, 0, 0),
		     SBI_ERR_INVALID_ADDRESS);
	expect_error("beyond XLEN", set_shmem((uint64_t)scratch, 1, 0),
		     SBI_ERR_INVALID_ADDRESS);
}

EXTENSION_CASE(SBI_EXT_STA, sta_clears_and_reports)
{
	memset(scratch, 0x5a, 128);
	expect_value("set_shmem", set_shmem((uint64_t)scratch, 0, 0), 0);
	expect("sequence is even", 0, shared->sequence & 1);
	expect("flags", 0, shared->flags);
	expect("preempted", 0, shared->preempted);
	expect("behind it", 0x5a, scratch[64]);
	expect_value("set_shmem off", set_shmem(NONE, NONE, 0), 0);
}

EXTENSION_CASE(SBI_EXT_STA, sta_off_writes_no_more)
{
	expect_value("set_shmem", set_shmem((uint64_t)scratch, 0, 0), 0);
	expect_value("set_shmem off", set_shmem(NONE, NONE, 0), 0);
	memset(scratch, 0x5a, 64);
	sbi_call(SBI_EXT_TIME, SBI_TIME_SET_TIMER, NONE, 0, 0);
	sbi_call(SBI_EXT_RFENCE, SBI_RFENCE_FENCE_I, 0, SBI_HART_MASK_ALL, 0);
	expect("sequence", 0x5a5a5a5a, shared->sequence);
	expect("steal", 0x5a5a5a5a5a5a5a5a, shared->steal);
}

EXTENSION_CASE(SBI_EXT_STA, sta_steal_never_goes_back)
{
	uint64_t before = 0;
	int i;

	expect_value("set_shmem", set_shmem((uint64_t)scratch, 0, 0), 0);
	for (i = 0; i < 1000; i++) {
		sbi_call(SBI_EXT_RFENCE, SBI_RFENCE_FENCE_I, 0,
			 SBI_HART_MASK_ALL, 0);
		if (!expect_true("steal grows", shared->steal >= before) ||
		    !expect("sequence is even", 0, shared->sequence & 1))
			break;
		before = shared->steal;
	}
	set_shmem(NONE, NONE, 0);
}
