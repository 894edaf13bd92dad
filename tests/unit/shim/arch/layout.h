// SPDX-License-Identifier: MIT
/*
 * Stands for kernel/arch/layout.h on the host.  A test that has memory of its
 * own says where "physical" address 0 would be.
 */
#pragma once

#include <stdint.h>

extern uintptr_t unit_direct_map;

#define DIRECT_MAP_BASE unit_direct_map
#define DIRECT_MAP_SIZE 0x800000000000ul
#define USER_TOP        0x4000000000ul
