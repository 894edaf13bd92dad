// SPDX-License-Identifier: MIT
/*
 * Signals: actions, masks, queues, restarts, waiting for them.
 */
#include "check.h"
#include "signals.h"

#include <signal.h>
#include <sys/time.h>
#include <time.h>

static void handlers_run(void)
{
	signal_handle(SIGUSR1, 0);
	EXPECT_OK(raise(SIGUSR1));
	EXPECT_EQ(signal_count, 1);
	EXPECT_EQ(signal_last, SIGUSR1);
}

static void siginfo_names_the_sender(void)
{
	signal_handle(SIGUSR1, 0);
	EXPECT_OK(kill(getpid(), SIGUSR1));
	EXPECT_EQ(signal_info.si_signo, SIGUSR1);
	EXPECT_EQ(signal_info.si_code, SI_USER);
	EXPECT_EQ(signal_info.si_pid, getpid());
	EXPECT_EQ(signal_info.si_uid, getuid());
}

static void queued_values_arrive(void)
{
	union sigval value = { .sival_int = 1234 };

	signal_handle(SIGUSR1, 0);
	EXPECT_OK(sigqueue(getpid(), SIGUSR1, value));
	EXPECT_EQ(signal_info.si_code, SI_QUEUE);
	EXPECT_EQ(signal_info.si_value.sival_int, 1234);
}

static void blocked_signals_wait(void)
{
	sigset_t pending;

	signal_handle(SIGUSR1, 0);
	signal_block(SIGUSR1);
	raise(SIGUSR1);
	raise(SIGUSR1);
	EXPECT_EQ(signal_count, 0);
	EXPECT_OK(sigpending(&pending));
	EXPECT_EQ(sigismember(&pending, SIGUSR1), 1);
	signal_unblock(SIGUSR1);
	EXPECT_EQ(signal_count, 1); /* ordinary signals are not counted */
}

static void real_time_signals_queue(void)
{
	int sig = SIGRTMIN + 1;
	union sigval value;

	signal_handle(sig, 0);
	signal_block(sig);
	for (int i = 0; i < 3; i++) {
		value.sival_int = i;
		EXPECT_OK(sigqueue(getpid(), sig, value));
	}
	signal_unblock(sig);
	EXPECT_EQ(signal_count, 3);
	EXPECT_EQ(signal_info.si_value.sival_int, 2);
}

static void nested_handler(int sig)
{
	sigset_t now;

	signal_count++;
	sigprocmask(SIG_BLOCK, NULL, &now);
	signal_last = sigismember(&now, sig) + 2 * sigismember(&now, SIGUSR2);
	if (signal_count < 3)
		raise(sig); /* blocked while we run */
}

static void handlers_mask_their_signal(void)
{
	struct sigaction action = { .sa_handler = nested_handler };
	sigset_t now;

	sigaddset(&action.sa_mask, SIGUSR2);
	EXPECT_OK(sigaction(SIGUSR1, &action, NULL));
	raise(SIGUSR1);
	EXPECT_EQ(signal_count, 3);
	EXPECT_EQ(signal_last, 3);
	EXPECT_OK(sigprocmask(SIG_BLOCK, NULL, &now));
	EXPECT_EQ(sigismember(&now, SIGUSR1), 0);
}

static void resethand_works_once(void)
{
	struct sigaction now;

	signal_handle(SIGUSR1, (int)SA_RESETHAND);
	raise(SIGUSR1);
	EXPECT_EQ(signal_count, 1);
	EXPECT_OK(sigaction(SIGUSR1, NULL, &now));
	EXPECT(now.sa_handler == SIG_DFL);
}

static void ignored_signals_vanish(void)
{
	signal(SIGUSR1, SIG_IGN);
	raise(SIGUSR1);
	signal_block(SIGUSR1);
	raise(SIGUSR1);
	signal_handle(SIGUSR1, 0);
	signal_unblock(SIGUSR1);
}

static void kill_and_stop_cannot_be_caught(void)
{
	struct sigaction action = { .sa_handler = signal_note };
	sigset_t all, now;

	EXPECT_ERRNO(sigaction(SIGKILL, &action, NULL), EINVAL);
	EXPECT_ERRNO(sigaction(SIGSTOP, &action, NULL), EINVAL);
	EXPECT_ERRNO(kill(getpid(), 65), EINVAL);
	EXPECT_ERRNO(kill(getpid(), -1), EINVAL);
	sigfillset(&all);
	EXPECT_OK(sigprocmask(SIG_SETMASK, &all, NULL));
	EXPECT_OK(sigprocmask(SIG_BLOCK, NULL, &now));
	EXPECT_EQ(sigismember(&now, SIGKILL), 0);
}

static void default_actions(void)
{
	static const int killing[] = { SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,
				       SIGKILL, SIGUSR1, SIGALRM, SIGSYS };
	pid_t pid;

	for (size_t i = 0; i < CHECK_ARRAY_SIZE(killing); i++) {
		pid = check_child(wait_for_ever, NULL);
		EXPECT_OK(kill(pid, killing[i]));
		check_signalled(pid, killing[i]);
	}
	pid = check_child(wait_for_ever, NULL);
	EXPECT_OK(kill(pid, SIGCHLD));
	EXPECT_OK(kill(pid, SIGWINCH));
	EXPECT_OK(kill(pid, SIGURG));
	EXPECT_OK(kill(pid, SIGTERM));
	check_signalled(pid, SIGTERM);
}

static void send_after(int sig, int ms)
{
	struct itimerval timer = { .it_value.tv_usec = ms * 1000 };

	(void)sig; /* always SIGALRM */
	EXPECT_OK(setitimer(ITIMER_REAL, &timer, NULL));
}

static int write_later(void *arg)
{
	const struct timespec pause_ns = { .tv_nsec = 400000000 };

	nanosleep(&pause_ns, NULL);
	return write(*(int *)arg, "x", 1) == 1 ? 0 : 1;
}

static void restart_restarts(void)
{
	char byte = 0;
	int ends[2];
	pid_t pid;

	EXPECT_OK(pipe(ends));
	signal_handle(SIGALRM, SA_RESTART);
	pid = check_child(write_later, &ends[1]);
	send_after(SIGALRM, 100);
	EXPECT_EQ(read(ends[0], &byte, 1), 1);
	EXPECT_EQ(byte, 'x');
	EXPECT_EQ(signal_count, 1);
	check_exited(pid, 0);
}

static void without_restart_is_eintr(void)
{
	char byte;
	int ends[2];

	EXPECT_OK(pipe(ends));
	signal_handle(SIGALRM, 0);
	send_after(SIGALRM, 50);
	EXPECT_ERRNO(read(ends[0], &byte, 1), EINTR);
	EXPECT_EQ(signal_count, 1);
}

static void nanosleep_tells_the_rest(void)
{
	struct timespec time = { .tv_sec = 5 }, rest = { 0 };

	signal_handle(SIGALRM, SA_RESTART);
	send_after(SIGALRM, 50);
	EXPECT_ERRNO(nanosleep(&time, &rest), EINTR);
	EXPECT_EQ(rest.tv_sec, 4);
}

static void sigsuspend_waits_with_its_mask(void)
{
	sigset_t none, now;

	signal_handle(SIGUSR1, 0);
	signal_block(SIGUSR1);
	raise(SIGUSR1);
	sigemptyset(&none);
	EXPECT_ERRNO(sigsuspend(&none), EINTR);
	EXPECT_EQ(signal_count, 1);
	EXPECT_OK(sigprocmask(SIG_BLOCK, NULL, &now));
	EXPECT_EQ(sigismember(&now, SIGUSR1), 1);
}

static void sigtimedwait_takes(void)
{
	struct timespec time = { .tv_nsec = 20000000 };
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	signal_block(SIGUSR1);
	EXPECT_ERRNO(sigtimedwait(&set, &info, &time), EAGAIN);
	raise(SIGUSR1);
	EXPECT_EQ(sigtimedwait(&set, &info, &time), SIGUSR1);
	EXPECT_EQ(info.si_signo, SIGUSR1);
	EXPECT_ERRNO(sigtimedwait(&set, &info, &time), EAGAIN);
}

static const struct check_test tests[] = {
	{ "handlers_run", handlers_run, 0 },
	{ "siginfo_names_the_sender", siginfo_names_the_sender, 0 },
	{ "queued_values_arrive", queued_values_arrive, 0 },
	{ "blocked_signals_wait", blocked_signals_wait, 0 },
	{ "real_time_signals_queue", real_time_signals_queue, 0 },
	{ "handlers_mask_their_signal", handlers_mask_their_signal, 0 },
	{ "resethand_works_once", resethand_works_once, 0 },
	{ "ignored_signals_vanish", ignored_signals_vanish, 0 },
	{ "kill_and_stop_cannot_be_caught", kill_and_stop_cannot_be_caught, 0 },
	{ "default_actions", default_actions, 0 },
	{ "restart_restarts", restart_restarts, 0 },
	{ "without_restart_is_eintr", without_restart_is_eintr, 0 },
	{ "nanosleep_tells_the_rest", nanosleep_tells_the_rest, 0 },
	{ "sigsuspend_waits_with_its_mask", sigsuspend_waits_with_its_mask, 0 },
	{ "sigtimedwait_takes", sigtimedwait_takes, 0 },
};

CHECK_MAIN(tests)
