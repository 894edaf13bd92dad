// SPDX-License-Identifier: MIT
/* The line discipline's entry from the raw ring; see dev/tty.h. */
#pragma once

#include <lib/types.h>

struct tty;

/* Carry input bytes through the discipline.  Thread context; may sleep. */
void tty_ldisc_input(struct tty *tty, const char *buf, size_t len);
