// SPDX-License-Identifier: MIT
/* What everything needs: panic, the log, time, rights, device nodes. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <core/panic.h>
#include <core/printk.h>
#include <core/time.h>
#include <dev/chrdev.h>
#include <proc/cred.h>

#include "host.h"

bool host_verbose;

void panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	puts("");
	fflush(stdout);
	abort();
}

void klog(enum log_level level, const char *fmt, ...)
{
	va_list args;

	(void)level;
	if (!host_verbose)
		return;
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	puts("");
}
uint64_t time_wall_ns(void)
{
	static uint64_t now = 1700000000ull * NSEC_PER_SEC;

	return now += 1000003;
}

bool capable(unsigned cap)
{
	(void)cap;
	return true;
}

void devnode_announce(const char *name, uint32_t mode, uint64_t rdev)
{
	(void)name;
	(void)mode;
	(void)rdev;
}
