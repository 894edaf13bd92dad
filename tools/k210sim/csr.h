// SPDX-License-Identifier: MIT
/* Control and status registers: k210.md sections 2.1 to 2.4. */
#pragma once

#include "hart.h"

/*
 * Read or write a CSR as the instruction at hart->pc does.  False: the CSR is
 * absent, read-only or not for this privilege, and the caller raises.
 */
bool csr_read(struct hart *hart, unsigned int number, uint64_t *value);
bool csr_write(struct hart *hart, unsigned int number, uint64_t value);
