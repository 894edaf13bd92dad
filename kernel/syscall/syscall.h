// SPDX-License-Identifier: MIT
/*
 * System calls: the table, and what handlers look like.
 *
 * syscall/table.def lists number, name and handler, one line each; table.c makes
 * the dispatch table of it, and the tracer and the documentation their names.
 * arch/entry.S calls syscall_table[number](args) with interrupts on, where args points
 * at a0..a5 in the trap frame, and stores the result in a0.
 */
#pragma once

#include <lib/types.h>

struct syscall_args {
	unsigned long arg[6];
};

typedef long syscall_fn(const struct syscall_args *args);

#define NR_SYSCALLS_KEEL                                                       \
	512 /* room for every Linux number and ours; a power of two */

/* Every slot is filled: syscall_unknown() where nothing else is. */
extern syscall_fn *const syscall_table[NR_SYSCALLS_KEEL];

/* Logs number, program and pid once per number, returns -ENOSYS. */
long syscall_unknown(const struct syscall_args *args);
/* The name in table.def of that number ("read"), or NULL. */
const char *syscall_name(unsigned nr);
