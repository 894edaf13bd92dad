// SPDX-License-Identifier: MIT
/* What the processor can do, as programs are told. */
#pragma once

#include <lib/types.h>

/* The signal frame with room for the handler: AT_MINSIGSTKSZ. */
#define USER_MINSIGSTKSZ 2048ul

/* AT_HWCAP: bit n is the n-th letter. */
uint64_t user_hwcap(void);
