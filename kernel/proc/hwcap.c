// SPDX-License-Identifier: MIT
/* Hardware capabilities of user mode; hwcap.rst of the RISC-V Linux ABI. */
#include <proc/hwcap.h>

#include <arch/fp.h>

#define HWCAP_LETTER(c) (1ull << ((c) - 'a'))

uint64_t user_hwcap(void)
{
	uint64_t caps = HWCAP_LETTER('i') | HWCAP_LETTER('m') |
			HWCAP_LETTER('a') | HWCAP_LETTER('c');

	if (hart_has_fp())
		caps |= HWCAP_LETTER('f') | HWCAP_LETTER('d');
	return caps;
}
