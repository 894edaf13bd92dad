// SPDX-License-Identifier: MIT
/* The boot ROM's ISP mode, which takes programs over UARTHS; k210.md 5.3. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct machine;

/*
 * Serve whoever is on the terminal until it wants a program called.  False:
 * it went away before.  Simulated time stands still meanwhile.
 */
bool isp_run(struct machine *machine, uint32_t *entry);
