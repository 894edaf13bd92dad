// SPDX-License-Identifier: MIT
/*
 * The line discipline: what termios(3) says about input, echo and editing.
 *
 * The line ring holds, from line_tail on, bytes that may be read (up to
 * line_ready) and, in canonical mode, the line being edited (up to line_head).
 * A set bit in delimiters marks the byte that ended a line; an end-of-file
 * mark is such a byte with the value of EOF_MARK, and is never given to a
 * reader.
 *
 * Everything here runs in threads under tty->discipline; output goes to the
 * ring under tty->lock.  Left out: IUCLC/OLCUC, parity marking, XTABS delays.
 */
#include <dev/tty_ldisc.h>

#include <asm/signal.h>
#include <ctype.h>
#include <linux/poll.h>

#include <core/panic.h>
#include <dev/tty.h>

#define EOF_MARK 0 /* what stands in the ring for ^D */

static bool flag_is_set(const struct tty *tty, tcflag_t lflag)
{
	return tty->termios.c_lflag & lflag;
}

/* Is c the control character at index, which may be switched off (NUL)? */
static bool is_control(const struct tty *tty, unsigned char c, int index)
{
	return c && tty->termios.c_cc[index] == c;
}

/* --- Output ---------------------------------------------------------- */

static void column_advance(struct tty *tty, char c)
{
	if (c == '\r' || c == '\n')
		tty->column = 0;
	else if (c == '\b')
		tty->column -= tty->column > 0;
	else if (c == '\t')
		tty->column = (tty->column | 7) + 1;
	else if ((unsigned char)c >= ' ' && ((unsigned char)c & 0xc0) != 0x80)
		tty->column++; /* UTF-8 continuation bytes take no room */
}

/* One byte through OPOST; false when the ring has no room for all of it. */
static bool output_processed(struct tty *tty, char c)
{
	tcflag_t oflag = tty->termios.c_oflag;
	bool crlf = c == '\n' && (oflag & OPOST) && (oflag & ONLCR);

	if (TTY_OUTPUT_SIZE - (tty->out_head - tty->out_tail) < 1u + crlf)
		return false;
	if (oflag & OPOST) {
		if (c == '\r' && (oflag & ONOCR) && !tty->column)
			return true;
		if (c == '\r' && (oflag & OCRNL))
			c = '\n';
	}
	if (crlf)
		tty_put_output_locked(tty, '\r');
	tty_put_output_locked(tty, c);
	column_advance(tty, c);
	return true;
}

size_t tty_write_output(struct tty *tty, const char *buf, size_t len)
{
	unsigned long flags = spin_lock_irqsave(&tty->lock);
	size_t n;

	for (n = 0; n < len && output_processed(tty, buf[n]); n++)
		;
	tty->ops->start(tty);
	spin_unlock_irqrestore(&tty->lock, flags);
	return n;
}

/* --- Echo ------------------------------------------------------------ */

/* How a byte is shown: ^X for control characters when ECHOCTL is set. */
static void echo_char(struct tty *tty, unsigned char c)
{
	char pair[2] = { '^', c ^ 0x40 };
	char plain = c;

	if (c == '\n' && !flag_is_set(tty, ECHO) &&
	    !(flag_is_set(tty, ECHONL) && flag_is_set(tty, ICANON)))
		return;
	if (c != '\n' && !flag_is_set(tty, ECHO))
		return;
	if (flag_is_set(tty, ECHOCTL) && iscntrl(c) && c != '\n' && c != '\t')
		tty_write_output(tty, pair, sizeof(pair));
	else
		tty_write_output(tty, &plain, 1);
}

static unsigned char line_at(const struct tty *tty, unsigned pos)
{
	return tty->line[pos % TTY_LINE_SIZE];
}

/* The column behind the edited line's bytes up to pos. */
static unsigned line_column(const struct tty *tty, unsigned pos)
{
	unsigned column = tty->line_start_column;
	unsigned i;

	for (i = tty->line_ready; i != pos; i++) {
		unsigned char c = line_at(tty, i);

		if (c == '\t')
			column = (column | 7) + 1;
		else if (iscntrl(c))
			column += flag_is_set(tty, ECHOCTL) ? 2 : 0;
		else if ((c & 0xc0) != 0x80)
			column++;
	}
	return column;
}

/* Rub out on the screen what is no longer in the line. */
static void echo_rubout(struct tty *tty, unsigned old_column)
{
	unsigned column = line_column(tty, tty->line_head);
	bool blank = flag_is_set(tty, ECHOE);

	for (; old_column > column; old_column--)
		tty_write_output(tty, blank ? "\b \b" : "\b", blank ? 3 : 1);
}

/* --- Editing --------------------------------------------------------- */

static void wake_readers(struct tty *tty)
{
	waitq_wake_poll(&tty->readable, POLLIN | POLLRDNORM);
}

static bool line_is_empty(const struct tty *tty)
{
	return tty->line_head == tty->line_ready;
}

/* Take the last character back, all bytes of it when input is UTF-8. */
static void line_drop_char(struct tty *tty)
{
	bool utf8 = tty->termios.c_iflag & IUTF8;

	do
		tty->line_head--;
	while (utf8 && !line_is_empty(tty) &&
	       (line_at(tty, tty->line_head) & 0xc0) == 0x80);
}

static void erase_char(struct tty *tty)
{
	unsigned column = line_column(tty, tty->line_head);

	if (line_is_empty(tty))
		return;
	line_drop_char(tty);
	if (flag_is_set(tty, ECHO))
		echo_rubout(tty, column);
}

static void erase_word(struct tty *tty)
{
	unsigned column = line_column(tty, tty->line_head);

	while (!line_is_empty(tty) && isspace(line_at(tty, tty->line_head - 1)))
		line_drop_char(tty);
	while (!line_is_empty(tty) &&
	       !isspace(line_at(tty, tty->line_head - 1)))
		line_drop_char(tty);
	if (flag_is_set(tty, ECHO))
		echo_rubout(tty, column);
}

static void erase_line(struct tty *tty)
{
	unsigned column = line_column(tty, tty->line_head);

	tty->line_head = tty->line_ready;
	if (flag_is_set(tty, ECHO) && flag_is_set(tty, ECHOKE))
		echo_rubout(tty, column);
	else if (flag_is_set(tty, ECHO) && flag_is_set(tty, ECHOK))
		tty_write_output(tty, "\n", 1);
}

static void reprint_line(struct tty *tty)
{
	unsigned i;

	echo_char(tty, tty->termios.c_cc[VREPRINT]);
	tty_write_output(tty, "\n", 1);
	tty->line_start_column = 0;
	for (i = tty->line_ready; i != tty->line_head; i++)
		echo_char(tty, line_at(tty, i));
}

/* Add a byte to the line ring; false when it is full. */
static bool line_put(struct tty *tty, unsigned char c, bool delimiter)
{
	unsigned slot = tty->line_head % TTY_LINE_SIZE;

	if (tty->line_head - tty->line_tail == TTY_LINE_SIZE) {
		tty->dropped++;
		return false;
	}
	tty->line[slot] = c;
	if (delimiter)
		tty->delimiters[slot / 8] |= 1u << slot % 8;
	else
		tty->delimiters[slot / 8] &= ~(1u << slot % 8);
	tty->line_head++;
	return true;
}

/* One place stays free so that a full line can still be ended. */
static void line_add_char(struct tty *tty, unsigned char c)
{
	if (tty->line_head - tty->line_tail == TTY_LINE_SIZE - 1) {
		if (tty->termios.c_iflag & IMAXBEL)
			tty_write_output(tty, "\a", 1);
		tty->dropped++;
		return;
	}
	if (line_is_empty(tty))
		tty->line_start_column = tty->column;
	line_put(tty, c, false);
	echo_char(tty, c);
}

static void line_end(struct tty *tty, unsigned char c)
{
	if (!line_put(tty, c, true))
		return;
	tty->line_ready = tty->line_head;
	wake_readers(tty);
}

/* Canonical mode: editing characters, line ends, everything else. */
static void canonical_input(struct tty *tty, unsigned char c)
{
	bool extended = flag_is_set(tty, IEXTEN);

	if (is_control(tty, c, VERASE)) {
		erase_char(tty);
	} else if (is_control(tty, c, VKILL)) {
		erase_line(tty);
	} else if (extended && is_control(tty, c, VWERASE)) {
		erase_word(tty);
	} else if (extended && is_control(tty, c, VREPRINT)) {
		reprint_line(tty);
	} else if (extended && is_control(tty, c, VLNEXT)) {
		tty->literal_next = true;
		if (flag_is_set(tty, ECHO) && flag_is_set(tty, ECHOCTL))
			tty_write_output(tty, "^\b", 2);
	} else if (is_control(tty, c, VEOF)) {
		line_end(tty, EOF_MARK);
	} else if (c == '\n' || is_control(tty, c, VEOL) ||
		   (extended && is_control(tty, c, VEOL2))) {
		echo_char(tty, c);
		line_end(tty, c);
	} else {
		line_add_char(tty, c);
	}
}

static void raw_input(struct tty *tty, unsigned char c)
{
	if (!line_put(tty, c, false))
		return;
	echo_char(tty, c);
	tty->line_ready = tty->line_head;
	wake_readers(tty);
}

/* --- Input before editing ---------------------------------------------- */

/* ^C, ^\ and ^Z; true if c was one of them. */
static bool signal_input(struct tty *tty, unsigned char c)
{
	int signo;

	if (!flag_is_set(tty, ISIG))
		return false;
	if (is_control(tty, c, VINTR))
		signo = SIGINT;
	else if (is_control(tty, c, VQUIT))
		signo = SIGQUIT;
	else if (is_control(tty, c, VSUSP))
		signo = SIGTSTP;
	else
		return false;

	if (!flag_is_set(tty, NOFLSH)) {
		tty->line_tail = tty->line_ready = tty->line_head;
		tty_flush_output(tty);
	}
	echo_char(tty, c);
	tty_signal_foreground(tty, signo);
	return true;
}

/* ^S and ^Q; true if c was one of them. */
static bool flow_control_input(struct tty *tty, unsigned char c)
{
	if (!(tty->termios.c_iflag & IXON))
		return false;
	if (is_control(tty, c, VSTOP)) {
		tty_set_stopped(tty, true);
		return true;
	}
	if (is_control(tty, c, VSTART)) {
		tty_set_stopped(tty, false);
		return true;
	}
	if (tty->stopped && tty->termios.c_iflag & IXANY)
		tty_set_stopped(tty, false);
	return false;
}

static void input_char(struct tty *tty, unsigned char c)
{
	tcflag_t iflag = tty->termios.c_iflag;

	if (tty->literal_next) {
		tty->literal_next = false;
		line_add_char(tty, c);
		return;
	}
	if (iflag & ISTRIP)
		c &= 0x7f;
	if (c == '\r' && (iflag & IGNCR))
		return;
	if (flow_control_input(tty, c) || signal_input(tty, c))
		return;

	if (c == '\r' && (iflag & ICRNL))
		c = '\n';
	else if (c == '\n' && (iflag & INLCR))
		c = '\r';
	if (flag_is_set(tty, ICANON))
		canonical_input(tty, c);
	else
		raw_input(tty, c);
}

void tty_ldisc_input(struct tty *tty, const char *buf, size_t len)
{
	size_t i;

	mutex_lock(&tty->discipline);
	for (i = 0; i < len; i++)
		input_char(tty, buf[i]);
	mutex_unlock(&tty->discipline);
}

void tty_type(struct tty *tty, char c)
{
	tty_ldisc_input(tty, &c, 1);
}

/* --- Reading --------------------------------------------------------- */

size_t tty_readable(const struct tty *tty)
{
	return tty->line_ready - tty->line_tail;
}

static bool is_delimiter(const struct tty *tty, unsigned pos)
{
	unsigned slot = pos % TTY_LINE_SIZE;

	return tty->delimiters[slot / 8] & 1u << slot % 8;
}

size_t tty_read_line(struct tty *tty, char *buf, size_t len, bool *eof)
{
	size_t n = 0;

	ASSERT(mutex_is_held(&tty->discipline));
	*eof = false;
	while (n < len && tty_readable(tty)) {
		unsigned char c = line_at(tty, tty->line_tail);
		bool ends = is_delimiter(tty, tty->line_tail);

		tty->line_tail++;
		if (ends && c == EOF_MARK) {
			*eof = n == 0;
			return n;
		}
		buf[n++] = c;
		if (ends && flag_is_set(tty, ICANON))
			return n;
	}
	/* A ^D right behind a full buffer ends this read, not the next one. */
	if (n && tty_readable(tty) && flag_is_set(tty, ICANON) &&
	    is_delimiter(tty, tty->line_tail) &&
	    line_at(tty, tty->line_tail) == EOF_MARK)
		tty->line_tail++;
	return n;
}

/* --- Settings -------------------------------------------------------- */

void tty_flush_input(struct tty *tty)
{
	mutex_lock(&tty->discipline);
	tty->line_tail = tty->line_ready = tty->line_head;
	mutex_unlock(&tty->discipline);
}

void tty_set_termios(struct tty *tty, const struct termios2 *termios)
{
	bool was_canonical;

	mutex_lock(&tty->discipline);
	was_canonical = flag_is_set(tty, ICANON);
	tty->termios = *termios;
	/* A half-edited line becomes readable; nobody can edit it any more. */
	if (was_canonical && !flag_is_set(tty, ICANON)) {
		tty->line_ready = tty->line_head;
		tty->literal_next = false;
	}
	mutex_unlock(&tty->discipline);

	if (tty->ops->set_termios)
		tty->ops->set_termios(tty);
	if (!(termios->c_iflag & IXON))
		tty_set_stopped(tty, false);
	wake_readers(tty);
}
