// SPDX-License-Identifier: MIT
/*
 * Line editing.
 *
 * The terminal is put into raw mode only while a line is read.  Text that is
 * typed at the end of the line is simply echoed; any other change redraws the
 * line, which may wrap over several rows.  Only the escape sequences that
 * every terminal knows are used (ECMA-48: CUU, CUF, ED), since nothing is
 * known about what is at the other end of a serial line; 80 columns are
 * assumed where the kernel does not know better.  Bytes are taken as columns,
 * except that the continuation bytes of UTF-8 take none.
 */
#include "edit.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "complete.h"
#include "history.h"
#include "memory.h"
#include "sh.h"
#include "trap.h"

#define KEY_CTRL(c)          ((c)&0x1f)
#define EDIT_DEFAULT_COLUMNS 80
#define EDIT_OUT_SIZE        256

/* Keys beyond the characters. */
enum edit_key {
	KEY_EOF = -1,
	KEY_INTERRUPTED = -2,
	KEY_UP = 256,
	KEY_DOWN,
	KEY_LEFT,
	KEY_RIGHT,
	KEY_HOME,
	KEY_END,
	KEY_DELETE,
	KEY_WORD_LEFT,
	KEY_WORD_RIGHT,
	KEY_KILL_WORD,
	KEY_UNKNOWN,
};

static struct {
	const char *prompt;
	size_t prompt_columns;
	size_t columns;
	char *text; /* malloc()ed, kept from line to line */
	size_t len, room;
	size_t cursor;    /* byte offset */
	size_t drawn_row; /* row of the cursor on the screen, from the prompt */
	int age;          /* of the history line shown; -1: a new one */
	char *saved;      /* the new line, while history is shown */
	char *killed;     /* for Ctrl-Y */
	char out[EDIT_OUT_SIZE];
	size_t out_len;
} edit = { .columns = EDIT_DEFAULT_COLUMNS };

static void out_flush(void)
{
	size_t done = 0;

	while (done < edit.out_len) {
		ssize_t n = write(STDERR_FILENO, edit.out + done,
				  edit.out_len - done);

		if (n < 0 && errno != EINTR)
			break;
		if (n > 0)
			done += (size_t)n;
	}
	edit.out_len = 0;
}

static void out_add(const char *text, size_t len)
{
	for (; len; len--) {
		if (edit.out_len == sizeof(edit.out))
			out_flush();
		edit.out[edit.out_len++] = *text++;
	}
}

static void out_text(const char *text)
{
	out_add(text, strlen(text));
}

/* ESC [ n letter; nothing for n = 0. */
static void out_move(size_t n, char letter)
{
	char text[24];

	if (n) {
		snprintf(text, sizeof(text), "\033[%zu%c", n, letter);
		out_text(text);
	}
}

/* Columns that len bytes of text take. */
static size_t text_columns(const char *text, size_t len)
{
	size_t columns = 0;

	for (size_t i = 0; i < len; i++)
		columns += ((unsigned char)text[i] & 0xc0) != 0x80;
	return columns;
}

/* The same for a prompt, whose escape sequences take no room. */
static size_t prompt_columns(const char *prompt)
{
	const char *newline = strrchr(prompt, '\n');
	size_t columns = 0;

	for (prompt = newline ? newline + 1 : prompt; *prompt; prompt++) {
		if (prompt[0] == '\033' && prompt[1] == '[') {
			prompt += 2;
			while (*prompt && (*prompt < '@' || *prompt > '~'))
				prompt++;
			if (!*prompt)
				break;
			continue;
		}
		columns += ((unsigned char)*prompt & 0xc0) != 0x80;
	}
	return columns;
}

/* Draw prompt and line anew, from the row that the prompt is on. */
static void edit_draw(void)
{
	size_t at = edit.prompt_columns + text_columns(edit.text, edit.cursor);
	size_t end = edit.prompt_columns + text_columns(edit.text, edit.len);
	const char *newline = strrchr(edit.prompt, '\n');

	out_text("\r");
	out_move(edit.drawn_row, 'A');
	out_text(newline ? newline + 1 : edit.prompt);
	out_add(edit.text, edit.len);
	/* At the right margin the cursor hangs: make it wrap. */
	if (end && end % edit.columns == 0)
		out_text(" \r");
	out_text("\033[J\r");
	out_move(end / edit.columns - at / edit.columns, 'A');
	out_move(at % edit.columns, 'C');
	edit.drawn_row = at / edit.columns;
	out_flush();
}

static void edit_reserve(size_t extra)
{
	if (edit.room - edit.len > extra)
		return;
	edit.room = edit.len + extra + 128;
	edit.text = sh_realloc(edit.text, edit.room);
}

static void edit_insert(const char *text, size_t len)
{
	bool at_end = edit.cursor == edit.len;
	size_t column;

	edit_reserve(len);
	memmove(edit.text + edit.cursor + len, edit.text + edit.cursor,
		edit.len - edit.cursor);
	memcpy(edit.text + edit.cursor, text, len);
	edit.len += len;
	edit.cursor += len;

	column = edit.prompt_columns + text_columns(edit.text, edit.len);
	if (!at_end || len != 1 || column % edit.columns == 0) {
		edit_draw();
		return;
	}
	out_add(text, len);
	edit.drawn_row = column / edit.columns;
	out_flush();
}

static size_t step_left(size_t at)
{
	while (at && ((unsigned char)edit.text[--at] & 0xc0) == 0x80)
		;
	return at;
}

static size_t step_right(size_t at)
{
	while (at < edit.len && ++at < edit.len &&
	       ((unsigned char)edit.text[at] & 0xc0) == 0x80)
		;
	return at;
}

static size_t word_left(size_t at)
{
	while (at && edit.text[at - 1] == ' ')
		at--;
	while (at && edit.text[at - 1] != ' ')
		at--;
	return at;
}

static size_t word_right(size_t at)
{
	while (at < edit.len && edit.text[at] == ' ')
		at++;
	while (at < edit.len && edit.text[at] != ' ')
		at++;
	return at;
}

/* Remove [from, to); keep: Ctrl-Y brings it back. */
static void edit_remove(size_t from, size_t to, bool keep)
{
	if (from == to)
		return;
	if (keep) {
		free(edit.killed);
		edit.killed = strndup(edit.text + from, to - from);
	}
	memmove(edit.text + from, edit.text + to, edit.len - to);
	edit.len -= to - from;
	edit.cursor = from;
	edit_draw();
}

static void edit_move(size_t to)
{
	edit.cursor = to;
	edit_draw();
}

static void edit_set_text(const char *text)
{
	edit.len = 0;
	edit_reserve(strlen(text));
	edit.len = strlen(text);
	memcpy(edit.text, text, edit.len);
	edit.cursor = edit.len;
}

static void edit_history(int step)
{
	const char *line;

	if (edit.age + step < -1)
		return;
	if (edit.age + step == -1) {
		line = edit.saved ? edit.saved : "";
	} else {
		line = history_get(edit.age + step);
		if (!line)
			return;
	}
	if (edit.age == -1) {
		free(edit.saved);
		edit.saved = strndup(edit.text, edit.len);
	}
	edit.age += step;
	edit_set_text(line);
	edit_draw();
}

static int read_byte(void)
{
	unsigned char c;
	ssize_t got;

	do
		got = read(STDIN_FILENO, &c, 1);
	while (got < 0 && errno == EINTR && !trap_pending());
	if (got < 0 && errno == EINTR)
		return KEY_INTERRUPTED;
	return got == 1 ? c : KEY_EOF;
}

static int escape_final_key(int final, int number, int modifier)
{
	switch (final) {
	case 'A':
		return KEY_UP;
	case 'B':
		return KEY_DOWN;
	case 'C':
		return modifier > 1 ? KEY_WORD_RIGHT : KEY_RIGHT;
	case 'D':
		return modifier > 1 ? KEY_WORD_LEFT : KEY_LEFT;
	case 'H':
		return KEY_HOME;
	case 'F':
		return KEY_END;
	case '~':
		if (number == 1 || number == 7)
			return KEY_HOME;
		if (number == 4 || number == 8)
			return KEY_END;
		return number == 3 ? KEY_DELETE : KEY_UNKNOWN;
	default:
		return KEY_UNKNOWN;
	}
}

/* What follows ESC. */
static int read_escape(void)
{
	int numbers[2] = { 0, 0 };
	int which = 0;
	int c = read_byte();

	if (c == 'b')
		return KEY_WORD_LEFT;
	if (c == 'f')
		return KEY_WORD_RIGHT;
	if (c == 'd')
		return KEY_KILL_WORD;
	if (c != '[' && c != 'O')
		return c < 0 ? c : KEY_UNKNOWN;
	for (;;) {
		c = read_byte();
		if (c >= '0' && c <= '9')
			numbers[which] = (numbers[which] * 10 + c - '0') % 1000;
		else if (c == ';')
			which = 1;
		else
			break;
	}
	return c < 0 ? c : escape_final_key(c, numbers[0], numbers[1]);
}

static int read_key(void)
{
	int c = read_byte();

	return c == '\033' ? read_escape() : c;
}

static void list_candidates(const struct ptrlist *candidates)
{
	size_t widest = 1, columns;

	for (size_t i = 0; i < candidates->count; i++) {
		size_t len = strlen(candidates->items[i]);

		if (len > widest)
			widest = len;
	}
	columns = edit.columns / (widest + 2);
	if (!columns)
		columns = 1;
	for (size_t i = 0; i < candidates->count; i++) {
		size_t len = strlen(candidates->items[i]);

		if (i % columns == 0)
			out_text("\n");
		out_add(candidates->items[i], len);
		for (; len < widest + 2; len++)
			out_text(" ");
	}
	out_text("\n");
	edit.drawn_row = 0;
	edit_draw();
}

static void edit_complete(bool again)
{
	struct arena_mark mark = arena_mark(&sh_temp);
	struct ptrlist candidates = { .arena = &sh_temp };
	size_t start, common;

	complete_line(edit.text, edit.cursor, &start, &candidates);
	if (!candidates.count) {
		out_text("\a");
		out_flush();
		arena_release(&sh_temp, mark);
		return;
	}
	common = complete_common(&candidates);
	if (common > edit.cursor - start) {
		const char *first = candidates.items[0];

		edit_insert(first + edit.cursor - start,
			    common - (edit.cursor - start));
	} else if (candidates.count > 1) {
		if (again)
			list_candidates(&candidates);
		else
			out_text("\a");
		out_flush();
	}
	if (candidates.count == 1 && edit.text[edit.cursor - 1] != '/')
		edit_insert(" ", 1);
	arena_release(&sh_temp, mark);
}

static void draw_search(const char *pattern, const char *found)
{
	out_text("\r\033[J(search) '");
	out_text(pattern);
	out_text("': ");
	out_text(found ? found : "");
	out_flush();
}

static const char *find_in_history(const char *pattern, int *age)
{
	const char *line;

	for (int i = *age; (line = history_get(i)); i++) {
		if (strstr(line, pattern)) {
			*age = i;
			return line;
		}
	}
	return NULL;
}

/* Ctrl-R: search backwards; returns the key that ended it. */
static int edit_search(void)
{
	char pattern[80] = "";
	const char *found = NULL;
	size_t len = 0;
	int age = 0;
	int key;

	out_move(edit.drawn_row, 'A');
	for (;;) {
		draw_search(pattern, found);
		key = read_key();
		if (key == KEY_CTRL('R')) {
			age++;
		} else if ((key == 127 || key == '\b') && len) {
			pattern[--len] = '\0';
			age = 0;
		} else if (key >= ' ' && key < 127 &&
			   len + 1 < sizeof(pattern)) {
			pattern[len++] = (char)key;
			pattern[len] = '\0';
			age = 0;
		} else {
			break;
		}
		if (len) {
			const char *next = find_in_history(pattern, &age);

			if (next)
				found = next;
			else if (key != KEY_CTRL('R'))
				found = NULL;
		}
	}
	if (found && key != KEY_CTRL('G') && key != KEY_CTRL('C'))
		edit_set_text(found);
	edit.drawn_row = 0;
	edit_draw();
	return key == KEY_CTRL('G') ? KEY_UNKNOWN : key;
}

/* A key that edits; anything unknown is ignored. */
static void edit_apply(int key, bool again)
{
	switch (key) {
	case KEY_CTRL('A'):
	case KEY_HOME:
		edit_move(0);
		break;
	case KEY_CTRL('E'):
	case KEY_END:
		edit_move(edit.len);
		break;
	case KEY_CTRL('B'):
	case KEY_LEFT:
		edit_move(step_left(edit.cursor));
		break;
	case KEY_CTRL('F'):
	case KEY_RIGHT:
		edit_move(step_right(edit.cursor));
		break;
	case KEY_WORD_LEFT:
		edit_move(word_left(edit.cursor));
		break;
	case KEY_WORD_RIGHT:
		edit_move(word_right(edit.cursor));
		break;
	case 127:
	case '\b':
		edit_remove(step_left(edit.cursor), edit.cursor, false);
		break;
	case KEY_CTRL('D'):
	case KEY_DELETE:
		edit_remove(edit.cursor, step_right(edit.cursor), false);
		break;
	case KEY_CTRL('K'):
		edit_remove(edit.cursor, edit.len, true);
		break;
	case KEY_CTRL('U'):
		edit_remove(0, edit.cursor, true);
		break;
	case KEY_CTRL('W'):
		edit_remove(word_left(edit.cursor), edit.cursor, true);
		break;
	case KEY_KILL_WORD:
		edit_remove(edit.cursor, word_right(edit.cursor), true);
		break;
	case KEY_CTRL('Y'):
		if (edit.killed)
			edit_insert(edit.killed, strlen(edit.killed));
		break;
	case KEY_CTRL('L'):
		out_text("\033[H\033[2J");
		edit.drawn_row = 0;
		edit_draw();
		break;
	case KEY_CTRL('P'):
	case KEY_UP:
		edit_history(1);
		break;
	case KEY_CTRL('N'):
	case KEY_DOWN:
		edit_history(-1);
		break;
	case '\t':
		edit_complete(again);
		break;
	default:
		if (key >= ' ' && key < 256)
			edit_insert(&(char){ (char)key }, 1);
	}
}

/* Leave the line: the cursor goes behind its last row. */
static void edit_leave(const char *mark)
{
	if (edit.cursor != edit.len)
		edit_move(edit.len);
	out_text(mark);
	out_text("\n");
	out_flush();
}

/* Keys until the line is complete; false at the end of the input. */
static bool edit_loop(void)
{
	int last = 0;

	for (;;) {
		int key = read_key();

		if (key == KEY_CTRL('R'))
			key = edit_search();
		if (key == '\r' || key == '\n') {
			edit_leave("");
			return true;
		}
		if (key == KEY_CTRL('C') || key == KEY_INTERRUPTED) {
			edit_leave("^C");
			edit.len = 0;
			raise(SIGINT);
			sh.status = 130;
			return true;
		}
		if (key == KEY_EOF || (key == KEY_CTRL('D') && !edit.len)) {
			out_text("\n");
			out_flush();
			return false;
		}
		edit_apply(key, last == '\t');
		last = key;
	}
}

static void edit_start(const char *prompt)
{
	struct winsize size;

	edit.columns = EDIT_DEFAULT_COLUMNS;
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
		edit.columns = size.ws_col;
	edit.prompt = prompt;
	edit.prompt_columns = prompt_columns(prompt);
	edit.len = edit.cursor = edit.drawn_row = 0;
	edit.age = -1;
	edit_reserve(0);
	out_text(prompt);
	out_flush();
}

static char *edit_finish(void)
{
	edit_reserve(1);
	edit.text[edit.len] = '\0';
	history_add(edit.text);
	edit.text[edit.len++] = '\n';
	edit.text[edit.len] = '\0';
	return edit.text;
}

/* Where standard input is no terminal (sh -i < file). */
static char *read_plain_line(void)
{
	int c;

	while ((c = read_byte()) >= 0 && c != '\n') {
		edit_reserve(2);
		edit.text[edit.len++] = (char)c;
	}
	if (c < 0 && !edit.len)
		return NULL;
	edit_reserve(1);
	edit.text[edit.len++] = '\n';
	edit.text[edit.len] = '\0';
	return edit.text;
}

char *edit_read_line(const char *prompt)
{
	static bool history_loaded;
	struct termios cooked, raw;
	bool more;

	if (!history_loaded) {
		history_load();
		history_loaded = true;
	}
	if (tcgetattr(STDIN_FILENO, &cooked)) {
		edit_start(prompt);
		return read_plain_line();
	}
	raw = cooked;
	raw.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IXON | ISTRIP);
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
	raw.c_oflag |= OPOST | ONLCR;
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	/* Who answers the prompt, types into raw mode already. */
	edit_start(prompt);
	more = edit_loop();
	tcsetattr(STDIN_FILENO, TCSADRAIN, &cooked);
	return more ? edit_finish() : NULL;
}
