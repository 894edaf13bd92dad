// SPDX-License-Identifier: MIT
/*
 * Extensions that only some machines have something to serve for: SBI 3.0,
 * chapters 14 (CPPC) and 20 (MPXY).  Where they are there, this checks what
 * holds of all of them.
 */
#include "guest.h"
#include "machine.h"

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
