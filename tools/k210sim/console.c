// SPDX-License-Identifier: MIT
/*
 * See console.h.  The terminal is looked at every millisecond of simulated
 * time, so that Ctrl-A is heard even if the guest never reads its UART.
 */
#define _GNU_SOURCE /* pseudo terminals */
#include "console.h"

#include <ctype.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "machine.h"

#define CTRL_A    1
#define LOOK_TIME PS_PER_MILLISECOND
#define TYPED     4096

static const char help[] = "k210sim: Ctrl-A and\n"
			   "  X  end the simulator\n"
			   "  S  take the SD card out, or put it in\n"
			   "  B  press the BOOT key, or let go of it\n"
			   "  H  this help\n"
			   "  Ctrl-A  send Ctrl-A\n";

static struct termios saved;
static struct event look;
static bool is_terminal;
static bool has_pty;
static bool is_at_end; /* of standard input */
static bool after_escape;
static uint8_t typed[TYPED];
static unsigned int typed_first, typed_end;

static void restore(void)
{
	fflush(stdout);
	tcsetattr(STDIN_FILENO, TCSANOW, &saved);
}

static void obey(struct machine *machine, int letter)
{
	switch (letter) {
	case 'X':
		machine_stop(machine, STATUS_QUIT);
		break;
	case 'S':
		sdcard_toggle(machine);
		fprintf(stderr, "k210sim: SD card %s\n",
			machine->sdcard.is_inserted ? "in" : "out");
		break;
	case 'B':
		fprintf(stderr, "k210sim: BOOT key %s\n",
			board_toggle_boot(machine) ? "pressed" : "released");
		break;
	default:
		fputs(help, stderr);
		break;
	}
}

/* Keep a byte, unless it is for the simulator. */
static void take(struct machine *machine, uint8_t byte)
{
	if (is_terminal && !after_escape && byte == CTRL_A) {
		after_escape = true;
		return;
	}
	if (after_escape && byte != CTRL_A) {
		fflush(stdout);
		obey(machine, toupper(byte));
	} else {
		typed[typed_end++] = byte;
	}
	after_escape = false;
}

/* Read what there is and fits; the rest stays with the host. */
static void fill(struct machine *machine)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	uint8_t bytes[TYPED];
	ssize_t len;

	if (typed_first == typed_end)
		typed_first = typed_end = 0;
	if (is_at_end || typed_end == TYPED || poll(&input, 1, 0) <= 0)
		return;
	len = read(STDIN_FILENO, bytes, TYPED - typed_end);
	if (len <= 0)
		is_at_end = true;
	for (ssize_t i = 0; i < len; i++)
		take(machine, bytes[i]);
}

static void look_fire(struct machine *machine, struct event *event)
{
	fflush(stdout);
	fill(machine);
	if (!is_at_end)
		event_schedule(machine, event, event->when + LOOK_TIME);
}

bool console_open_pty(void)
{
	int pty = posix_openpt(O_RDWR | O_NOCTTY);
	const char *name;
	struct termios raw;
	int port;

	if (pty < 0 || grantpt(pty) != 0 || unlockpt(pty) != 0)
		return false;
	name = ptsname(pty);
	/* Kept open, so that the line lives between its users. */
	port = name ? open(name, O_RDWR | O_NOCTTY) : -1;
	if (port < 0 || tcgetattr(port, &raw) != 0)
		return false;
	cfmakeraw(&raw);
	if (tcsetattr(port, TCSANOW, &raw) != 0 ||
	    dup2(pty, STDIN_FILENO) < 0 || dup2(pty, STDOUT_FILENO) < 0)
		return false;
	fprintf(stderr, "k210sim: the terminal is %s\n", name);
	has_pty = true;
	return true;
}

void console_start(struct machine *machine)
{
	struct termios raw;

	look.fire = look_fire;
	event_schedule(machine, &look, time_now(machine) + LOOK_TIME);
	is_terminal = !has_pty && isatty(STDIN_FILENO);
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
	return is_at_end && typed_first == typed_end;
}

int console_read(struct machine *machine)
{
	if (typed_first == typed_end)
		fill(machine);
	if (typed_first == typed_end)
		return -1;
	return typed[typed_first++];
}
