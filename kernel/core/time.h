// SPDX-License-Identifier: MIT
/*
 * Time keeping and timers.
 *
 * The `time` counter is the one clock; its frequency comes from the device
 * tree.  Timers sit in a queue per hart, ordered by expiry; the hart's clock
 * event (SBI or stimecmp) is programmed for the first.  Idle harts have no
 * tick.
 */
#pragma once

#include <sys/tree.h>

#include <lib/types.h>

#define NSEC_PER_SEC  1000000000ull
#define NSEC_PER_MSEC 1000000ull
#define NSEC_PER_USEC 1000ull

/* Since boot, never backwards.  Context: any. */
uint64_t time_now_ns(void);
/* The same in counter ticks, and the counter's rate. */
uint64_t time_counter(void);
uint64_t time_counter_hz(void);
uint64_t time_counter_to_ns(uint64_t ticks);

/* Wall clock: nanoseconds since 1970, adjusted by clock_settime() or an RTC. */
uint64_t time_wall_ns(void);
void time_set_wall_ns(uint64_t ns);

/* Keep the clock's data there from now on, for the vDSO.  Boot, one hart. */
struct time_data;
void time_data_move(struct time_data *to);

struct timer;
typedef void timer_fn(struct timer *timer);

/* Belongs to whoever embeds it; must be stopped before it is freed. */
struct timer {
	RB_ENTRY(timer) link; /* [queue lock] */
	uint64_t expires_ns;  /* [queue lock] of time_now_ns() */
	timer_fn *fn; /* [I] hart's interrupts off; may restart the timer */
	struct hart *hart; /* [queue lock] where it is queued, or NULL */
};

void timer_init(struct timer *timer, timer_fn *fn);
/* (Re)start on this hart.  A time in the past fires at once.  Any context. */
void timer_start(struct timer *timer, uint64_t expires_ns);
/* Stop, and wait until its function is not running on another hart (not to be
 * called from that function, or with a lock held that it takes).  True if it was pending. */
bool timer_stop(struct timer *timer);
bool timer_is_pending(const struct timer *timer);

/* From the timer interrupt: run what is due on this hart, set the next event. */
void timer_interrupt(void);
void time_init(void);      /* needs the device tree */
void time_init_hart(void); /* first event of this hart */

/* Busy-wait, for devices.  Context: any. */
void delay_us(uint32_t us);
/* Sleep at least that long, uninterruptible.  Context: thread. */
void sleep_us(uint64_t us);
