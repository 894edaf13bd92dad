// SPDX-License-Identifier: MIT
/*
 * printf: POSIX's formatted output.  The format is used again while operands
 * are left.  Also the shell's builtin, so it must return, never exit.
 */
#include "applets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <user/lib/escape.h>
#include <user/lib/util.h>

struct printf_state {
	char **operands; /* NULL-terminated */
	int status;
	bool stop; /* \c was met */
};

static const char *printf_operand(struct printf_state *state)
{
	return *state->operands ? *state->operands++ : NULL;
}

static void printf_check_number(struct printf_state *state, const char *text,
				const char *end)
{
	if (end == text || *end || errno) {
		warn_msg("%s: not a number", text);
		state->status = 1;
	}
}

static long long printf_integer(struct printf_state *state, bool is_signed)
{
	const char *text = printf_operand(state);
	long long value;
	char *end;

	if (!text)
		return 0;
	if (text[0] == '\'' || text[0] == '"')
		return (unsigned char)text[1];
	errno = 0;
	value = is_signed || text[0] == '-'
			? strtoll(text, &end, 0)
			: (long long)strtoull(text, &end, 0);
	printf_check_number(state, text, end);
	return value;
}

#ifndef PRINTF_NO_FLOAT
static double printf_double(struct printf_state *state)
{
	const char *text = printf_operand(state);
	double value;
	char *end;

	if (!text)
		return 0;
	errno = 0;
	value = strtod(text, &end);
	printf_check_number(state, text, end);
	return value;
}
#endif

/* Copy flags, width and precision to spec, "*" replaced by its operand. */
static const char *printf_parse_spec(struct printf_state *state,
				     const char *format, char *spec,
				     size_t size)
{
	size_t len = 0;

	spec[len++] = '%';
	while (*format && strchr("-+ #0123456789.*", *format)) {
		if (len + 24 > size)
			return NULL;
		if (*format == '*')
			len += (size_t)sprintf(
				spec + len, "%d",
				(int)printf_integer(state, true));
		else
			spec[len++] = *format;
		format++;
	}
	spec[len] = '\0';
	return format;
}

static void printf_convert(struct printf_state *state, char *spec, char type)
{
	const char *text;

	switch (type) {
	case 'd':
	case 'i':
		strcat(spec, "lld");
		printf(spec, printf_integer(state, true));
		break;
	case 'o':
	case 'u':
	case 'x':
	case 'X':
		strcat(spec, "ll");
		strncat(spec, &type, 1);
		printf(spec, printf_integer(state, false));
		break;
	case 'c':
		text = printf_operand(state);
		strcat(spec, "c");
		if (text && *text)
			printf(spec, *text);
		break;
	case 'b':
		text = printf_operand(state);
		if (text && !escape_print(text, ESCAPE_ECHO))
			state->stop = true;
		break;
	case 's':
		text = printf_operand(state);
		strcat(spec, "s");
		printf(spec, text ? text : "");
		break;
#ifndef PRINTF_NO_FLOAT
	case 'e':
	case 'E':
	case 'f':
	case 'F':
	case 'g':
	case 'G':
		strncat(spec, &type, 1);
		printf(spec, printf_double(state));
		break;
#endif
	default:
		warn_msg("%%%c: unknown conversion", type);
		state->status = 1;
		state->stop = true;
	}
}

/* One pass over the format. */
static void printf_pass(struct printf_state *state, const char *format)
{
	char spec[64];

	while (*format && !state->stop) {
		int c = (unsigned char)*format++;

		if (c == '%' && *format == '%') {
			putchar(*format++);
		} else if (c == '%') {
			format = printf_parse_spec(state, format, spec,
						   sizeof(spec) - 4);
			if (!format || !*format) {
				warn_msg("bad format");
				state->status = 1;
				return;
			}
			printf_convert(state, spec, *format++);
		} else {
			if (c == '\\')
				c = escape_decode(&format, ESCAPE_FORMAT);
			if (c < 0)
				state->stop = true;
			else
				putchar(c);
		}
	}
}

int printf_main(int argc, char **argv)
{
	struct printf_state state = { 0 };
	char **before;
	int first = 1;

	if (argc > 1 && strcmp(argv[1], "--") == 0)
		first = 2;
	if (argc <= first)
		return usage_error("printf FORMAT [ARGUMENT]...");

	state.operands = argv + first + 1;
	do {
		before = state.operands;
		printf_pass(&state, argv[first]);
	} while (*state.operands && state.operands != before && !state.stop &&
		 !state.status);
	return finish_output(state.status);
}
