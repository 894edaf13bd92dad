// SPDX-License-Identifier: MIT
/*
 * Options of the kernel command line, "name=value name ...".
 */
#pragma once

#include <lib/types.h>

void param_init(const char *cmdline); /* keeps a copy */
const char *param_cmdline(void);
/* The value of the last "name=" into buf, NUL-terminated; false: not given or too long. */
bool param_get(const char *name, char *buf, size_t len);
bool param_is_set(const char *name); /* "name" or "name=..." stands there */
uint64_t param_get_u64(const char *name, uint64_t fallback);
