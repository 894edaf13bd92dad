// SPDX-License-Identifier: MIT
/*
 * Prototypes of all handlers, from the table.  What a call does, returns and
 * checks stands at its definition; all run in thread context, interrupts on,
 * and may sleep.
 */
#pragma once

#include <syscall/syscall.h>

#define SYSCALL(name, handler) long handler(const struct syscall_args *args);
#include <syscall/table.def>
#undef SYSCALL
