// SPDX-License-Identifier: MIT
/* Terminals as files; see dev/tty.h. */
#pragma once

/*
 * Make /dev/console and /dev/tty, and serve the nodes of all terminals.
 * Before the first tty_register().  Context: boot.
 */
void ttyfile_init(void);
