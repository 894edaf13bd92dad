// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 5: legacy extensions, one function each.  They answer in a0
 * alone and keep a1, which the others overwrite: hence legacy_ret().
 */
#include "extensions.h"

#include <console.h>
#include <emulate.h>
#include <fence.h>
#include <hart_mask.h>
#include <ipi.h>
#include <lib/csr.h>
#include <reset.h>
#include <timer.h>

static struct sbi_ret legacy_ret(const uint64_t *arg, long result)
{
	return (struct sbi_ret){ .error = result, .value = arg[1] };
}

static struct sbi_ret set_timer(const uint64_t *arg, uint64_t function)
{
	(void)function;
	timer_set(arg[0]);
	return legacy_ret(arg, 0);
}

static struct sbi_ret putchar_call(const uint64_t *arg, uint64_t function)
{
	(void)function;
	console_putc(arg[0]);
	return legacy_ret(arg, 0);
}

static struct sbi_ret getchar_call(const uint64_t *arg, uint64_t function)
{
	(void)function;
	return legacy_ret(arg, console_getc());
}

static struct sbi_ret clear_ipi(const uint64_t *arg, uint64_t function)
{
	(void)function;
	return legacy_ret(arg,
			  !!(csr_read_clear(CSR_MIP, MIP_SSIP) & MIP_SSIP));
}

/*
 * These take the mask from the caller's virtual memory; NULL means all.  If it
 * can't be read, the caller gets the page fault, and the call is as if it
 * had not been made: then false.
 */
static bool read_mask(const uint64_t *arg, uint64_t *mask, uint64_t *base)
{
	*base = 0;
	if (arg[0])
		return emulate_read_argument(arg[0], mask);
	*base = SBI_HART_MASK_ALL;
	return true;
}

static void send_soft(struct hart *hart, const void *data)
{
	(void)data;
	if (hart == &this_hart)
		csr_set(CSR_MIP, MIP_SSIP);
	else
		ipi_send(hart, HART_EVENT_SOFT);
}

static struct sbi_ret send_ipi(const uint64_t *arg, uint64_t function)
{
	uint64_t mask = 0, base;

	(void)function;
	if (!read_mask(arg, &mask, &base))
		return legacy_ret(arg, arg[0]);
	return legacy_ret(arg, harts_for_mask(mask, base, send_soft, NULL));
}

static void begin_on(struct hart *hart, const void *data)
{
	if (hart != &this_hart)
		fence_begin(hart, data);
}

static void fence_on_self(struct hart *hart, const void *data)
{
	if (hart == &this_hart)
		fence_local(data);
}

static struct sbi_ret fence(const uint64_t *arg,
			    const struct fence_request *request)
{
	uint64_t mask = 0, base;
	long error;

	if (!read_mask(arg, &mask, &base))
		return legacy_ret(arg, arg[0]);
	error = harts_for_mask(mask, base, begin_on, request);
	if (!error) {
		harts_for_mask(mask, base, fence_on_self, request);
		fence_wait();
	}
	return legacy_ret(arg, error);
}

static struct sbi_ret remote_fence_i(const uint64_t *arg, uint64_t function)
{
	(void)function;
	return fence(arg, &(struct fence_request){ .type = FENCE_I });
}

static struct sbi_ret remote_sfence(const uint64_t *arg, uint64_t function)
{
	(void)function;
	return fence(arg, &(struct fence_request){
				  .type = FENCE_VMA,
				  .start = arg[1],
				  .size = arg[2],
			  });
}

static struct sbi_ret remote_sfence_asid(const uint64_t *arg, uint64_t function)
{
	(void)function;
	return fence(arg, &(struct fence_request){
				  .type = FENCE_VMA_ASID,
				  .start = arg[1],
				  .size = arg[2],
				  .id = arg[3],
			  });
}

static struct sbi_ret shutdown(const uint64_t *arg, uint64_t function)
{
	(void)function;
	if (!reset_is_supported(RESET_SHUTDOWN))
		return legacy_ret(arg, SBI_ERR_NOT_SUPPORTED);
	reset_system(RESET_SHUTDOWN, false);
	reset_wait();
}

const struct sbi_extension legacy_set_timer_extension = { .call = set_timer };
const struct sbi_extension legacy_putchar_extension = { .call = putchar_call };
const struct sbi_extension legacy_getchar_extension = { .call = getchar_call };
const struct sbi_extension legacy_clear_ipi_extension = { .call = clear_ipi };
const struct sbi_extension legacy_send_ipi_extension = { .call = send_ipi };
const struct sbi_extension legacy_fence_i_extension = {
	.call = remote_fence_i,
};
const struct sbi_extension legacy_sfence_vma_extension = {
	.call = remote_sfence,
};
const struct sbi_extension legacy_sfence_vma_asid_extension = {
	.call = remote_sfence_asid,
};
const struct sbi_extension legacy_shutdown_extension = { .call = shutdown };
