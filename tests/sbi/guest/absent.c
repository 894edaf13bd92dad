// SPDX-License-Identifier: MIT
/*
 * Extensions that only some machines have something to serve for: SBI 3.0,
 * chapters 14 (CPPC), 19 (DBTR) and 20 (MPXY).  Where they are there, this
 * checks what holds of all of them.
 */
#include "guest.h"
#include "machine.h"

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

EXTENSION_CASE(SBI_EXT_CPPC, cppc_reserved_register_is_invalid)
{
	long function;

	for (function = 0; function < 4; function++) {
		expect_error("register 0x15",
			     sbi_call(SBI_EXT_CPPC, function, 0x15, 0, 0),
			     SBI_ERR_INVALID_PARAM);
		expect_error("register 0x80000001",
			     sbi_call(SBI_EXT_CPPC, function, 0x80000001, 0, 0),
			     SBI_ERR_INVALID_PARAM);
	}
}

EXTENSION_CASE(SBI_EXT_MPXY, mpxy_memory)
{
	struct sbi_ret size = sbi_call(SBI_EXT_MPXY, 0, 0, 0, 0);

	expect_error("get_shmem_size", size, SBI_SUCCESS);
	expect_true("it is whole pages", size.value && !(size.value % 4096));
	expect_error("set_shmem, alignment",
		     sbi_call(SBI_EXT_MPXY, 1, (uint64_t)scratch + 64, 0, 0),
		     SBI_ERR_INVALID_PARAM);
	expect_error("set_shmem, reserved flag",
		     sbi_call(SBI_EXT_MPXY, 1, (uint64_t)scratch, 0, 4),
		     SBI_ERR_INVALID_PARAM);
	expect_error("set_shmem in the firmware",
		     sbi_call(SBI_EXT_MPXY, 1, machine_firmware(), 0, 0),
		     SBI_ERR_INVALID_ADDRESS);
}
