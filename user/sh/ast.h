/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * The syntax tree that the parser makes and exec.c runs.
 *
 * All of it lies in the arena of one parse and never changes afterwards, so
 * a loop's body is parsed once however often it runs.  A function definition
 * keeps the whole parse alive (struct parse_unit).
 */
#include <stdbool.h>

struct node;
struct word;

enum part_type {
	PART_TEXT,    /* text, as it stands */
	PART_PARAM,   /* $name, ${name...} */
	PART_COMMAND, /* $(...), `...` */
	PART_ARITH,   /* $((...)) */
};

/* What ${name...} does with the value. */
enum param_op {
	PARAM_PLAIN,
	PARAM_LENGTH,         /* ${#name} */
	PARAM_DEFAULT,        /* ${name-word} */
	PARAM_ASSIGN,         /* ${name=word} */
	PARAM_ERROR,          /* ${name?word} */
	PARAM_ALTERNATE,      /* ${name+word} */
	PARAM_CUT_SUFFIX,     /* ${name%word} */
	PARAM_CUT_SUFFIX_MAX, /* ${name%%word} */
	PARAM_CUT_PREFIX,     /* ${name#word} */
	PARAM_CUT_PREFIX_MAX, /* ${name##word} */
};

struct word_part {
	struct word_part *next;
	enum part_type type;
	bool quoted;       /* within quotes: no splitting, no globbing */
	bool colon;        /* PARAM: empty counts as unset */
	enum param_op op;  /* PARAM */
	char *text;        /* TEXT: the text; PARAM: the name */
	struct word *arg;  /* PARAM: the word; ARITH: the expression */
	struct node *tree; /* COMMAND: what to run, NULL for nothing */
};

struct word {
	struct word *next;
	struct word_part *parts; /* NULL for an empty word */
};

enum redir_type {
	REDIR_READ,      /* < */
	REDIR_WRITE,     /* > */
	REDIR_CLOBBER,   /* >| */
	REDIR_APPEND,    /* >> */
	REDIR_READWRITE, /* <> */
	REDIR_DUP_IN,    /* <& */
	REDIR_DUP_OUT,   /* >& */
	REDIR_HERE,      /* << and <<- */
};

struct redir {
	struct redir *next;
	enum redir_type type;
	int fd;
	struct word *target; /* HERE: the body */
};

enum node_type {
	NODE_SIMPLE,
	NODE_PIPE,
	NODE_NOT,
	NODE_AND,
	NODE_OR,
	NODE_SEQUENCE,
	NODE_BACKGROUND,
	NODE_SUBSHELL,
	NODE_GROUP,
	NODE_IF,
	NODE_WHILE,
	NODE_UNTIL,
	NODE_FOR,
	NODE_CASE,
	NODE_FUNCTION,
};

struct case_item {
	struct case_item *next;
	struct word *patterns;
	struct node *body; /* may be NULL */
	bool fall_through; /* ended by ;& */
};

struct node {
	enum node_type type;
	bool has_effects; /* SIMPLE: expanding it may change the shell */
	int line;
	struct redir *redirs; /* all but the operators */
	const char *text;     /* PIPE, BACKGROUND, ...: the source, for jobs */
	struct node *next;    /* PIPE: the next stage */
	union {
		struct { /* SIMPLE */
			struct word *assigns;
			struct word *words;
		};
		struct { /* the operators, IF, WHILE, GROUP, SUBSHELL, PIPE */
			struct node *left; /* or first stage, condition, body */
			struct node *right; /* or body, then-part */
			struct node *other; /* else-part */
		};
		struct { /* FOR, CASE, FUNCTION */
			char *name;
			struct word *list; /* FOR: words; CASE: the subject */
			bool has_in;       /* FOR: without, it runs over "$@" */
			struct node *body;
			struct case_item *items;
			struct parse_unit *unit; /* FUNCTION: what keeps body */
		};
	};
};
