// SPDX-License-Identifier: MIT
/*
 * Terminals: the line discipline between a serial device and the processes
 * that read and write it.  termios(3) is the specification.
 *
 * Input: the driver's interrupt puts bytes into the raw ring (tty_receive()),
 * a work item carries them through the discipline (echo, editing, signals)
 * into the line ring, from which tty_read_line() takes them.
 * Output: tty_write_output() puts processed bytes into the output ring, from
 * which the driver takes them with tty_take_output().
 * The files /dev/ttyS0, /dev/console and /dev/tty are fs/ttyfile.c's.
 */
#pragma once

#include <asm/termbits.h>
#include <asm/termios.h>

#include <lib/types.h>

#include <core/mutex.h>
#include <core/waitq.h>
#include <core/work.h>
#include <dev/chrdev.h>

struct tty;

struct tty_ops {
	/*
	 * There is output: take what the device has room for with
	 * tty_take_output(), and call tty_output_drained() once it took more
	 * later, from the interrupt.  tty->lock held, interrupts off.
	 */
	void (*start)(struct tty *tty);
	/* Speed or framing changed: tty->termios.  May be NULL.  May sleep. */
	void (*set_termios)(struct tty *tty);
};

#define TTY_RAW_SIZE    512u  /* powers of two */
#define TTY_LINE_SIZE   4096u /* the longest line is one less: MAX_CANON */
#define TTY_OUTPUT_SIZE 4096u

/*
 * Belongs to its driver, never freed.
 * [s] lock, taken with interrupts off; [d] discipline mutex; [I] immutable
 */
struct tty {
	const char *name;          /* [I] "ttyS0" */
	const struct tty_ops *ops; /* [I] */
	void *private;             /* [I] the driver's */
	struct chrdev cdev;        /* [I] */

	spinlock_t lock;
	unsigned raw_head, raw_tail; /* [s] free-running */
	unsigned out_head, out_tail; /* [s] free-running */
	unsigned column;  /* [s] of the cursor, for tabs and erasing */
	bool stopped;     /* [s] by ^S or TCOOFF */
	int pgrp;         /* [s] foreground process group, or 0 */
	int session;      /* [s] whose controlling terminal, or 0 */
	uint64_t dropped; /* [s] input bytes lost to full rings */

	struct mutex discipline;
	struct termios2 termios;    /* [d] */
	struct winsize winsize;     /* [d] */
	unsigned line_tail;         /* [d] next byte to read, free-running */
	unsigned line_ready;        /* [d] end of what may be read */
	unsigned line_head;         /* [d] end of what was typed */
	unsigned line_start_column; /* [d] where the edited line began */
	bool literal_next;          /* [d] ^V was typed */

	struct waitq readable;   /* line_ready moved */
	struct waitq writable;   /* the output ring has room again */
	struct mutex write_lock; /* one write(2) at a time */
	struct work input_work;

	char raw[TTY_RAW_SIZE];                /* [s] */
	char output[TTY_OUTPUT_SIZE];          /* [s] */
	char line[TTY_LINE_SIZE];              /* [d] */
	uint8_t delimiters[TTY_LINE_SIZE / 8]; /* [d] bytes that end a line */
};

/* What the upper parts do for terminals; registered before the first tty. */
struct tty_upper_ops {
	const struct file_ops *file_ops; /* of the device nodes */
	/* Send signo to a foreground group.  Thread context. */
	void (*signal_group)(int pgrp, int signo);
};
void tty_upper_register(const struct tty_upper_ops *ops);

/*
 * Announce a terminal: name, ops, private and cdev numbers are set.
 * 0 or -EBUSY.  Context: thread.
 */
int tty_register(struct tty *tty);

/* The terminal behind /dev/console: the first that was made it; or NULL. */
void tty_set_console(struct tty *tty);
struct tty *tty_console(void);

/* --- For drivers; any context ---------------------------------------- */

/* Bytes came in.  Those that find no room are counted and dropped. */
void tty_receive(struct tty *tty, const char *buf, size_t len);
/* A break condition: BRKINT, IGNBRK and PARMRK decide what it means. */
void tty_receive_break(struct tty *tty);
/* Move at most len bytes of output to buf.  tty->lock held. */
size_t tty_take_output(struct tty *tty, char *buf, size_t len);
/* Output was taken since the last call: wake writers.  Lock not held. */
void tty_output_drained(struct tty *tty);

/* --- For the file side; thread context, may sleep ----------------------- */

/*
 * Put bytes through output processing into the ring, as many as fit, and
 * start the device.  Returns how many of them are done with.
 */
size_t tty_write_output(struct tty *tty, const char *buf, size_t len);
/* Bytes in the output ring (TIOCOUTQ), and how many would fit. */
size_t tty_output_pending(struct tty *tty);
size_t tty_output_room(struct tty *tty);

/*
 * Take at most len readable bytes, in canonical mode not beyond one line.
 * *eof is set when an end-of-file mark was taken with no byte before it.
 * The discipline mutex is held.
 */
size_t tty_read_line(struct tty *tty, char *buf, size_t len, bool *eof);
/* Bytes that a read would give now.  The discipline mutex is held. */
size_t tty_readable(const struct tty *tty);

/* TCSETS and kin: take the new settings, redo what depends on ICANON. */
void tty_set_termios(struct tty *tty, const struct termios2 *termios);
/* TCFLSH: drop what was typed but not read; what was written but not sent. */
void tty_flush_input(struct tty *tty);
void tty_flush_output(struct tty *tty);
/* TCXONC and ^S/^Q: hold or release output. */
void tty_set_stopped(struct tty *tty, bool stopped);
/* TIOCSTI: as if it had been typed. */
void tty_type(struct tty *tty, char c);

/*
 * The leader of session sid, whose terminal this was, has ended: the terminal
 * is free again.  Returns the foreground group, to be hung up, or 0.
 */
int tty_session_end(struct tty *tty, int sid);

/* For tty_ldisc.c: add output that is not to be processed.  Lock held. */
bool tty_put_output_locked(struct tty *tty, char c);
void tty_signal_foreground(struct tty *tty, int signo);
