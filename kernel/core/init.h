// SPDX-License-Identifier: MIT
/*
 * Marks for what only booting needs.  It lies together in the image, and its
 * pages are freed before the first program starts: nothing that runs later
 * may call or read it.
 */
#pragma once

#include <lib/types.h>

#define __init       __section(".init.text") __noinline
#define __initrodata __section(".init.rodata")
