// SPDX-License-Identifier: MIT
/* Times as the ABI writes them. */
#pragma once

#include <linux/time.h>
#include <linux/time_types.h>

#include <core/time.h>
#include <lib/types.h>

static inline struct __kernel_old_timeval timeval_from_ns(uint64_t ns)
{
	return (struct __kernel_old_timeval){
		.tv_sec = (long)(ns / NSEC_PER_SEC),
		.tv_usec = (long)(ns % NSEC_PER_SEC / NSEC_PER_USEC),
	};
}

static inline struct __kernel_timespec timespec_from_ns(uint64_t ns)
{
	return (struct __kernel_timespec){
		.tv_sec = (long)(ns / NSEC_PER_SEC),
		.tv_nsec = (long)(ns % NSEC_PER_SEC),
	};
}

/* False: not a time.  What is centuries away becomes the longest time. */
static inline bool timespec_to_ns(const struct __kernel_timespec *ts,
				  uint64_t *ns)
{
	if (ts->tv_sec < 0 || ts->tv_nsec < 0 ||
	    ts->tv_nsec >= (long long)NSEC_PER_SEC)
		return false;
	if (ts->tv_sec >= (long long)(INT64_MAX / NSEC_PER_SEC))
		*ns = INT64_MAX;
	else
		*ns = (uint64_t)ts->tv_sec * NSEC_PER_SEC +
		      (uint64_t)ts->tv_nsec;
	return true;
}
