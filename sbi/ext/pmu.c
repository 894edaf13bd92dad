// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 11: performance monitoring unit.
 *
 * Logical counters: the hardware's that exist, without gaps, then NR_FW of
 * firmware.  All but the layout of the logical counters is per hart and only
 * touched by its own hart.  Firmware events come from pmu_events.h, counted
 * always; a firmware counter is the difference to when it was started.
 */
#include "extensions.h"

#include <hart.h>
#include <memory.h>
#include <pmu_events.h>
#include <pmu_hw.h>

#define NR_FW        16
#define MAX_COUNTERS (32 + NR_FW)

#define INFO_WIDTH_64 (63ul << 12)
#define INFO_FIRMWARE BIT(63)
#define FIRST_CSR     0xc00

#define CFG_SKIP_MATCH  BIT(0)
#define CFG_CLEAR_VALUE BIT(1)
#define CFG_AUTO_START  BIT(2)
#define CFG_VUINH       BIT(3)
#define CFG_VSINH       BIT(4)
#define CFG_UINH        BIT(5)
#define CFG_SINH        BIT(6)
#define CFG_ALL         0xfful

#define START_SET_VALUE     BIT(0)
#define START_FROM_SNAPSHOT BIT(1)
#define STOP_RESET          BIT(0)
#define STOP_TAKE_SNAPSHOT  BIT(1)

enum {
	PMU_NUM_COUNTERS,
	PMU_COUNTER_GET_INFO,
	PMU_COUNTER_CONFIG_MATCHING,
	PMU_COUNTER_START,
	PMU_COUNTER_STOP,
	PMU_COUNTER_FW_READ,
	PMU_COUNTER_FW_READ_HI,
	PMU_SNAPSHOT_SET_SHMEM,
	PMU_EVENT_GET_INFO,
};

/* Shared with S-mode; section 11.12. */
struct pmu_snapshot {
	uint64_t overflow_bitmap;
	uint64_t values[64];
	uint8_t reserved[3576];
};
_Static_assert(sizeof(struct pmu_snapshot) == 4096, "SBI 3.0, 11.12");

struct event_info {
	uint32_t event_idx;
	uint32_t output;
	uint64_t event_data;
};
_Static_assert(sizeof(struct event_info) == 16, "SBI 3.0, 11.13");

struct pmu_counter {
	bool is_configured;
	bool is_started;
	uint16_t fw_event; /* firmware counters: what it counts */
	uint64_t
		fw_value; /* firmware counters: value, less events if started */
};

/* [I] after boot: which of the hardware's the first logical counters are. */
static uint8_t hw_counters[32];
static unsigned int nr_hw;

static _Thread_local struct pmu_counter counters[MAX_COUNTERS]; /* [o] */
static _Thread_local struct pmu_snapshot *snapshot;             /* [o] */

static bool is_firmware(uint64_t idx)
{
	return idx >= nr_hw;
}

static uint64_t counter_read(unsigned int idx)
{
	const struct pmu_counter *counter = &counters[idx];

	if (!is_firmware(idx))
		return pmu_hw_read(hw_counters[idx]);
	if (!counter->is_started)
		return counter->fw_value;
	return counter->fw_value + pmu_fw_events[counter->fw_event];
}

static void counter_write(unsigned int idx, uint64_t value)
{
	struct pmu_counter *counter = &counters[idx];

	if (!is_firmware(idx))
		pmu_hw_write(hw_counters[idx], value);
	else if (counter->is_started)
		counter->fw_value = value - pmu_fw_events[counter->fw_event];
	else
		counter->fw_value = value;
}

static void counter_start(unsigned int idx)
{
	struct pmu_counter *counter = &counters[idx];

	if (is_firmware(idx))
		counter->fw_value -= pmu_fw_events[counter->fw_event];
	else
		pmu_hw_start(hw_counters[idx]);
	counter->is_started = true;
}

static void counter_stop(unsigned int idx)
{
	struct pmu_counter *counter = &counters[idx];

	if (is_firmware(idx))
		counter->fw_value += pmu_fw_events[counter->fw_event];
	else
		pmu_hw_stop(hw_counters[idx]);
	counter->is_started = false;
}

/* Give it back: cycle and instret run for everybody when nobody has them. */
static void counter_release(unsigned int idx)
{
	counters[idx].is_configured = false;
	if (!is_firmware(idx) && hw_counters[idx] < 3)
		pmu_hw_start(hw_counters[idx]);
}

/* Are all counters of the set there? */
static bool set_is_valid(uint64_t base, uint64_t mask)
{
	uint64_t last;

	if (!mask)
		return false;
	last = 63 - __builtin_clzl(mask);
	return base < nr_hw + NR_FW && last < nr_hw + NR_FW - base;
}

/* For each counter of a valid set, lowest first: nth in the set and its idx. */
#define set_for_each(left, nth, idx, base, mask)                               \
	for ((left) = (mask); (left) && ((nth) = __builtin_ctzl(left),         \
					(idx) = (base) + (nth), true);         \
	     (left) &= (left)-1)

static bool fw_event_is_known(uint32_t event_idx)
{
	return PMU_EVENT_TYPE(event_idx) == PMU_TYPE_FIRMWARE &&
	       PMU_EVENT_CODE(event_idx) < NR_PMU_FW_EVENTS;
}

/* Can that counter count the event? */
static bool counter_fits(unsigned int idx, uint32_t event_idx, uint32_t hw_mask)
{
	if (is_firmware(idx))
		return fw_event_is_known(event_idx);
	return hw_mask & BIT(hw_counters[idx]);
}

static uint64_t inhibit_bits(uint64_t flags)
{
	/* M-mode is never counted: its timing is nobody's business. */
	uint64_t bits = PMU_EVENT_MINH | PMU_EVENT_OF;

	bits |= flags & CFG_SINH ? PMU_EVENT_SINH : 0;
	bits |= flags & CFG_UINH ? PMU_EVENT_UINH : 0;
	bits |= flags & CFG_VSINH ? PMU_EVENT_VSINH : 0;
	bits |= flags & CFG_VUINH ? PMU_EVENT_VUINH : 0;
	return bits;
}

static void configure(unsigned int idx, uint64_t flags, uint32_t event_idx,
		      uint64_t event_data)
{
	struct pmu_counter *counter = &counters[idx];
	uint64_t selector;

	if (flags & CFG_SKIP_MATCH && counter->is_configured)
		goto configured;
	counter->is_configured = true;
	if (is_firmware(idx)) {
		counter->fw_event = PMU_EVENT_CODE(event_idx);
		goto configured;
	}
	pmu_hw_stop(hw_counters[idx]);
	selector = pmu_hw_selector(event_idx, event_data);
	if (hart_has(HART_HAS_SSCOFPMF))
		selector |= inhibit_bits(flags);
	pmu_hw_set_event(hw_counters[idx], selector);

configured:
	if (flags & CFG_CLEAR_VALUE)
		counter_write(idx, 0);
	if (flags & CFG_AUTO_START && !counter->is_started)
		counter_start(idx);
}

static struct sbi_ret config_matching(const uint64_t *arg)
{
	uint64_t base = arg[0], mask = arg[1], flags = arg[2], left;
	uint32_t event_idx = arg[3], hw_mask;
	unsigned int nth, idx;

	if (flags & ~CFG_ALL || !set_is_valid(base, mask))
		return sbi_error(SBI_ERR_INVALID_PARAM);

	hw_mask = pmu_hw_counters_for(event_idx, arg[4]);
	if (flags & CFG_SKIP_MATCH) {
		idx = base + __builtin_ctzl(mask);
		if (!counters[idx].is_configured &&
		    !counter_fits(idx, event_idx, hw_mask))
			return sbi_error(SBI_ERR_NOT_SUPPORTED);
		configure(idx, flags, event_idx, arg[4]);
		return sbi_value(idx);
	}

	set_for_each (left, nth, idx, base, mask) {
		if (counters[idx].is_configured ||
		    !counter_fits(idx, event_idx, hw_mask))
			continue;
		configure(idx, flags, event_idx, arg[4]);
		return sbi_value(idx);
	}
	return sbi_error(SBI_ERR_NOT_SUPPORTED);
}

static struct sbi_ret start(const uint64_t *arg)
{
	uint64_t base = arg[0], mask = arg[1], flags = arg[2], left;
	unsigned int nth, idx;
	long error = SBI_SUCCESS;

	if (flags & ~(START_SET_VALUE | START_FROM_SNAPSHOT) ||
	    flags == (START_SET_VALUE | START_FROM_SNAPSHOT) ||
	    !set_is_valid(base, mask))
		return sbi_error(SBI_ERR_INVALID_PARAM);
	if (flags & START_FROM_SNAPSHOT && !snapshot)
		return sbi_error(SBI_ERR_NO_SHMEM);
	set_for_each (left, nth, idx, base, mask) {
		if (!counters[idx].is_configured)
			return sbi_error(SBI_ERR_INVALID_PARAM);
	}

	set_for_each (left, nth, idx, base, mask) {
		if (counters[idx].is_started) {
			error = SBI_ERR_ALREADY_STARTED;
			continue;
		}
		if (flags & START_SET_VALUE)
			counter_write(idx, arg[3]);
		if (flags & START_FROM_SNAPSHOT)
			counter_write(idx, snapshot->values[nth]);
		counter_start(idx);
	}
	return sbi_error(error);
}

static struct sbi_ret stop(const uint64_t *arg)
{
	uint64_t base = arg[0], mask = arg[1], flags = arg[2], left;
	uint64_t overflown = 0;
	unsigned int nth, idx;
	long error = SBI_SUCCESS;

	if (flags & ~(STOP_RESET | STOP_TAKE_SNAPSHOT) ||
	    !set_is_valid(base, mask))
		return sbi_error(SBI_ERR_INVALID_PARAM);
	if (flags & STOP_TAKE_SNAPSHOT && !snapshot)
		return sbi_error(SBI_ERR_NO_SHMEM);

	set_for_each (left, nth, idx, base, mask) {
		if (counters[idx].is_started)
			counter_stop(idx);
		else
			error = SBI_ERR_ALREADY_STOPPED;
		if (flags & STOP_TAKE_SNAPSHOT) {
			snapshot->values[nth] = counter_read(idx);
			if (!is_firmware(idx) &&
			    pmu_hw_has_overflown(hw_counters[idx]))
				overflown |= BIT(nth);
		}
		if (flags & STOP_RESET)
			counter_release(idx);
	}
	if (flags & STOP_TAKE_SNAPSHOT)
		snapshot->overflow_bitmap = overflown;
	return sbi_error(error);
}

static struct sbi_ret get_info(uint64_t idx)
{
	if (idx >= nr_hw + NR_FW)
		return sbi_error(SBI_ERR_INVALID_PARAM);
	if (is_firmware(idx))
		return sbi_value(INFO_FIRMWARE | INFO_WIDTH_64);
	return sbi_value(INFO_WIDTH_64 | (FIRST_CSR + hw_counters[idx]));
}

static struct sbi_ret fw_read(uint64_t idx, bool high)
{
	if (!is_firmware(idx) || idx >= nr_hw + NR_FW)
		return sbi_error(SBI_ERR_INVALID_PARAM);
	return sbi_value(high ? 0 : counter_read(idx));
}

static struct sbi_ret set_shmem(uint64_t low, uint64_t high, uint64_t flags)
{
	if (flags)
		return sbi_error(SBI_ERR_INVALID_PARAM);
	if (low == -1ul && high == -1ul) {
		snapshot = NULL;
		return sbi_value(0);
	}
	if (!IS_ALIGNED(low, sizeof(struct pmu_snapshot)))
		return sbi_error(SBI_ERR_INVALID_PARAM);
	if (high || !memory_is_shareable(low, sizeof(struct pmu_snapshot)))
		return sbi_error(SBI_ERR_INVALID_ADDRESS);
	snapshot = (struct pmu_snapshot *)low;
	return sbi_value(0);
}

static struct sbi_ret event_get_info(const uint64_t *arg)
{
	struct event_info *info = (struct event_info *)arg[0];
	uint64_t count = arg[2], i;

	if (arg[3] || !IS_ALIGNED(arg[0], sizeof(*info)))
		return sbi_error(SBI_ERR_INVALID_PARAM);
	if (arg[1] || count > UINT64_MAX / sizeof(*info) ||
	    !memory_is_shareable(arg[0], count * sizeof(*info)))
		return sbi_error(SBI_ERR_INVALID_ADDRESS);
	for (i = 0; i < count; i++) {
		if (info[i].event_idx >> 20)
			return sbi_error(SBI_ERR_INVALID_PARAM);
	}
	for (i = 0; i < count; i++)
		info[i].output = fw_event_is_known(info[i].event_idx) ||
				 pmu_hw_counters_for(info[i].event_idx,
						     info[i].event_data);
	return sbi_value(0);
}

static struct sbi_ret pmu_call(const uint64_t *arg, uint64_t function)
{
	switch (function) {
	case PMU_NUM_COUNTERS:
		return sbi_value(nr_hw + NR_FW);
	case PMU_COUNTER_GET_INFO:
		return get_info(arg[0]);
	case PMU_COUNTER_CONFIG_MATCHING:
		return config_matching(arg);
	case PMU_COUNTER_START:
		return start(arg);
	case PMU_COUNTER_STOP:
		return stop(arg);
	case PMU_COUNTER_FW_READ:
		return fw_read(arg[0], false);
	case PMU_COUNTER_FW_READ_HI:
		return fw_read(arg[0], true);
	case PMU_SNAPSHOT_SET_SHMEM:
		return set_shmem(arg[0], arg[1], arg[2]);
	case PMU_EVENT_GET_INFO:
		return event_get_info(arg);
	default:
		return sbi_error(SBI_ERR_NOT_SUPPORTED);
	}
}

static bool pmu_probe(void)
{
	uint32_t left;

	for (left = pmu_hw_counters(); left; left &= left - 1)
		hw_counters[nr_hw++] = __builtin_ctz(left);
	return true;
}

static void pmu_init_hart(void)
{
	unsigned int idx;

	for (idx = 0; idx < MAX_COUNTERS; idx++)
		counters[idx] = (struct pmu_counter){ 0 };
	snapshot = NULL;
	pmu_hw_reset_hart();
}

const struct sbi_extension pmu_extension = {
	.probe = pmu_probe,
	.init_hart = pmu_init_hart,
	.call = pmu_call,
};
