// SPDX-License-Identifier: MIT
/*
 * Timers: setitimer(2), timer_create(2).
 */
#include "check.h"
#include "signals.h"

#include <signal.h>
#include <sys/time.h>
#include <time.h>

static void timers_repeat(void)
{
	struct itimerval timer = { { 0, 10000 }, { 0, 10000 } }, left;

	signal_handle(SIGALRM, 0);
	EXPECT_OK(setitimer(ITIMER_REAL, &timer, NULL));
	while (signal_count < 5)
		pause();
	EXPECT_OK(getitimer(ITIMER_REAL, &left));
	EXPECT_EQ(left.it_interval.tv_usec, 10000);
	timer.it_value.tv_usec = 0;
	EXPECT_OK(setitimer(ITIMER_REAL, &timer, NULL));
}

/* A timer that is due in a nanosecond, then at intervals, and sends signo. */
static timer_t start_timer(int signo, struct timespec interval)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
				  .sigev_signo = signo };
	struct itimerspec value = { interval, { 0, 1 } };
	timer_t timer;

	EXPECT_OK(timer_create(CLOCK_MONOTONIC, &event, &timer));
	EXPECT_OK(timer_settime(timer, 0, &value, NULL));
	return timer;
}

static void shortest_intervals_stop_nobody_else(void)
{
	struct itimerval fast = { { 0, 1 }, { 0, 1 } };
	struct timespec shortest = { 0, 1 };
	struct timespec moment = { 0, 20000000 };
	siginfo_t info;
	sigset_t set;
	timer_t timer;

	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigaddset(&set, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGUSR1, SIG_IGN);
	EXPECT_OK(setitimer(ITIMER_REAL, &fast, NULL));
	timer = start_timer(SIGRTMIN, shortest);
	(void)start_timer(SIGUSR1, shortest);
	EXPECT_OK(nanosleep(&moment, NULL));

	sigdelset(&set, SIGALRM);
	EXPECT_EQ(sigwaitinfo(&set, &info), SIGRTMIN);
	EXPECT(info.si_overrun > 1000000);
	EXPECT_EQ(timer_getoverrun(timer), info.si_overrun);
	/* It goes on. */
	EXPECT_EQ(sigwaitinfo(&set, &info), SIGRTMIN);
}

static void repeating_timers_tell_what_is_left(void)
{
	struct timespec hour = { 3600, 0 };
	struct itimerspec left;
	sigset_t set;
	timer_t timer;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	timer = start_timer(SIGRTMIN, hour);
	/* It is due once, and its signal waits. */
	do {
		EXPECT_OK(sigpending(&set));
	} while (!sigismember(&set, SIGRTMIN));
	EXPECT_OK(timer_gettime(timer, &left));
	EXPECT_EQ(left.it_interval.tv_sec, 3600);
	EXPECT(left.it_value.tv_sec >= 3500 && left.it_value.tv_sec < 3600);
}

static void ignored_timers_are_heard_later(void)
{
	struct itimerval fast = { { 0, 1000 }, { 0, 1000 } };
	struct timespec moment = { 0, 5000000 };

	signal(SIGALRM, SIG_IGN);
	EXPECT_OK(setitimer(ITIMER_REAL, &fast, NULL));
	EXPECT_OK(nanosleep(&moment, NULL));
	signal_handle(SIGALRM, 0);
	while (signal_count < 3)
		pause();
}

static const struct check_test tests[] = {
	{ "timers_repeat", timers_repeat, 0 },
	{ "shortest_intervals_stop_nobody_else",
	  shortest_intervals_stop_nobody_else, 0 },
	{ "repeating_timers_tell_what_is_left",
	  repeating_timers_tell_what_is_left, 0 },
	{ "ignored_timers_are_heard_later", ignored_timers_are_heard_later, 0 },
};

CHECK_MAIN(tests)
