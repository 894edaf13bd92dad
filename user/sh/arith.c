// SPDX-License-Identifier: MIT
/*
 * Arithmetic: recursive descent, the binary operators by precedence
 * climbing.  Operators that must not evaluate a side (&&, ||, ?:) parse it
 * with skip set, which makes assignments and divisions harmless.
 */
#include "arith.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "sh.h"
#include "vars.h"

#define ARITH_MAX_DEPTH 100

struct arith {
	const char *next;
	const char *text; /* the whole, for messages */
	int skip;         /* > 0: the value is not wanted */
	int depth;
};

enum arith_op {
	OP_NONE,
	OP_OR_IF,
	OP_AND_IF,
	OP_OR,
	OP_XOR,
	OP_AND,
	OP_EQ,
	OP_NE,
	OP_LE,
	OP_GE,
	OP_LT,
	OP_GT,
	OP_SHL,
	OP_SHR,
	OP_ADD,
	OP_SUB,
	OP_MUL,
	OP_DIV,
	OP_REM,
};

/* Longer spellings first, so that the first that fits is the right one. */
static const struct arith_binary {
	const char *text;
	enum arith_op op;
	int precedence;
} arith_binaries[] = {
	{ "||", OP_OR_IF, 1 }, { "&&", OP_AND_IF, 2 }, { "==", OP_EQ, 6 },
	{ "!=", OP_NE, 6 },    { "<<", OP_SHL, 8 },    { ">>", OP_SHR, 8 },
	{ "<=", OP_LE, 7 },    { ">=", OP_GE, 7 },     { "<", OP_LT, 7 },
	{ ">", OP_GT, 7 },     { "|", OP_OR, 3 },      { "^", OP_XOR, 4 },
	{ "&", OP_AND, 5 },    { "+", OP_ADD, 9 },     { "-", OP_SUB, 9 },
	{ "*", OP_MUL, 10 },   { "/", OP_DIV, 10 },    { "%", OP_REM, 10 },
};

static long arith_assignment(struct arith *arith);

static void arith_fail(struct arith *arith, const char *why)
{
	sh_error("arithmetic: %s in \"%s\"", why, arith->text);
}

static void arith_skip_space(struct arith *arith)
{
	while (isspace((unsigned char)*arith->next))
		arith->next++;
}

static bool arith_accept(struct arith *arith, const char *text)
{
	size_t len = strlen(text);

	arith_skip_space(arith);
	if (strncmp(arith->next, text, len))
		return false;
	arith->next += len;
	return true;
}

static long arith_variable(struct arith *arith, const char *name)
{
	const char *value = var_get(name);
	struct arith inner;
	long result;

	if (!value && sh.options.no_unset && !arith->skip)
		sh_error("%s: not set", name);
	if (!value || !*value)
		return 0;
	/* A value may itself be an expression, as other shells have it. */
	inner = (struct arith){ .next = value, .text = value };
	inner.skip = arith->skip;
	inner.depth = arith->depth + 1;
	if (inner.depth > ARITH_MAX_DEPTH)
		arith_fail(arith, "recursion too deep");
	result = arith_assignment(&inner);
	arith_skip_space(&inner);
	if (*inner.next)
		arith_fail(&inner, "not a number");
	return result;
}

static char *arith_name(struct arith *arith)
{
	const char *start;

	arith_skip_space(arith);
	start = arith->next;
	if (!isalpha((unsigned char)*start) && *start != '_')
		return NULL;
	while (isalnum((unsigned char)*arith->next) || *arith->next == '_')
		arith->next++;
	return arena_strndup(&sh_temp, start, (size_t)(arith->next - start));
}

static long arith_number(struct arith *arith)
{
	char *end;
	long value;

	errno = 0;
	value = (long)strtoul(arith->next, &end, 0);
	if (end == arith->next || isalnum((unsigned char)*end))
		arith_fail(arith, "expected a number");
	arith->next = end;
	return value;
}

static long arith_step(struct arith *arith, const char *name, long step,
		       bool prefix)
{
	long old = arith_variable(arith, name);
	long value = (long)((unsigned long)old + (unsigned long)step);

	if (!arith->skip)
		var_set_number(name, value);
	return prefix ? value : old;
}

static long arith_primary(struct arith *arith)
{
	char *name;
	long value;

	if (arith_accept(arith, "(")) {
		value = arith_assignment(arith);
		if (!arith_accept(arith, ")"))
			arith_fail(arith, "missing )");
		return value;
	}
	name = arith_name(arith);
	if (!name)
		return arith_number(arith);
	if (arith_accept(arith, "++"))
		return arith_step(arith, name, 1, false);
	if (arith_accept(arith, "--"))
		return arith_step(arith, name, -1, false);
	return arith_variable(arith, name);
}

static long arith_unary(struct arith *arith)
{
	const char *start;
	long value;

	if (++arith->depth > ARITH_MAX_DEPTH)
		arith_fail(arith, "nested too deeply");
	arith_skip_space(arith);
	start = arith->next;
	if (arith_accept(arith, "++") || arith_accept(arith, "--")) {
		char *name = arith_name(arith);

		if (name) {
			value = arith_step(arith, name, *start == '+' ? 1 : -1,
					   true);
			arith->depth--;
			return value;
		}
		arith->next = start;
	}
	if (arith_accept(arith, "!"))
		value = !arith_unary(arith);
	else if (arith_accept(arith, "~"))
		value = ~arith_unary(arith);
	else if (arith_accept(arith, "-"))
		value = (long)-(unsigned long)arith_unary(arith);
	else if (arith_accept(arith, "+"))
		value = arith_unary(arith);
	else
		value = arith_primary(arith);
	arith->depth--;
	return value;
}

static long arith_divide(struct arith *arith, enum arith_op op, long a, long b)
{
	if (arith->skip)
		return 0;
	if (!b)
		arith_fail(arith, "division by zero");
	/* The one quotient that does not fit would trap on other machines. */
	if (b == -1)
		return op == OP_DIV ? (long)-(unsigned long)a : 0;
	return op == OP_DIV ? a / b : a % b;
}

static long arith_apply(struct arith *arith, enum arith_op op, long a, long b)
{
	unsigned long x = (unsigned long)a, y = (unsigned long)b;

	switch (op) {
	case OP_OR:
		return a | b;
	case OP_XOR:
		return a ^ b;
	case OP_AND:
		return a & b;
	case OP_EQ:
		return a == b;
	case OP_NE:
		return a != b;
	case OP_LE:
		return a <= b;
	case OP_GE:
		return a >= b;
	case OP_LT:
		return a < b;
	case OP_GT:
		return a > b;
	case OP_SHL:
		return (long)(x << (y & 63));
	case OP_SHR:
		return a >> (y & 63);
	case OP_ADD:
		return (long)(x + y);
	case OP_SUB:
		return (long)(x - y);
	case OP_MUL:
		return (long)(x * y);
	default:
		return arith_divide(arith, op, a, b);
	}
}

/* The binary operator at hand, if it binds at least as tightly as min. */
static const struct arith_binary *arith_peek_binary(struct arith *arith,
						    int min)
{
	arith_skip_space(arith);
	for (size_t i = 0; i < SH_ARRAY_SIZE(arith_binaries); i++) {
		const struct arith_binary *binary = &arith_binaries[i];
		size_t len = strlen(binary->text);

		if (strncmp(arith->next, binary->text, len))
			continue;
		/* "+=" is an assignment, which has no left side here. */
		if (arith->next[len] == '=' && binary->op != OP_EQ &&
		    binary->op != OP_NE && binary->op != OP_LE &&
		    binary->op != OP_GE)
			return NULL;
		return binary->precedence >= min ? binary : NULL;
	}
	return NULL;
}

static long arith_binary(struct arith *arith, int min)
{
	const struct arith_binary *binary;
	long left = arith_unary(arith);

	while ((binary = arith_peek_binary(arith, min))) {
		bool decided = (binary->op == OP_AND_IF && !left) ||
			       (binary->op == OP_OR_IF && left);
		long right;

		arith->next += strlen(binary->text);
		arith->skip += decided;
		right = arith_binary(arith, binary->precedence + 1);
		arith->skip -= decided;
		if (binary->op == OP_AND_IF)
			left = left && right;
		else if (binary->op == OP_OR_IF)
			left = left || right;
		else
			left = arith_apply(arith, binary->op, left, right);
	}
	return left;
}

static long arith_ternary(struct arith *arith)
{
	long condition = arith_binary(arith, 1);
	long yes, no;

	if (!arith_accept(arith, "?"))
		return condition;
	arith->skip += !condition;
	yes = arith_assignment(arith);
	arith->skip -= !condition;
	if (!arith_accept(arith, ":"))
		arith_fail(arith, "missing :");
	arith->skip += !!condition;
	no = arith_assignment(arith);
	arith->skip -= !!condition;
	return condition ? yes : no;
}

/* The operator of "op=", OP_NONE for "=" alone; false for neither. */
static bool arith_assign_op(struct arith *arith, enum arith_op *op)
{
	arith_skip_space(arith);
	*op = OP_NONE;
	if (arith->next[0] == '=' && arith->next[1] != '=') {
		arith->next++;
		return true;
	}
	for (size_t i = 0; i < SH_ARRAY_SIZE(arith_binaries); i++) {
		const struct arith_binary *binary = &arith_binaries[i];
		size_t len = strlen(binary->text);

		if (binary->op <= OP_AND_IF ||
		    (binary->op >= OP_EQ && binary->op <= OP_GT))
			continue;
		if (strncmp(arith->next, binary->text, len) == 0 &&
		    arith->next[len] == '=') {
			arith->next += len + 1;
			*op = binary->op;
			return true;
		}
	}
	return false;
}

static long arith_assignment(struct arith *arith)
{
	const char *start;
	enum arith_op op;
	char *name;
	long value;

	if (++arith->depth > ARITH_MAX_DEPTH)
		arith_fail(arith, "nested too deeply");
	arith_skip_space(arith);
	start = arith->next;
	name = arith_name(arith);
	if (name && arith_assign_op(arith, &op)) {
		value = arith_assignment(arith);
		if (op != OP_NONE)
			value = arith_apply(arith, op,
					    arith_variable(arith, name), value);
		if (!arith->skip)
			var_set_number(name, value);
	} else {
		arith->next = start;
		value = arith_ternary(arith);
	}
	arith->depth--;
	return value;
}

long arith_eval(const char *expression)
{
	struct arith arith = { .next = expression, .text = expression };
	long value;

	arith_skip_space(&arith);
	if (!*arith.next)
		return 0;
	value = arith_assignment(&arith);
	while (arith_accept(&arith, ","))
		value = arith_assignment(&arith);
	arith_skip_space(&arith);
	if (*arith.next)
		arith_fail(&arith, "unexpected text");
	return value;
}
