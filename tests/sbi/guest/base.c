// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapters 3 and 4: the calling convention, and BASE.
 */
#include <lib/csr.h>

#include "guest.h"
#include "hart.h"

#define SPEC_VERSION_3_0 0x03000000

/* Every extension of SBI 3.0 with a function id that its chapter leaves out. */
static const struct {
	const char *name;
	long id;
	long functions;
} extensions[] = {
	{ "BASE", SBI_EXT_BASE, 7 }, { "TIME", SBI_EXT_TIME, 1 },
	{ "IPI", SBI_EXT_IPI, 1 },   { "RFENCE", SBI_EXT_RFENCE, 7 },
	{ "HSM", SBI_EXT_HSM, 4 },   { "SRST", SBI_EXT_SRST, 1 },
	{ "PMU", SBI_EXT_PMU, 9 },   { "DBCN", SBI_EXT_DBCN, 3 },
	{ "SUSP", SBI_EXT_SUSP, 1 }, { "CPPC", SBI_EXT_CPPC, 4 },
	{ "NACL", SBI_EXT_NACL, 5 }, { "STA", SBI_EXT_STA, 1 },
	{ "SSE", SBI_EXT_SSE, 10 },  { "FWFT", SBI_EXT_FWFT, 2 },
	{ "DBTR", SBI_EXT_DBTR, 8 }, { "MPXY", SBI_EXT_MPXY, 8 },
};

static struct sbi_ret base(long function, uint64_t arg)
{
	return sbi_call(SBI_EXT_BASE, function, arg, 0, 0);
}

CASE(base_spec_version_is_3_0)
{
	expect_value("get_spec_version", base(SBI_BASE_GET_SPEC_VERSION, 0),
		     SPEC_VERSION_3_0);
}

CASE(base_spec_version_has_no_reserved_bits)
{
	struct sbi_ret ret = base(SBI_BASE_GET_SPEC_VERSION, 0);

	expect("bits 31 and up", 0, ret.value >> 31);
}

CASE(base_tells_implementation)
{
	expect_error("get_impl_id", base(SBI_BASE_GET_IMPL_ID, 0), SBI_SUCCESS);
	expect_error("get_impl_version", base(SBI_BASE_GET_IMPL_VERSION, 0),
		     SBI_SUCCESS);
}

CASE(base_tells_machine_ids)
{
	expect_error("get_mvendorid", base(SBI_BASE_GET_MVENDORID, 0),
		     SBI_SUCCESS);
	expect_error("get_marchid", base(SBI_BASE_GET_MARCHID, 0), SBI_SUCCESS);
	expect_error("get_mimpid", base(SBI_BASE_GET_MIMPID, 0), SBI_SUCCESS);
}

CASE(base_probes_itself)
{
	struct sbi_ret ret = base(SBI_BASE_PROBE_EXTENSION, SBI_EXT_BASE);

	expect_error("probe", ret, SBI_SUCCESS);
	expect_true("BASE is there", ret.value != 0);
}

CASE(base_probes_unknown_extension_as_0)
{
	expect_value("probe 0x12345678",
		     base(SBI_BASE_PROBE_EXTENSION, 0x12345678), 0);
	expect_value("probe 0x7fffffff",
		     base(SBI_BASE_PROBE_EXTENSION, 0x7fffffff), 0);
	expect_value("probe 9, a reserved legacy id",
		     base(SBI_BASE_PROBE_EXTENSION, 9), 0);
	expect_value("probe 0x11", base(SBI_BASE_PROBE_EXTENSION, 0x11), 0);
}

CASE(base_has_mandatory_extensions)
{
	static const long mandatory[] = { SBI_EXT_TIME, SBI_EXT_IPI,
					  SBI_EXT_RFENCE, SBI_EXT_HSM,
					  SBI_EXT_SRST };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mandatory); i++) {
		if (!extension_is_there(mandatory[i]))
			fail("extension %#lx: expected it, got none",
			     mandatory[i]);
	}
}

/* Function 0 of an absent extension and what follows its last function. */
CASE(call_of_what_is_absent_is_not_supported)
{
	struct sbi_ret ret;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(extensions); i++) {
		bool there = extension_is_there(extensions[i].id);
		long function = there ? extensions[i].functions : 0;

		ret = sbi_call(extensions[i].id, function, 0, 0, 0);
		if (ret.error != SBI_ERR_NOT_SUPPORTED)
			fail("%s, function %ld: expected NOT_SUPPORTED, got %ld",
			     extensions[i].name, function, ret.error);
	}
}

CASE(call_of_high_function_is_not_supported)
{
	struct sbi_ret ret;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(extensions); i++) {
		ret = sbi_call(extensions[i].id, 0x7fffffff, 0, 0, 0);
		if (ret.error != SBI_ERR_NOT_SUPPORTED)
			fail("%s: expected NOT_SUPPORTED, got %ld",
			     extensions[i].name, ret.error);
		ret = sbi_call(extensions[i].id, -1, 0, 0, 0);
		if (ret.error != SBI_ERR_NOT_SUPPORTED)
			fail("%s, function -1: expected NOT_SUPPORTED, got %ld",
			     extensions[i].name, ret.error);
	}
}

CASE(call_of_unknown_extension_is_not_supported)
{
	static const long unknown[] = {
		0x9, 0xf,        0x11,       0x12345678,
		-1,  0x08000000, 0x09000000, 0x0a000000
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(unknown); i++) {
		if (extension_is_there(unknown[i]))
			continue;
		expect_error("call", sbi_call(unknown[i], 0, 0, 0, 0),
			     SBI_ERR_NOT_SUPPORTED);
	}
}

struct registers {
	uint64_t x[32];
};

void call_keeps_registers(long extension, long function, uint64_t arg0,
			  uint64_t arg1, struct registers *changed);

/* ecall.S fills every register, calls, and compares. */
CASE(call_keeps_all_registers_but_a0_and_a1)
{
	struct registers changed = { 0 };
	size_t i;

	call_keeps_registers(SBI_EXT_BASE, SBI_BASE_GET_SPEC_VERSION, 0, 0,
			     &changed);
	call_keeps_registers(SBI_EXT_TIME, SBI_TIME_SET_TIMER, -1ul, 0,
			     &changed);
	call_keeps_registers(SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA, 1,
			     this_hart()->id, &changed);
	call_keeps_registers(SBI_EXT_HSM, SBI_HSM_HART_STATUS, 0, 0, &changed);
	call_keeps_registers(0x12345678, 0, 0, 0, &changed);
	for (i = 1; i < 32; i++)
		if (changed.x[i])
			fail("x%zu: expected it kept, got it changed", i);
}

CASE(call_goes_on_behind_the_ecall_with_status_kept)
{
	uint64_t status;

	csr_set(CSR_SSTATUS, SSTATUS_SUM);
	status = csr_read(CSR_SSTATUS);
	base(SBI_BASE_GET_SPEC_VERSION, 0);
	expect("sstatus", status, csr_read(CSR_SSTATUS));
	csr_clear(CSR_SSTATUS, SSTATUS_SUM);
	status = csr_read(CSR_SSTATUS);
	base(SBI_BASE_GET_SPEC_VERSION, 0);
	expect("sstatus without SUM", status, csr_read(CSR_SSTATUS));
}
