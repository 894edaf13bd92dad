// SPDX-License-Identifier: MIT
/*
 * The clocks of the vDSO: clock_gettime(2) and its kin without a system call.
 *
 * The kernel keeps struct time_data in the page in front of this code; each of
 * its members is one aligned word, so that no lock is needed.  Clocks that the
 * page does not tell go to the kernel.
 */
#include <linux/errno.h>
#include <linux/time.h>
#include <linux/time_types.h>

#include <asm/unistd.h>

#include <core/time_data.h>

#define NSEC 1000000000ul

extern const struct time_data vdso_data __attribute__((visibility("hidden")));

int __vdso_clock_gettime(int clock, struct __kernel_timespec *ts);
int __vdso_clock_getres(int clock, struct __kernel_timespec *ts);
int __vdso_gettimeofday(struct __kernel_old_timeval *tv, struct timezone *tz);

static long system_call(long nr, long a, void *b)
{
	register long a7 __asm__("a7") = nr;
	register long a0 __asm__("a0") = a;
	register void *a1 __asm__("a1") = b;

	__asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a7) : "memory");
	return a0;
}

static inline unsigned long boot_ns(void)
{
	unsigned long ticks;

	__asm__ volatile("rdtime %0" : "=r"(ticks));
	ticks -= vdso_data.counter_start;
	return (unsigned __int128)ticks * vdso_data.ns_per_tick >> 32;
}

int __vdso_clock_gettime(int clock, struct __kernel_timespec *ts)
{
	unsigned long ns;

	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
		ns = boot_ns() + vdso_data.wall_offset_ns;
		break;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		ns = boot_ns();
		break;
	default:
		return system_call(__NR_clock_gettime, clock, ts);
	}
	ts->tv_sec = ns / NSEC;
	ts->tv_nsec = ns % NSEC;
	return 0;
}

int __vdso_clock_getres(int clock, struct __kernel_timespec *ts)
{
	return system_call(__NR_clock_getres, clock, ts);
}

int __vdso_gettimeofday(struct __kernel_old_timeval *tv, struct timezone *tz)
{
	unsigned long ns = boot_ns() + vdso_data.wall_offset_ns;

	if (tz)
		return system_call(__NR_gettimeofday, (long)tv, tz);
	if (tv) {
		tv->tv_sec = ns / NSEC;
		tv->tv_usec = ns % NSEC / 1000;
	}
	return 0;
}
