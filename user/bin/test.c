// SPDX-License-Identifier: MIT
/*
 * test and [: conditions.  Recursive descent over the operands, with POSIX's
 * rule that the number of operands decides first, so that no operand can be
 * mistaken for an operator.  Also the shell's builtin: returns, never exits.
 *
 * Status 0 true, 1 false, 2 not understood.
 */
#include "applets.h"

#include <string.h>
#include <unistd.h>

#include <user/lib/util.h>

struct test_state {
	char **args;
	int left;
	bool error;
};

static bool test_or(struct test_state *state);

static bool test_fail(struct test_state *state, const char *what,
		      const char *why)
{
	if (!state->error)
		warn_msg("%s: %s", what, why);
	state->error = true;
	return false;
}

static long test_number(struct test_state *state, const char *text)
{
	long value = 0;

	while (*text == ' ' || *text == '\t')
		text++;
	if (!parse_number(text, -0x7fffffffffffffffL, 0x7fffffffffffffffL,
			  &value))
		test_fail(state, text, "not a number");
	return value;
}

static bool test_is_unary(const char *op)
{
	return op[0] == '-' && op[1] && !op[2] &&
	       strchr("bcdefghkLnprsStuwxzOG", op[1]);
}

static bool test_mode(const struct stat *st, char op)
{
	switch (op) {
	case 'b':
		return S_ISBLK(st->st_mode);
	case 'c':
		return S_ISCHR(st->st_mode);
	case 'd':
		return S_ISDIR(st->st_mode);
	case 'f':
		return S_ISREG(st->st_mode);
	case 'p':
		return S_ISFIFO(st->st_mode);
	case 'S':
		return S_ISSOCK(st->st_mode);
	case 'h':
	case 'L':
		return S_ISLNK(st->st_mode);
	case 's':
		return st->st_size > 0;
	case 'u':
		return st->st_mode & S_ISUID;
	case 'g':
		return st->st_mode & S_ISGID;
	case 'k':
		return st->st_mode & S_ISVTX;
	case 'O':
		return st->st_uid == geteuid();
	case 'G':
		return st->st_gid == getegid();
	default:
		return true; /* -e: it is there */
	}
}

static bool test_unary(struct test_state *state, char op, const char *arg)
{
	struct stat st;

	switch (op) {
	case 'n':
		return *arg;
	case 'z':
		return !*arg;
	case 't':
		return isatty((int)test_number(state, arg));
	case 'r':
		return access(arg, R_OK) == 0;
	case 'w':
		return access(arg, W_OK) == 0;
	case 'x':
		return access(arg, X_OK) == 0;
	case 'h':
	case 'L':
		return lstat(arg, &st) == 0 && test_mode(&st, op);
	default:
		return stat(arg, &st) == 0 && test_mode(&st, op);
	}
}

static bool test_files(const char *a, const char *op, const char *b)
{
	struct stat sa, sb;
	bool has_a = stat(a, &sa) == 0;
	bool has_b = stat(b, &sb) == 0;
	bool newer;

	if (strcmp(op, "-ef") == 0)
		return has_a && has_b && sa.st_dev == sb.st_dev &&
		       sa.st_ino == sb.st_ino;
	if (strcmp(op, "-ot") == 0)
		return test_files(b, "-nt", a);
	newer = has_b && (sa.st_mtim.tv_sec > sb.st_mtim.tv_sec ||
			  (sa.st_mtim.tv_sec == sb.st_mtim.tv_sec &&
			   sa.st_mtim.tv_nsec > sb.st_mtim.tv_nsec));
	return has_a && (!has_b || newer);
}

/* Index into this table is what test_binary() switches on. */
static const char *const test_binary_ops[] = {
	"=",   "==",  "!=",  "<",   ">",   "-eq", "-ne",
	"-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef",
};

static int test_binary_op(const char *text)
{
	for (int i = 0; i < (int)ARRAY_SIZE(test_binary_ops); i++)
		if (strcmp(text, test_binary_ops[i]) == 0)
			return i;
	return -1;
}

static bool test_numbers(struct test_state *state, const char *a, int op,
			 const char *b)
{
	long x = test_number(state, a);
	long y = test_number(state, b);

	switch (op) {
	case 5:
		return x == y;
	case 6:
		return x != y;
	case 7:
		return x < y;
	case 8:
		return x <= y;
	case 9:
		return x > y;
	default:
		return x >= y;
	}
}

static bool test_binary(struct test_state *state, const char *a, int op,
			const char *b)
{
	switch (op) {
	case 0:
	case 1:
		return strcmp(a, b) == 0;
	case 2:
		return strcmp(a, b) != 0;
	case 3:
		return strcmp(a, b) < 0;
	case 4:
		return strcmp(a, b) > 0;
	case 11:
	case 12:
	case 13:
		return test_files(a, test_binary_ops[op], b);
	default:
		return test_numbers(state, a, op, b);
	}
}

static char *test_take(struct test_state *state)
{
	state->left--;
	return *state->args++;
}

static bool test_primary(struct test_state *state)
{
	char *word;
	int op;

	if (!state->left)
		return test_fail(state, "test", "operand expected");

	if (state->left >= 3 && (op = test_binary_op(state->args[1])) >= 0) {
		char **args = state->args;

		state->args += 3;
		state->left -= 3;
		return test_binary(state, args[0], op, args[2]);
	}

	word = test_take(state);
	if (!state->left)
		return *word;
	if (strcmp(word, "!") == 0)
		return !test_primary(state);
	if (strcmp(word, "(") == 0) {
		bool value = test_or(state);

		if (!state->left || strcmp(test_take(state), ")"))
			return test_fail(state, "test", "missing )");
		return value;
	}
	if (test_is_unary(word))
		return test_unary(state, word[1], test_take(state));
	return *word;
}

static bool test_accept(struct test_state *state, const char *op)
{
	if (!state->left || strcmp(*state->args, op))
		return false;
	test_take(state);
	return true;
}

static bool test_and(struct test_state *state)
{
	bool value = test_primary(state);

	while (test_accept(state, "-a"))
		value &= test_primary(state);
	return value;
}

static bool test_or(struct test_state *state)
{
	bool value = test_and(state);

	while (test_accept(state, "-o"))
		value |= test_and(state);
	return value;
}

/* POSIX: up to four operands, their number decides what they mean. */
static bool test_by_count(struct test_state *state)
{
	char **args = state->args;
	bool value;
	int op;

	if (state->left == 0)
		return false;
	if (state->left == 3 && (op = test_binary_op(args[1])) >= 0) {
		state->left = 0;
		return test_binary(state, args[0], op, args[2]);
	}
	if (state->left == 2 && strcmp(args[0], "!") == 0) {
		state->left = 0;
		return !*args[1];
	}
	if (state->left > 2 && state->left <= 4 && strcmp(args[0], "!") == 0) {
		test_take(state);
		return !test_by_count(state);
	}
	value = test_or(state);
	if (state->left && !state->error)
		return test_fail(state, *state->args, "unexpected operand");
	return value;
}

int test_main(int argc, char **argv)
{
	struct test_state state = { .args = argv + 1, .left = argc - 1 };
	bool value;

	if (strcmp(path_base(argv[0]), "[") == 0) {
		if (argc < 2 || strcmp(argv[argc - 1], "]")) {
			warn_msg("missing ]");
			return 2;
		}
		state.left--;
	}
	value = test_by_count(&state);
	return state.error ? 2 : !value;
}
