// SPDX-License-Identifier: MIT
/* How fast misaligned accesses are: for programs that choose how to copy. */
#pragma once

#include <lib/types.h>

/*
 * Is loading a word that is not aligned faster than loading its bytes one by
 * one?  Measured by the first call, some microseconds with interrupts off, or
 * a millisecond where firmware emulates such loads.  Context: any.
 */
bool misaligned_is_fast(void);
