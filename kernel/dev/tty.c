// SPDX-License-Identifier: MIT
/*
 * Terminals: registration and the rings between device and discipline.
 *
 * tty->lock covers the raw and the output ring; drivers take it in their
 * interrupt handlers, so it is always taken with interrupts off.
 */
#include <dev/tty.h>

#include <linux/poll.h>

#include <lib/errno.h>

#include <core/panic.h>
#include <dev/tty_ldisc.h>

static const struct tty_upper_ops *upper; /* set once at boot */
static struct tty *console;               /* set once at boot */

void tty_upper_register(const struct tty_upper_ops *ops)
{
	upper = ops;
}

void tty_signal_foreground(struct tty *tty, int signo)
{
	unsigned long flags = spin_lock_irqsave(&tty->lock);
	int pgrp = tty->pgrp;

	spin_unlock_irqrestore(&tty->lock, flags);
	if (pgrp)
		upper->signal_group(pgrp, signo);
}

/* What a terminal is before anyone asked for anything else: "stty sane". */
static const struct termios2 termios_default = {
	.c_iflag = ICRNL | IXON | IUTF8,
	.c_oflag = OPOST | ONLCR,
	.c_cflag = B115200 | CS8 | CREAD | HUPCL | CLOCAL,
	.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE |
		   IEXTEN,
	.c_cc = {
		[VINTR] = 3, /* ^C */
		[VQUIT] = 28, /* ^\ */
		[VERASE] = 127, /* DEL */
		[VKILL] = 21, /* ^U */
		[VEOF] = 4, /* ^D */
		[VMIN] = 1,
		[VSTART] = 17, /* ^Q */
		[VSTOP] = 19, /* ^S */
		[VSUSP] = 26, /* ^Z */
		[VREPRINT] = 18, /* ^R */
		[VDISCARD] = 15, /* ^O */
		[VWERASE] = 23, /* ^W */
		[VLNEXT] = 22, /* ^V */
	},
	.c_ispeed = 115200,
	.c_ospeed = 115200,
};

/* Carry what the interrupt left in the raw ring through the discipline. */
static void tty_input_work(struct work *work)
{
	struct tty *tty = container_of(work, struct tty, input_work);
	char buf[64];
	unsigned long flags;
	size_t n;

	for (;;) {
		flags = spin_lock_irqsave(&tty->lock);
		for (n = 0; n < sizeof(buf) && tty->raw_tail != tty->raw_head;)
			buf[n++] = tty->raw[tty->raw_tail++ % TTY_RAW_SIZE];
		spin_unlock_irqrestore(&tty->lock, flags);
		if (!n)
			return;
		tty_ldisc_input(tty, buf, n);
	}
}

int tty_register(struct tty *tty)
{
	spin_init(&tty->lock, LOCK_TTY);
	mutex_init(&tty->discipline, LOCK_DEVICE);
	mutex_init(&tty->write_lock, LOCK_TTY_WRITE);
	waitq_init(&tty->readable);
	waitq_init(&tty->writable);
	work_init(&tty->input_work, tty_input_work);
	tty->termios = termios_default;

	tty->cdev.name = tty->name;
	tty->cdev.mode = 0620;
	tty->cdev.ops = upper->file_ops;
	tty->cdev.private = tty;
	return chrdev_register(&tty->cdev);
}

void tty_set_console(struct tty *tty)
{
	if (!console)
		console = tty;
}

struct tty *tty_console(void)
{
	return console;
}

void tty_receive(struct tty *tty, const char *buf, size_t len)
{
	unsigned long flags = spin_lock_irqsave(&tty->lock);
	size_t i;

	for (i = 0; i < len; i++) {
		if (tty->raw_head - tty->raw_tail == TTY_RAW_SIZE) {
			tty->dropped += len - i;
			break;
		}
		tty->raw[tty->raw_head++ % TTY_RAW_SIZE] = buf[i];
	}
	spin_unlock_irqrestore(&tty->lock, flags);
	work_queue(&tty->input_work);
}

/*
 * A break arrives in the ring as a NUL; with BRKINT set on most systems'
 * consoles the difference is not worth a second ring.
 */
void tty_receive_break(struct tty *tty)
{
	tty_receive(tty, "", 1);
}

size_t tty_take_output(struct tty *tty, char *buf, size_t len)
{
	size_t n = 0;

	ASSERT(spin_is_held(&tty->lock));
	if (tty->stopped)
		return 0;
	while (n < len && tty->out_tail != tty->out_head)
		buf[n++] = tty->output[tty->out_tail++ % TTY_OUTPUT_SIZE];
	return n;
}

/* Room is announced when there is a good piece of it, not byte by byte. */
void tty_output_drained(struct tty *tty)
{
	if (tty_output_room(tty) >= TTY_OUTPUT_SIZE / 4)
		waitq_wake_poll(&tty->writable, POLLOUT | POLLWRNORM);
}

bool tty_put_output_locked(struct tty *tty, char c)
{
	ASSERT(spin_is_held(&tty->lock));
	if (tty->out_head - tty->out_tail == TTY_OUTPUT_SIZE)
		return false;
	tty->output[tty->out_head++ % TTY_OUTPUT_SIZE] = c;
	return true;
}

size_t tty_output_pending(struct tty *tty)
{
	unsigned long flags = spin_lock_irqsave(&tty->lock);
	size_t pending = tty->out_head - tty->out_tail;

	spin_unlock_irqrestore(&tty->lock, flags);
	return pending;
}

size_t tty_output_room(struct tty *tty)
{
	return TTY_OUTPUT_SIZE - tty_output_pending(tty);
}

void tty_flush_output(struct tty *tty)
{
	unsigned long flags = spin_lock_irqsave(&tty->lock);

	tty->out_tail = tty->out_head;
	spin_unlock_irqrestore(&tty->lock, flags);
	tty_output_drained(tty);
}

void tty_set_stopped(struct tty *tty, bool stopped)
{
	unsigned long flags = spin_lock_irqsave(&tty->lock);

	tty->stopped = stopped;
	if (!stopped)
		tty->ops->start(tty);
	spin_unlock_irqrestore(&tty->lock, flags);
	if (!stopped)
		tty_output_drained(tty);
}

int tty_session_end(struct tty *tty, int sid)
{
	unsigned long flags = spin_lock_irqsave(&tty->lock);
	int pgrp = 0;

	if (tty->session == sid) {
		pgrp = tty->pgrp;
		tty->session = 0;
		tty->pgrp = 0;
	}
	spin_unlock_irqrestore(&tty->lock, flags);
	return pgrp;
}
