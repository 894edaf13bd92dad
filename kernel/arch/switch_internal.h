// SPDX-License-Identifier: MIT
/* Between entry.S and switch.c. */
#pragma once

#include <core/thread.h>

/* Indices into thread->context, as context_swap() stores registers. */
enum { CONTEXT_RA, CONTEXT_SP, CONTEXT_S0, CONTEXT_S1 };

extern char context_start[];
void context_swap(struct thread *prev, struct thread *next);
