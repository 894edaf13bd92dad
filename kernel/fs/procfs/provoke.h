// SPDX-License-Identifier: MIT
/* Mistakes on purpose, so that tests see how debug builds report them. */
#pragma once

#include <lib/errno.h>
#include <lib/types.h>

#if KEEL_DEBUG
/*
 * Make the mistake of that name; most do not return.  Returns 0, or -EINVAL
 * for a name that is none.  Context: thread.
 */
int provoke(const char *name);
#else
static inline int provoke(const char *name)
{
	(void)name;
	return -EINVAL;
}
#endif
