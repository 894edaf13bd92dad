/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/* How cp and mv copy. */
struct copy_options {
	bool recursive;    /* copy directories too */
	bool preserve;     /* keep mode, owner and times */
	bool follow_links; /* copy what a link names, not the link */
	bool force;        /* remove a target that cannot be opened */
	bool ask;          /* before overwriting */
	bool verbose;
};

/* Does source to target; returns an exit status, having reported why. */
typedef int target_fn(const char *source, const char *target,
		      const struct copy_options *options);

/*
 * The shape of cp, mv and ln: SOURCE TARGET, or SOURCE... DIRECTORY, where
 * each source keeps its last component.  Calls act for each pair.
 */
int for_each_target(int count, char **operands, bool to_file, target_fn *act,
		    const struct copy_options *options);

/* Copy one file, link, device or (with recursive) tree. */
int copy_tree(const char *source, const char *target,
	      const struct copy_options *options);

/* Remove a file or a whole tree, reporting what cannot be removed. */
int remove_tree(const char *path);

/* Ask "name: question path?" on the terminal; true for an answer with y. */
bool ask_user(const char *question, const char *path);
