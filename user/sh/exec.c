// SPDX-License-Identifier: MIT
/*
 * Running the syntax tree: the compound commands.  Simple ones are run by
 * exec_simple.c, what needs processes of its own by exec_process.c.
 *
 * Each exec_x() runs one kind of node and returns its status.  break,
 * continue, return and Ctrl-C set sh.flow; every function that runs more
 * than one thing looks at it after each and leaves, until the one that is
 * meant clears it.
 */
#include "exec.h"

#include <fnmatch.h>
#include <stdio.h>

#include "command.h"
#include "exec_internal.h"
#include "expand.h"
#include "memory.h"
#include "redir.h"
#include "sh.h"
#include "trap.h"
#include "vars.h"

/* Conditions: a failure in them is an answer, no error. */
static int exec_condition(const struct node *node)
{
	int status;

	sh.errexit_off++;
	status = exec_tree(node, false);
	sh.errexit_off--;
	return status;
}

static int exec_not(const struct node *node)
{
	return !exec_condition(node->left);
}

static int exec_and_or(const struct node *node, bool tail)
{
	int status = exec_condition(node->left);

	if (sh.flow != FLOW_NONE || (status == 0) != (node->type == NODE_AND))
		return status;
	return exec_tree(node->right, tail);
}

static int exec_sequence(const struct node *node, bool tail)
{
	int status = exec_tree(node->left, false);

	if (sh.flow != FLOW_NONE)
		return status;
	return exec_tree(node->right, tail);
}

static int exec_if(const struct node *node, bool tail)
{
	int status = exec_condition(node->left);

	if (sh.flow != FLOW_NONE)
		return status;
	if (status == 0)
		return exec_tree(node->right, tail);
	return exec_tree(node->other, tail);
}

/* After a loop's body: whether the loop goes on. */
static bool loop_continues(void)
{
	switch (sh.flow) {
	case FLOW_NONE:
		return true;
	case FLOW_BREAK:
	case FLOW_CONTINUE:
		if (--sh.flow_levels > 0)
			return false; /* an outer loop is meant */
		if (sh.flow == FLOW_CONTINUE) {
			sh.flow = FLOW_NONE;
			return true;
		}
		sh.flow = FLOW_NONE;
		return false;
	default:
		return false;
	}
}

static int exec_while(const struct node *node)
{
	int status = 0;

	sh.loop_depth++;
	for (;;) {
		int condition = exec_condition(node->left);

		if (sh.flow == FLOW_NONE &&
		    (condition == 0) != (node->type == NODE_WHILE))
			break;
		if (sh.flow == FLOW_NONE)
			status = exec_tree(node->right, false);
		if (!loop_continues())
			break;
	}
	sh.loop_depth--;
	return status;
}

static int exec_for(const struct node *node)
{
	struct arena_mark mark = arena_mark(&sh_temp);
	struct ptrlist words = { .arena = &sh_temp };
	int status = 0;

	if (node->has_in)
		expand_words(node->list, &words);
	for (int i = 0; !node->has_in && i < sh.nr_params; i++)
		ptrlist_add(&words, arena_strdup(&sh_temp, sh.params[i]));

	sh.loop_depth++;
	for (size_t i = 0; i < words.count; i++) {
		var_set(node->name, words.items[i]);
		status = exec_tree(node->body, false);
		if (!loop_continues())
			break;
	}
	sh.loop_depth--;
	arena_release(&sh_temp, mark);
	return status;
}

static bool case_matches(const struct case_item *item, const char *subject)
{
	for (const struct word *word = item->patterns; word; word = word->next)
		if (fnmatch(expand_pattern(word), subject, 0) == 0)
			return true;
	return false;
}

static int exec_case(const struct node *node, bool tail)
{
	struct arena_mark mark = arena_mark(&sh_temp);
	const char *subject = expand_single(node->list);
	const struct case_item *item = node->items;
	int status = 0;

	while (item && !case_matches(item, subject))
		item = item->next;
	arena_release(&sh_temp, mark);
	sh.status = 0;
	while (item) {
		status = exec_tree(item->body, tail && !item->fall_through);
		if (!item->fall_through || sh.flow != FLOW_NONE)
			break;
		item = item->next;
	}
	return status;
}

static int exec_bare(const struct node *node, bool tail)
{
	switch (node->type) {
	case NODE_SIMPLE:
		return exec_simple(node, tail);
	case NODE_PIPE:
		return exec_pipe(node);
	case NODE_NOT:
		return exec_not(node);
	case NODE_AND:
	case NODE_OR:
		return exec_and_or(node, tail);
	case NODE_SEQUENCE:
		return exec_sequence(node, tail);
	case NODE_BACKGROUND:
		return exec_background(node);
	case NODE_SUBSHELL:
		return exec_subshell(node, tail);
	case NODE_GROUP:
		return exec_tree(node->left, tail);
	case NODE_IF:
		return exec_if(node, tail);
	case NODE_WHILE:
	case NODE_UNTIL:
		return exec_while(node);
	case NODE_FOR:
		return exec_for(node);
	case NODE_CASE:
		return exec_case(node, tail);
	case NODE_FUNCTION:
		function_set(node->name, node->body, node->unit);
		return 0;
	}
	return 0;
}

/* A compound command with redirections of its own. */
static int exec_redirected(const struct node *node)
{
	struct arena_mark mark = arena_mark(&sh_temp);
	struct saved_fd *fds = redirs_mark();
	struct redir_plan *plan = redirs_plan(node->redirs);
	int status = 1;

	if (redirs_push(plan) == 0)
		status = exec_bare(node, false);
	redirs_close(plan);
	redirs_restore(fds);
	arena_release(&sh_temp, mark);
	return status;
}

int exec_tree(const struct node *node, bool tail)
{
	int status;

	if (!node)
		return 0;
	if (sh.options.no_exec && !sh.interactive)
		return 0;
	/* An EXIT trap or pending signals want the shell to be there after. */
	tail = tail && !trap_wants_shell();

	if (node->redirs && node->type != NODE_SIMPLE &&
	    node->type != NODE_SUBSHELL)
		status = exec_redirected(node);
	else
		status = exec_bare(node, tail);
	/* What Ctrl-C broke off keeps the status that it was given then. */
	if (sh.flow != FLOW_ABORT)
		sh.status = status;

	if (trap_pending())
		trap_run_pending();
	if (sh.interactive && trap_take_interrupt() && sh.flow == FLOW_NONE) {
		fputc('\n', stderr);
		sh.flow = FLOW_ABORT;
		sh.status = 130;
	}
	return sh.status;
}
