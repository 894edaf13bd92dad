// SPDX-License-Identifier: MIT
/*
 * What libfdt, as Debian builds it, wants: it guards its stack frames with a
 * canary.  Our own code has guard pages instead.
 */
#include <core/panic.h>

extern uintptr_t __stack_chk_guard;
__noreturn void __stack_chk_fail(void);

uintptr_t __stack_chk_guard = 0x00d5a1f0c3b79e00; /* a NUL ends strings */

void __stack_chk_fail(void)
{
	panic("a stack frame was overwritten");
}
