// SPDX-License-Identifier: MIT
/* The host's C library has no <sys/tree.h>: take the one the kernel uses. */
#pragma once

#include "/usr/lib/picolibc/riscv64-unknown-elf/include/sys/tree.h"
