// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapters 10 and 13: parameters that SRST and SUSP refuse, and a
 * suspend to memory.  main.c ends the machine by SRST.
 */
#include <lib/csr.h>

#include "guest.h"
#include "hart.h"
#include "machine.h"
#include "paging.h"
#include "trap.h"

void hart_resume(void);

static struct sbi_ret reset(uint64_t type, uint64_t reason)
{
	return sbi_call(SBI_EXT_SRST, SBI_SRST_RESET, type, reason, 0);
}

EXTENSION_CASE(SBI_EXT_SRST, srst_reserved_type_is_invalid)
{
	expect_error("type 3", reset(3, 0), SBI_ERR_INVALID_PARAM);
	expect_error("type 0xefffffff", reset(0xefffffff, 0),
		     SBI_ERR_INVALID_PARAM);
	expect_error("vendor's type 0xf0000000", reset(0xf0000000, 0),
		     SBI_ERR_INVALID_PARAM);
}

EXTENSION_CASE(SBI_EXT_SRST, srst_reserved_reason_is_invalid)
{
	expect_error("reason 2", reset(SBI_SRST_SHUTDOWN, 2),
		     SBI_ERR_INVALID_PARAM);
	expect_error("reason 0xdfffffff", reset(SBI_SRST_SHUTDOWN, 0xdfffffff),
		     SBI_ERR_INVALID_PARAM);
}

EXTENSION_CASE(SBI_EXT_SRST, srst_foreign_reason_is_invalid)
{
	expect_error("implementation's reason 0xe0000000",
		     reset(SBI_SRST_SHUTDOWN, 0xe0000000),
		     SBI_ERR_INVALID_PARAM);
	expect_error("vendor's reason 0xf0000000",
		     reset(SBI_SRST_SHUTDOWN, 0xf0000000),
		     SBI_ERR_INVALID_PARAM);
}

static struct sbi_ret suspend(uint64_t type, uint64_t address)
{
	return sbi_call(SBI_EXT_SUSP, SBI_SUSP_SUSPEND, type, address,
			(uint64_t)this_hart());
}

EXTENSION_CASE(SBI_EXT_SUSP, susp_reserved_type_is_invalid)
{
	expect_error("type 1", suspend(1, (uint64_t)hart_resume),
		     SBI_ERR_INVALID_PARAM);
	expect_error("type 0x7fffffff",
		     suspend(0x7fffffff, (uint64_t)hart_resume),
		     SBI_ERR_INVALID_PARAM);
	expect_error("platform's type 0x80000000",
		     suspend(0x80000000, (uint64_t)hart_resume),
		     SBI_ERR_INVALID_PARAM);
}

EXTENSION_CASE(SBI_EXT_SUSP, susp_to_bad_address_is_invalid)
{
	expect_error("in the firmware",
		     suspend(SBI_SUSP_TO_RAM, machine_firmware()),
		     SBI_ERR_INVALID_ADDRESS);
	expect_error("beyond all memory",
		     suspend(SBI_SUSP_TO_RAM, ADDRESS_OF_NOTHING),
		     SBI_ERR_INVALID_ADDRESS);
}

static volatile unsigned int release;

static void stay(void *arg)
{
	(void)arg;
	wait_for(&release, 1);
}

EXTENSION_CASE(SBI_EXT_SUSP, susp_with_another_hart_running_is_denied)
{
	if (hart_count < 2)
		return skip("one hart");
	release = 0;
	if (!hart_start(&harts[1], stay, NULL))
		return;
	expect_error("system_suspend",
		     suspend(SBI_SUSP_TO_RAM, (uint64_t)hart_resume),
		     SBI_ERR_DENIED);
	release = 1;
	hart_wait_stopped(&harts[1]);
}

EXTENSION_CASE(SBI_EXT_SUSP, susp_to_ram_resumes_at_address)
{
	struct hart *hart = this_hart();
	jmp_buf resumed;

	hart->recovery = &resumed;
	hart->entry_satp = -1ul;
	hart->entry_hart_id = -1ul;
	if (!setjmp(resumed)) {
		struct sbi_ret ret;

		sbi_call(SBI_EXT_TIME, SBI_TIME_SET_TIMER,
			 time_now() + time_ms(), 0, 0);
		csr_set(CSR_SIE, SIE_STIE);
		ret = suspend(SBI_SUSP_TO_RAM, (uint64_t)hart_resume);
		fail("system_suspend: expected it to resume, got %ld",
		     ret.error);
	}
	hart->recovery = NULL;
	csr_clear(CSR_SIE, SIE_STIE);
	sbi_call(SBI_EXT_TIME, SBI_TIME_SET_TIMER, -1ul, 0, 0);
	expect("a0", hart->id, hart->entry_hart_id);
	expect("satp", paging_satp_off(), hart->entry_satp);
	expect("sstatus.SIE", 0, hart->entry_status & SSTATUS_SIE);
}
