// SPDX-License-Identifier: MIT
/* Between time.c and timer.c. */
#pragma once

#include <lib/types.h>

/* The first counter value at which time_now_ns() is at least ns. */
uint64_t time_ns_to_counter(uint64_t ns);
