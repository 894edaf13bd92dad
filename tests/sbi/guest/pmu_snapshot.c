// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 11: what PMU passes in memory, snapshots of counters and
 * details of events.
 */
#include <string.h>

#include "guest.h"
#include "machine.h"
#include "pmu.h"

#define NONE (-1ul)

struct snapshot {
	uint64_t overflow;
	uint64_t value[64];
};

static struct snapshot *const snapshot = (struct snapshot *)scratch;

static struct sbi_ret set_shmem(uint64_t low, uint64_t high, uint64_t flags)
{
	return pmu(PMU_SET_SHMEM, low, high, flags, 0, 0);
}

static bool have_snapshot(void)
{
	struct sbi_ret ret = set_shmem((uint64_t)scratch, 0, 0);

	if (ret.error == SBI_ERR_NOT_SUPPORTED) {
		skip("no snapshots");
		return false;
	}
	return expect_error("snapshot_set_shmem", ret, SBI_SUCCESS);
}

static void no_snapshot(void)
{
	expect_error("snapshot_set_shmem off", set_shmem(NONE, NONE, 0),
		     SBI_SUCCESS);
}

EXTENSION_CASE(SBI_EXT_PMU, pmu_snapshot_refuses_bad_memory)
{
	if (!have_snapshot())
		return;
	no_snapshot();
	expect_error("flags", set_shmem((uint64_t)scratch, 0, 1),
		     SBI_ERR_INVALID_PARAM);
	expect_error("not a page", set_shmem((uint64_t)scratch + 64, 0, 0),
		     SBI_ERR_INVALID_PARAM);
	expect_error("in the firmware", set_shmem(machine_firmware(), 0, 0),
		     SBI_ERR_INVALID_ADDRESS);
	expect_error("beyond all memory", set_shmem(ADDRESS_OF_NOTHING, 0, 0),
		     SBI_ERR_INVALID_ADDRESS);
	expect_error("beyond XLEN", set_shmem((uint64_t)scratch, 1, 0),
		     SBI_ERR_INVALID_ADDRESS);
}

EXTENSION_CASE(SBI_EXT_PMU, pmu_snapshot_without_memory_is_no_shmem)
{
	struct sbi_ret ret;

	if (!have_snapshot())
		return;
	no_snapshot();
	ret = pmu_configure(PMU_EVENT_FIRMWARE | PMU_FW_SET_TIMER, 0);
	if (!expect_error("config_matching", ret, SBI_SUCCESS))
		return;
	expect_error("start",
		     pmu(PMU_START, ret.value, 1, PMU_START_SNAPSHOT, 0, 0),
		     SBI_ERR_NO_SHMEM);
	pmu(PMU_START, ret.value, 1, 0, 0, 0);
	expect_error("stop",
		     pmu(PMU_STOP, ret.value, 1, PMU_STOP_SNAPSHOT, 0, 0),
		     SBI_ERR_NO_SHMEM);
	pmu_release(ret.value);
}

/* Values lie relative to the base of the call, and no others are written. */
EXTENSION_CASE(SBI_EXT_PMU, pmu_stop_takes_snapshot)
{
	struct sbi_ret ret;

	if (!have_snapshot())
		return;
	memset(scratch, 0x5a, 4096);
	ret = pmu_configure(PMU_EVENT_FIRMWARE | PMU_FW_SET_TIMER, 0);
	if (!expect_error("config_matching", ret, SBI_SUCCESS))
		return;
	pmu(PMU_START, ret.value, 1, PMU_START_SET_VALUE, 77, 0);
	sbi_call(SBI_EXT_TIME, SBI_TIME_SET_TIMER, NONE, 0, 0);
	expect_error("stop",
		     pmu(PMU_STOP, ret.value, 1,
			 PMU_STOP_SNAPSHOT | PMU_STOP_RESET, 0, 0),
		     SBI_SUCCESS);
	expect("value", 78, snapshot->value[0]);
	expect("overflows", 0, snapshot->overflow);
	expect("another value", 0x5a5a5a5a5a5a5a5a, snapshot->value[1]);
	no_snapshot();
}

EXTENSION_CASE(SBI_EXT_PMU, pmu_start_reads_snapshot)
{
	struct sbi_ret ret;

	if (!have_snapshot())
		return;
	memset(scratch, 0, 4096);
	snapshot->value[0] = 500;
	ret = pmu_configure(PMU_EVENT_FIRMWARE | PMU_FW_SET_TIMER, 0);
	if (!expect_error("config_matching", ret, SBI_SUCCESS))
		return;
	expect_error("start",
		     pmu(PMU_START, ret.value, 1, PMU_START_SNAPSHOT, 0, 0),
		     SBI_SUCCESS);
	sbi_call(SBI_EXT_TIME, SBI_TIME_SET_TIMER, NONE, 0, 0);
	expect_value("fw_read", pmu(PMU_FW_READ, ret.value, 0, 0, 0, 0), 501);
	pmu_release(ret.value);
	no_snapshot();
}

struct event_info {
	uint32_t event;
	uint32_t output;
	uint64_t data;
};

static struct sbi_ret event_info(uint64_t low, uint64_t high, uint64_t count,
				 uint64_t flags)
{
	return pmu(PMU_EVENT_INFO, low, high, count, flags, 0);
}

static bool have_event_info(void)
{
	memset(scratch, 0, sizeof(struct event_info));
	if (event_info((uint64_t)scratch, 0, 1, 0).error !=
	    SBI_ERR_NOT_SUPPORTED)
		return true;
	skip("no event_get_info");
	return false;
}

EXTENSION_CASE(SBI_EXT_PMU, pmu_event_info_tells_what_is_there)
{
	struct event_info *info = (struct event_info *)scratch;

	if (!have_event_info())
		return;
	memset(scratch, 0, 4096);
	info[0].event = PMU_EVENT_CYCLES;
	info[1].event = PMU_EVENT_FIRMWARE | PMU_FW_SET_TIMER;
	info[2].event = 0x01000;
	info[2].output = 1;
	info[3].output = 0x5a;
	expect_error("event_get_info", event_info((uint64_t)scratch, 0, 3, 0),
		     SBI_SUCCESS);
	expect("cycles", 1, info[0].output);
	expect("set_timer", 1, info[1].output);
	expect("no event", 0, info[2].output);
	expect("behind the last", 0x5a, info[3].output);
}

EXTENSION_CASE(SBI_EXT_PMU, pmu_event_info_refuses_bad_parameters)
{
	struct event_info *info = (struct event_info *)scratch;

	if (!have_event_info())
		return;
	expect_error("flags", event_info((uint64_t)scratch, 0, 1, 1),
		     SBI_ERR_INVALID_PARAM);
	expect_error("alignment", event_info((uint64_t)scratch + 8, 0, 1, 0),
		     SBI_ERR_INVALID_PARAM);
	info[0].event = BIT(20) | PMU_EVENT_CYCLES;
	expect_error("reserved bit", event_info((uint64_t)scratch, 0, 1, 0),
		     SBI_ERR_INVALID_PARAM);
	expect_error("in the firmware", event_info(machine_firmware(), 0, 1, 0),
		     SBI_ERR_INVALID_ADDRESS);
	expect_error("beyond all memory",
		     event_info(ADDRESS_OF_NOTHING, 0, 1, 0),
		     SBI_ERR_INVALID_ADDRESS);
	expect_error("so many that they wrap around",
		     event_info((uint64_t)scratch, 0, BIT(60) + 1, 0),
		     SBI_ERR_INVALID_ADDRESS);
}
