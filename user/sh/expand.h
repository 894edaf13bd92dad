/* SPDX-License-Identifier: MIT */
#pragma once

#include "ast.h"
#include "memory.h"

/*
 * Word expansion (POSIX, "Shell Command Language", 2.6).  Results lie in
 * sh_temp.  Errors such as ${x?} are sh_error().
 */

/* Words to fields, with splitting and globbing; appended to fields. */
void expand_words(const struct word *words, struct ptrlist *fields);

/* One word to one string: assignments, redirections, here-documents. */
char *expand_single(const struct word *word);

/* The same for the value of an assignment, where ~ counts after = and : too. */
char *expand_assignment(const struct word *word);

/* One word to a pattern for fnmatch(3), quoted characters escaped. */
char *expand_pattern(const struct word *word);

/* A prompt string: parameters and the escapes \w \h \u \$ and so on. */
char *expand_prompt(const char *text);
