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
/* As parse_u64() reads it, or fallback. */
uint64_t param_get_u64(const char *name, uint64_t fallback);

/*
 * A whole string as a number: decimal, or 0x and hexadecimal digits.  False if
 * there is anything else, nothing, or too much for 64 bits.
 */
bool parse_u64(const char *s, uint64_t *value);
