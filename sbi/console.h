/* SPDX-License-Identifier: MIT */
/*
 * The console: one polled device, for our own messages and for S-mode's.
 */
#pragma once

#include <lib/types.h>

struct console_ops {
	/* Send one byte, waiting for room. */
	void (*send)(uint8_t byte);
	/* The next byte received, or -1. */
	int (*receive)(void);
	/* Wait until all that was sent is out; NULL: there is no need to. */
	void (*flush)(void);
};

/* Make this the console.  Context: boot hart. */
void console_register(const struct console_ops *ops);

/* Is there a console?  All below do nothing without one. */
bool console_is_present(void);

/* One byte, as it is.  Context: any hart; spins for the console's lock. */
void console_putc(uint8_t byte);

/* The next byte received, or -1.  Context: any hart. */
int console_getc(void);

/* Bytes as they are, kept together.  Context: any hart. */
void console_write(const char *bytes, size_t len);

/*
 * A message of at most CONSOLE_LINE bytes, with CR before each LF.
 * Context: any hart.
 */
#define CONSOLE_LINE 160
void console_printf(const char *fmt, ...) __printf(1, 2);

/* Wait until everything is out: the machine will end.  Takes no lock. */
void console_flush(void);

/* From here on take no lock: for panics, whose hart may hold it. */
void console_break_lock(void);
