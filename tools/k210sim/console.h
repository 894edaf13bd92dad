// SPDX-License-Identifier: MIT
/*
 * The terminal on the board's serial line: standard input and output.
 *
 * What is typed waits here until the UART that has the line takes it, at the
 * speed of the line; so nothing is lost, however fast it comes.  On a terminal
 * Ctrl-A and a letter speak to the simulator.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct machine;

/* Make a terminal raw until the program ends, and look at it now and then. */
void console_start(struct machine *machine);

/*
 * Have a pseudo terminal take the place of standard input and output, for
 * programs that want a serial port; standard error names it.  To be called
 * before console_start().  False: there is none to be had.
 */
bool console_open_pty(void);

/* The next byte that was typed, or -1. */
int console_read(struct machine *machine);

void console_write(uint8_t byte);

/* Show what was written, and wait for input, at most that long. */
void console_wait(int timeout_ms);

/* True once no more input can come. */
bool console_is_closed(void);
