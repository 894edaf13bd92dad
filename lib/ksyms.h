// SPDX-License-Identifier: MIT
/*
 * Names of functions for backtraces: the table that the build links in.
 *
 * Functions are sorted by address.  Names are strings of bytes, each preceded
 * by its length; a byte from 0x80 on stands for the pair at that place in the
 * token table, whose bytes may be tokens again.  Every 64th name's place is
 * marked, so that no look-up walks further.
 */
#pragma once

#include <lib/types.h>

#define KSYM_NAME_MAX 64

/*
 * The function that addr lies in: its name, cut to fit, into name, and how far
 * behind its start addr is.  false: the address is before the first or the
 * table is empty.  Context: any.
 */
bool ksym_lookup(uintptr_t addr, char name[KSYM_NAME_MAX], uintptr_t *offset);
