// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 4: base extension.
 */
#include "extensions.h"

#include <lib/csr.h>
#include <version.h>

#define SPEC_VERSION (3u << 24 | 0u) /* major 3, minor 0 */

static struct sbi_ret base_call(const uint64_t *arg, uint64_t function)
{
	switch (function) {
	case SBI_BASE_GET_SPEC_VERSION:
		return sbi_value(SPEC_VERSION);
	case SBI_BASE_GET_IMPL_ID:
		return sbi_value(SBI_IMPL_ID);
	case SBI_BASE_GET_IMPL_VERSION:
		return sbi_value(SBI_IMPL_VERSION);
	case SBI_BASE_PROBE_EXTENSION:
		return sbi_value(ecall_is_available(arg[0]));
	case SBI_BASE_GET_MVENDORID:
		return sbi_value(csr_read(CSR_MVENDORID));
	case SBI_BASE_GET_MARCHID:
		return sbi_value(csr_read(CSR_MARCHID));
	case SBI_BASE_GET_MIMPID:
		return sbi_value(csr_read(CSR_MIMPID));
	default:
		return sbi_error(SBI_ERR_NOT_SUPPORTED);
	}
}

const struct sbi_extension base_extension = {
	.call = base_call,
};
