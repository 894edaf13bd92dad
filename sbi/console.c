// SPDX-License-Identifier: MIT
/*
 * The console; see console.h.  console_lock keeps what harts print apart and
 * covers the device.
 */
#include "console.h"

#include <stdarg.h>
#include <stdio.h>

#include "lock.h"

static const struct console_ops *console; /* [I] after boot */
static struct spinlock console_lock;
static bool lock_is_broken;

static void lock_console(void)
{
	if (likely(!lock_is_broken))
		spin_lock(&console_lock);
}

void console_register(const struct console_ops *ops)
{
	console = ops;
}

bool console_is_present(void)
{
	return console;
}

void console_putc(uint8_t byte)
{
	if (!console)
		return;
	lock_console();
	console->send(byte);
	spin_unlock(&console_lock);
}

int console_getc(void)
{
	int byte;

	if (!console)
		return -1;
	lock_console();
	byte = console->receive();
	spin_unlock(&console_lock);
	return byte;
}

void console_write(const char *bytes, size_t len)
{
	size_t i;

	if (!console)
		return;
	lock_console();
	for (i = 0; i < len; i++)
		console->send(bytes[i]);
	spin_unlock(&console_lock);
}

void console_printf(const char *fmt, ...)
{
	char line[CONSOLE_LINE];
	const char *c;
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);

	if (!console)
		return;
	lock_console();
	for (c = line; *c; c++) {
		if (*c == '\n')
			console->send('\r');
		console->send(*c);
	}
	spin_unlock(&console_lock);
}

void console_flush(void)
{
	if (console && console->flush)
		console->flush();
}

void console_break_lock(void)
{
	lock_is_broken = true;
}
