// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 19: DBTR, by a breakpoint of type mcontrol.
 */
#include <lib/csr.h>

#include "guest.h"
#include "machine.h"
#include "trap.h"

#define NONE (-1ul)

enum dbtr_function {
	DBTR_NUM_TRIGGERS,
	DBTR_SET_SHMEM,
	DBTR_READ,
	DBTR_INSTALL,
	DBTR_UPDATE,
	DBTR_UNINSTALL,
	DBTR_ENABLE,
	DBTR_DISABLE,
};

static struct sbi_ret dbtr(enum dbtr_function function, uint64_t arg0,
			   uint64_t arg1, uint64_t arg2)
{
	return sbi_call(SBI_EXT_DBTR, function, arg0, arg1, arg2);
}

EXTENSION_CASE(SBI_EXT_DBTR, dbtr_has_triggers)
{
	struct sbi_ret ret = dbtr(DBTR_NUM_TRIGGERS, 0, 0, 0);

	expect_error("num_triggers", ret, SBI_SUCCESS);
	expect_true("there are some", ret.value != 0);
}

/* One entry of the shared memory: four words. */
struct trigger {
	uint64_t index; /* or state, where it is read */
	uint64_t tdata1;
	uint64_t tdata2;
	uint64_t tdata3;
};

#define TRIGGER_EXECUTE_IN_S (2ul << 60 | 0x10 | 0x4) /* mcontrol */
#define TRIGGER_STATE_MAPPED 0x1

static __noinline void watched(void *arg)
{
	__asm__ volatile("" ::"r"(arg));
}

/* Installs a breakpoint on watched(); the case goes on where it could. */
static bool install_breakpoint(struct trigger *trigger)
{
	*trigger = (struct trigger){ .tdata1 = TRIGGER_EXECUTE_IN_S,
				     .tdata2 = (uint64_t)watched };
	return expect_error("set_shmem",
			    dbtr(DBTR_SET_SHMEM, (uint64_t)trigger, 0, 0),
			    SBI_SUCCESS) &&
	       expect_error("install", dbtr(DBTR_INSTALL, 1, 0, 0),
			    SBI_SUCCESS);
}

static void expect_breakpoint(const char *what, bool wanted)
{
	struct trap trap;
	bool got = trap_catch(watched, NULL, &trap);

	if (expect(what, wanted, got) && got) {
		expect("cause", CAUSE_BREAKPOINT, trap.cause);
		expect("sepc", (uint64_t)watched, trap.epc);
	}
}

EXTENSION_CASE(SBI_EXT_DBTR, dbtr_breakpoint_stops_at_its_address)
{
	struct trigger *trigger = (struct trigger *)scratch;
	uint64_t index;

	if (!install_breakpoint(trigger))
		return;
	index = trigger->index;
	expect_breakpoint("installed", true);
	expect_error("disable", dbtr(DBTR_DISABLE, index, 1, 0), SBI_SUCCESS);
	expect_breakpoint("disabled", false);
	expect_error("enable", dbtr(DBTR_ENABLE, index, 1, 0), SBI_SUCCESS);
	expect_breakpoint("enabled", true);
	expect_error("uninstall", dbtr(DBTR_UNINSTALL, index, 1, 0),
		     SBI_SUCCESS);
	expect_breakpoint("uninstalled", false);
	expect_error("uninstall again", dbtr(DBTR_UNINSTALL, index, 1, 0),
		     SBI_ERR_INVALID_PARAM);
	dbtr(DBTR_SET_SHMEM, NONE, NONE, 0);
}

EXTENSION_CASE(SBI_EXT_DBTR, dbtr_reads_what_is_installed)
{
	struct trigger *trigger = (struct trigger *)scratch;
	uint64_t index;

	if (!install_breakpoint(trigger))
		return;
	index = trigger->index;
	*trigger = (struct trigger){ 0 };
	expect_error("read", dbtr(DBTR_READ, index, 1, 0), SBI_SUCCESS);
	expect("mapped", TRIGGER_STATE_MAPPED,
	       trigger->index & TRIGGER_STATE_MAPPED);
	expect("type", 2, trigger->tdata1 >> 60);
	expect("tdata2", (uint64_t)watched, trigger->tdata2);
	dbtr(DBTR_UNINSTALL, index, 1, 0);
	dbtr(DBTR_SET_SHMEM, NONE, NONE, 0);
}

EXTENSION_CASE(SBI_EXT_DBTR, dbtr_refuses_triggers_for_m_mode)
{
	struct trigger *trigger = (struct trigger *)scratch;

	*trigger = (struct trigger){ .tdata1 = TRIGGER_EXECUTE_IN_S | BIT(6),
				     .tdata2 = (uint64_t)watched };
	dbtr(DBTR_SET_SHMEM, (uint64_t)trigger, 0, 0);
	expect_error("bit m", dbtr(DBTR_INSTALL, 1, 0, 0),
		     SBI_ERR_INVALID_PARAM);
	trigger->tdata1 = TRIGGER_EXECUTE_IN_S | BIT(59);
	expect_error("bit dmode", dbtr(DBTR_INSTALL, 1, 0, 0),
		     SBI_ERR_INVALID_PARAM);
	dbtr(DBTR_SET_SHMEM, NONE, NONE, 0);
}

EXTENSION_CASE(SBI_EXT_DBTR, dbtr_refuses_bad_memory)
{
	expect_error("flags", dbtr(DBTR_SET_SHMEM, (uint64_t)scratch, 0, 1),
		     SBI_ERR_INVALID_PARAM);
	expect_error("alignment",
		     dbtr(DBTR_SET_SHMEM, (uint64_t)scratch + 4, 0, 0),
		     SBI_ERR_INVALID_PARAM);
	expect_error("in the firmware",
		     dbtr(DBTR_SET_SHMEM, machine_firmware(), 0, 0),
		     SBI_ERR_INVALID_ADDRESS);
	expect_error("beyond all memory",
		     dbtr(DBTR_SET_SHMEM, ADDRESS_OF_NOTHING, 0, 0),
		     SBI_ERR_INVALID_ADDRESS);
}

EXTENSION_CASE(SBI_EXT_DBTR, dbtr_without_memory_is_no_shmem)
{
	expect_error("set_shmem off", dbtr(DBTR_SET_SHMEM, NONE, NONE, 0),
		     SBI_SUCCESS);
	expect_error("read", dbtr(DBTR_READ, 0, 1, 0), SBI_ERR_NO_SHMEM);
	expect_error("install", dbtr(DBTR_INSTALL, 1, 0, 0), SBI_ERR_NO_SHMEM);
	expect_error("update", dbtr(DBTR_UPDATE, 1, 0, 0), SBI_ERR_NO_SHMEM);
}

EXTENSION_CASE(SBI_EXT_DBTR, dbtr_absent_trigger)
{
	uint64_t count = dbtr(DBTR_NUM_TRIGGERS, 0, 0, 0).value;

	dbtr(DBTR_SET_SHMEM, (uint64_t)scratch, 0, 0);
	expect_error("read", dbtr(DBTR_READ, count, 1, 0), SBI_ERR_BAD_RANGE);
	expect_error("read beyond", dbtr(DBTR_READ, 0, count + 1, 0),
		     SBI_ERR_BAD_RANGE);
	expect_error("install", dbtr(DBTR_INSTALL, count + 1, 0, 0),
		     SBI_ERR_BAD_RANGE);
	expect_error("uninstall", dbtr(DBTR_UNINSTALL, count, 1, 0),
		     SBI_ERR_INVALID_PARAM);
	expect_error("enable", dbtr(DBTR_ENABLE, count, 1, 0),
		     SBI_ERR_INVALID_PARAM);
	expect_error("disable", dbtr(DBTR_DISABLE, count, 1, 0),
		     SBI_ERR_INVALID_PARAM);
	dbtr(DBTR_SET_SHMEM, NONE, NONE, 0);
}
