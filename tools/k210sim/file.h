// SPDX-License-Identifier: MIT
/* Whole files in memory. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * All of a file, which the caller frees.  NULL: it cannot be read, and
 * standard error has been told.
 */
uint8_t *file_read(const char *path, size_t *size);
