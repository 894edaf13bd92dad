// SPDX-License-Identifier: MIT
/* See console.h. */
#include "console.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "machine.h"

#define CTRL_A 1

static struct termios saved;
static bool is_terminal;
static bool is_closed;
static bool after_escape; /* the last byte was Ctrl-A */

static void restore(void)
{
	fflush(stdout);
	tcsetattr(STDIN_FILENO, TCSANOW, &saved);
}

void console_start(void)
{
	struct termios raw;

	is_terminal = isatty(STDIN_FILENO);
	if (!is_terminal || tcgetattr(STDIN_FILENO, &saved) != 0)
		return;
	raw = saved;
	cfmakeraw(&raw);
	raw.c_oflag |= OPOST;
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	atexit(restore);
}

void console_write(uint8_t byte)
{
	putchar(byte);
	if (byte == '\n')
		fflush(stdout);
}

void console_wait(int timeout_ms)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };

	fflush(stdout);
	poll(&input, 1, timeout_ms);
}

bool console_is_closed(void)
{
	return is_closed;
}

/* The next byte that is there, or -1. */
static int read_byte(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	uint8_t byte;

	if (is_closed || poll(&input, 1, 0) <= 0)
		return -1;
	if (read(STDIN_FILENO, &byte, 1) != 1) {
		is_closed = true;
		return -1;
	}
	return byte;
}

int console_read(struct machine *machine)
{
	int byte = read_byte();

	if (!is_terminal || byte < 0)
		return byte;
	if (byte == CTRL_A && !after_escape) {
		after_escape = true;
		return -1;
	}
	if (after_escape && (byte == 'x' || byte == 'X')) {
		machine_stop(machine, STATUS_QUIT);
		return -1;
	}
	after_escape = false;
	return byte;
}
