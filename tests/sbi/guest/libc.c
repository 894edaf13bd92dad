// SPDX-License-Identifier: MIT
/*
 * What picolibc, which Debian builds with stack protection, asks of us.
 */
#include "guest.h"

#include <lib/csr.h>

extern uint64_t __stack_chk_guard;
uint64_t __stack_chk_guard = 0x4b65656c00736269;

__noreturn void __stack_chk_fail(void);

__noreturn void __stack_chk_fail(void)
{
	guest_print("guest: a stack is overrun\n");
	for (;;)
		wfi();
}
