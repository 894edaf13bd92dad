// SPDX-License-Identifier: MIT
/*
 * Delays on purpose, in debug builds: what can go wrong only if something else
 * happens between two lines of code is tested by waiting between them.
 */
#pragma once

#include <lib/types.h>

enum inject_point {
	INJECT_STOP, /* a stop signal was taken, the process not stopped yet */
	INJECT_POINTS
};

#if KEEL_DEBUG
/* From now on delay there, or not.  Context: any. */
void inject_switch(enum inject_point point, bool on);
/* Sleep for a while if that was switched on.  Context: thread; may sleep. */
void inject_delay(enum inject_point point);
#else
static inline void inject_delay(enum inject_point point)
{
	(void)point;
}
#endif
