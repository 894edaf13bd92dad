/* SPDX-License-Identifier: MIT */
#pragma once

#include "memory.h"

/*
 * What could stand at the end of line: commands for the first word, files
 * for others.  *start is where the word begins; the candidates replace it.
 * Directories end in a slash.  Sorted, in sh_temp.
 */
void complete_line(const char *line, size_t len, size_t *start,
		   struct ptrlist *candidates);

/* Length of what all candidates begin with. */
size_t complete_common(const struct ptrlist *candidates);
