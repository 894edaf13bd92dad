// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 16: steal-time accounting.  What is stolen from S-mode on
 * real harts is the time that they spend in M-mode; nothing is idle there but
 * a suspended hart, whose time does not count.
 *
 * All is the hart's own.  A hart that does not account pays one test at the end
 * of each trap for it.
 */
#include "extensions.h"

#include <hart.h>
#include <lib/barrier.h>
#include <memory.h>
#include <string.h>
#include <timer.h>
#include <trap.h>

#define STA_SET_SHMEM 0

#define NS_PER_S 1000000000ul

/* Shared with S-mode. */
struct sta_record {
	uint32_t sequence; /* odd while steal is being written */
	uint32_t flags;
	uint64_t steal; /* ns */
	uint8_t preempted;
	uint8_t pad[47];
};
_Static_assert(sizeof(struct sta_record) == 64, "SBI 3.0, chapter 16");

static _Thread_local struct sta_record *record; /* [o] NULL: off */
static _Thread_local uint64_t steal_ticks;      /* [o] */

static void account(uint64_t ticks)
{
	/* Our own copies count: S-mode might write to the record. */
	steal_ticks += ticks;
	record->sequence |= 1;
	smp_wmb();
	record->steal = steal_ticks / timer_hz * NS_PER_S +
			steal_ticks % timer_hz * NS_PER_S / timer_hz;
	smp_wmb();
	record->sequence++;
}

static void turn_off(void)
{
	record = NULL;
	trap_account_time(NULL);
}

static struct sbi_ret sta_call(const uint64_t *arg, uint64_t function)
{
	uint64_t low = arg[0], high = arg[1];

	if (function != STA_SET_SHMEM)
		return sbi_error(SBI_ERR_NOT_SUPPORTED);
	if (arg[2])
		return sbi_error(SBI_ERR_INVALID_PARAM);
	if (low == -1ul && high == -1ul) {
		turn_off();
		return sbi_value(0);
	}
	if (!IS_ALIGNED(low, sizeof(*record)))
		return sbi_error(SBI_ERR_INVALID_PARAM);
	if (high || !memory_is_shareable(low, sizeof(*record)))
		return sbi_error(SBI_ERR_INVALID_ADDRESS);

	record = (struct sta_record *)low;
	memset(record, 0, sizeof(*record));
	steal_ticks = 0;
	/* From the next trap on: this call must leave zeroes behind. */
	trap_account_time(account);
	return sbi_value(0);
}

static bool sta_probe(void)
{
	return timer_hz && hart_has(HART_HAS_TIME);
}

const struct sbi_extension sta_extension = {
	.probe = sta_probe,
	.init_hart = turn_off,
	.call = sta_call,
};
