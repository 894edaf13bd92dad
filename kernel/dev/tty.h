// SPDX-License-Identifier: MIT
/*
 * Terminals: the line discipline between a device (UART, console) and the
 * processes that read and write /dev/ttyS0, /dev/console and /dev/tty.
 * See termios(3).  The part that is a file is fs/ttyfile.c.
 */
#pragma once

#include <asm/termbits.h>
#include <asm/termios.h>

#include <lib/types.h>

#include <core/mutex.h>
#include <core/waitq.h>

struct tty;

/* The device behind. */
struct tty_ops {
	/* Queue or print; returns bytes taken (may be fewer).  tty->lock held, interrupts off. */
	size_t (*write)(struct tty *tty, const char *buf, size_t len);
	void (*set_termios)(struct tty *tty); /* speed and framing; optional */
};

/* A signal for the foreground group; proc/ registers how to send it. */
struct tty_signal_ops {
	void (*signal_group)(int pgid, int signo);
};
void tty_signal_ops_register(const struct tty_signal_ops *ops);
