// SPDX-License-Identifier: MIT
/* Timers of a process that send signals; see timer_create(2). */
#pragma once

#include <asm/siginfo.h>

#include <proc/itimer.h>

struct process;

/*
 * Make a timer on a clock (CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME) that
 * does what *event says.  Its number, or -EINVAL, -EAGAIN (too many), -ENOMEM.
 * All are for the current process, thread context, and may sleep.
 */
int posix_timer_create(int clock, const struct sigevent *event);
/* -EINVAL: no such timer. */
int posix_timer_delete(int id);
int posix_timer_get(int id, struct itimer *value);
/* absolute: value->left_ns is a time of the timer's clock. */
int posix_timer_set(int id, bool absolute, const struct itimer *value,
		    struct itimer *old);
int posix_timer_overrun(int id);

/* exec and exit: the process has none any more. */
void posix_timers_delete_all(struct process *process);
/* A signal of timer info->_timer._tid is taken; signal_lock held. */
void posix_timer_taken_locked(struct process *process, siginfo_t *info);
