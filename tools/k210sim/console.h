// SPDX-License-Identifier: MIT
/* The terminal behind UARTHS: standard input and output. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct machine;

/* Make a terminal raw until the program ends. */
void console_start(void);

/* A byte that was typed, or -1.  Ctrl-A X of a terminal stops the machine. */
int console_read(struct machine *machine);

void console_write(uint8_t byte);

/* Show what was written, and wait for input, at most that long. */
void console_wait(int timeout_ms);

/* True once no more input can come. */
bool console_is_closed(void);
