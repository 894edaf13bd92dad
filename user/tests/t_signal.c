// SPDX-License-Identifier: MIT
/*
 * Signals: actions, masks, restarts, stacks, groups, stopping, and what a
 * handler must not disturb.
 */
#include "check.h"

#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>

static volatile sig_atomic_t count;
static volatile sig_atomic_t last;
static siginfo_t last_info;

static void on_signal(int sig)
{
	count++;
	last = sig;
}

static void on_signal_info(int sig, siginfo_t *info, void *context)
{
	(void)context;
	on_signal(sig);
	last_info = *info;
}

static void handle(int sig, int flags)
{
	struct sigaction action = {
		.sa_sigaction = on_signal_info,
		.sa_flags = SA_SIGINFO | flags,
	};

	EXPECT_OK(sigaction(sig, &action, NULL));
}

static void block(int sig)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	EXPECT_OK(sigprocmask(SIG_BLOCK, &set, NULL));
}

static void unblock(int sig)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	EXPECT_OK(sigprocmask(SIG_UNBLOCK, &set, NULL));
}

static int wait_for_ever(void *arg)
{
	(void)arg;
	while (pause() < 0)
		;
	return 0;
}

static void handlers_run(void)
{
	handle(SIGUSR1, 0);
	EXPECT_OK(raise(SIGUSR1));
	EXPECT_EQ(count, 1);
	EXPECT_EQ(last, SIGUSR1);
}

static void siginfo_names_the_sender(void)
{
	handle(SIGUSR1, 0);
	EXPECT_OK(kill(getpid(), SIGUSR1));
	EXPECT_EQ(last_info.si_signo, SIGUSR1);
	EXPECT_EQ(last_info.si_code, SI_USER);
	EXPECT_EQ(last_info.si_pid, getpid());
	EXPECT_EQ(last_info.si_uid, getuid());
}

static void queued_values_arrive(void)
{
	union sigval value = { .sival_int = 1234 };

	handle(SIGUSR1, 0);
	EXPECT_OK(sigqueue(getpid(), SIGUSR1, value));
	EXPECT_EQ(last_info.si_code, SI_QUEUE);
	EXPECT_EQ(last_info.si_value.sival_int, 1234);
}

static void blocked_signals_wait(void)
{
	sigset_t pending;

	handle(SIGUSR1, 0);
	block(SIGUSR1);
	raise(SIGUSR1);
	raise(SIGUSR1);
	EXPECT_EQ(count, 0);
	EXPECT_OK(sigpending(&pending));
	EXPECT_EQ(sigismember(&pending, SIGUSR1), 1);
	unblock(SIGUSR1);
	EXPECT_EQ(count, 1); /* ordinary signals are not counted */
}

static void real_time_signals_queue(void)
{
	int sig = SIGRTMIN + 1;
	union sigval value;

	handle(sig, 0);
	block(sig);
	for (int i = 0; i < 3; i++) {
		value.sival_int = i;
		EXPECT_OK(sigqueue(getpid(), sig, value));
	}
	unblock(sig);
	EXPECT_EQ(count, 3);
	EXPECT_EQ(last_info.si_value.sival_int, 2);
}

static void nested_handler(int sig)
{
	sigset_t now;

	count++;
	sigprocmask(SIG_BLOCK, NULL, &now);
	last = sigismember(&now, sig) + 2 * sigismember(&now, SIGUSR2);
	if (count < 3)
		raise(sig); /* blocked while we run */
}

static void handlers_mask_their_signal(void)
{
	struct sigaction action = { .sa_handler = nested_handler };
	sigset_t now;

	sigaddset(&action.sa_mask, SIGUSR2);
	EXPECT_OK(sigaction(SIGUSR1, &action, NULL));
	raise(SIGUSR1);
	EXPECT_EQ(count, 3);
	EXPECT_EQ(last, 3);
	EXPECT_OK(sigprocmask(SIG_BLOCK, NULL, &now));
	EXPECT_EQ(sigismember(&now, SIGUSR1), 0);
}

static void resethand_works_once(void)
{
	struct sigaction now;

	handle(SIGUSR1, (int)SA_RESETHAND);
	raise(SIGUSR1);
	EXPECT_EQ(count, 1);
	EXPECT_OK(sigaction(SIGUSR1, NULL, &now));
	EXPECT(now.sa_handler == SIG_DFL);
}

static void ignored_signals_vanish(void)
{
	signal(SIGUSR1, SIG_IGN);
	raise(SIGUSR1);
	block(SIGUSR1);
	raise(SIGUSR1);
	handle(SIGUSR1, 0);
	unblock(SIGUSR1);
}

static void kill_and_stop_cannot_be_caught(void)
{
	struct sigaction action = { .sa_handler = on_signal };
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
	handle(SIGALRM, SA_RESTART);
	pid = check_child(write_later, &ends[1]);
	send_after(SIGALRM, 100);
	EXPECT_EQ(read(ends[0], &byte, 1), 1);
	EXPECT_EQ(byte, 'x');
	EXPECT_EQ(count, 1);
	check_exited(pid, 0);
}

static void without_restart_is_eintr(void)
{
	char byte;
	int ends[2];

	EXPECT_OK(pipe(ends));
	handle(SIGALRM, 0);
	send_after(SIGALRM, 50);
	EXPECT_ERRNO(read(ends[0], &byte, 1), EINTR);
	EXPECT_EQ(count, 1);
}

static void nanosleep_tells_the_rest(void)
{
	struct timespec time = { .tv_sec = 5 }, rest = { 0 };

	handle(SIGALRM, SA_RESTART);
	send_after(SIGALRM, 50);
	EXPECT_ERRNO(nanosleep(&time, &rest), EINTR);
	EXPECT_EQ(rest.tv_sec, 4);
}

static void sigsuspend_waits_with_its_mask(void)
{
	sigset_t none, now;

	handle(SIGUSR1, 0);
	block(SIGUSR1);
	raise(SIGUSR1);
	sigemptyset(&none);
	EXPECT_ERRNO(sigsuspend(&none), EINTR);
	EXPECT_EQ(count, 1);
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
	block(SIGUSR1);
	EXPECT_ERRNO(sigtimedwait(&set, &info, &time), EAGAIN);
	raise(SIGUSR1);
	EXPECT_EQ(sigtimedwait(&set, &info, &time), SIGUSR1);
	EXPECT_EQ(info.si_signo, SIGUSR1);
	EXPECT_ERRNO(sigtimedwait(&set, &info, &time), EAGAIN);
}

static char *alt_stack;

static void on_alt_stack(int sig)
{
	char here;

	(void)sig;
	count = &here >= alt_stack && &here < alt_stack + 65536;
}

static void alternate_stack_is_used(void)
{
	struct sigaction action = {
		.sa_handler = on_alt_stack,
		.sa_flags = SA_ONSTACK,
	};
	stack_t stack = { .ss_size = 65536 }, old;

	alt_stack = malloc(65536);
	stack.ss_sp = alt_stack;
	EXPECT_OK(sigaltstack(&stack, NULL));
	EXPECT_OK(sigaction(SIGUSR1, &action, NULL));
	raise(SIGUSR1);
	EXPECT_EQ(count, 1);
	EXPECT_OK(sigaltstack(NULL, &old));
	EXPECT(old.ss_sp == alt_stack);
	EXPECT_EQ(old.ss_flags, 0);
	stack.ss_size = 100;
	EXPECT_ERRNO(sigaltstack(&stack, NULL), ENOMEM);
}

static void on_overflow(int sig)
{
	_exit(sig == SIGSEGV ? 42 : 1);
}

static int overflow(int depth)
{
	volatile char room[4096];

	room[0] = (char)depth;
	if (depth == 1 << 30)
		return 0;
	return overflow(depth + 1) + room[0];
}

static int overflow_with_handler(void *arg)
{
	struct sigaction action = {
		.sa_handler = on_overflow,
		.sa_flags = SA_ONSTACK,
	};
	stack_t stack = { .ss_size = 65536, .ss_sp = malloc(65536) };

	(void)arg;
	sigaltstack(&stack, NULL);
	sigaction(SIGSEGV, &action, NULL);
	return overflow(0);
}

static void stack_overflow_can_be_caught(void)
{
	check_exited(check_child(overflow_with_handler, NULL), 42);
}

static int overflow_without_stack(void *arg)
{
	(void)arg;
	signal(SIGSEGV, on_overflow);
	return overflow(0);
}

static void no_room_for_a_frame_kills(void)
{
	check_signalled(check_child(overflow_without_stack, NULL), SIGSEGV);
}

static void kill_reaches_the_group(void)
{
	pid_t first = check_child(wait_for_ever, NULL);
	pid_t second = check_child(wait_for_ever, NULL);

	EXPECT_OK(setpgid(first, first));
	EXPECT_OK(setpgid(second, first));
	EXPECT_OK(kill(-first, SIGTERM));
	check_signalled(first, SIGTERM);
	check_signalled(second, SIGTERM);
	EXPECT_ERRNO(kill(-first, SIGTERM), ESRCH);
	EXPECT_OK(kill(0, 0));
}

static void sigchld_comes(void)
{
	pid_t pid;

	handle(SIGCHLD, 0);
	block(SIGCHLD);
	pid = check_child(wait_for_ever, NULL);
	kill(pid, SIGKILL);
	while (!count)
		unblock(SIGCHLD);
	EXPECT_EQ(last_info.si_pid, pid);
	EXPECT_EQ(last_info.si_code, CLD_KILLED);
	EXPECT_EQ(last_info.si_status, SIGKILL);
	check_signalled(pid, SIGKILL);
}

static void ignored_sigchld_reaps(void)
{
	pid_t pid;

	signal(SIGCHLD, SIG_IGN);
	pid = fork();
	if (pid == 0)
		_exit(0);
	EXPECT_ERRNO(waitpid(pid, NULL, 0), ECHILD);
}

/* The letter that /proc/PID/stat has for it, proc_pid_stat(5). */
static char process_state(pid_t pid)
{
	char path[32], text[256];
	const char *end;
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY);
	EXPECT_OK(fd);
	len = read(fd, text, sizeof(text) - 1);
	EXPECT(len > 0);
	close(fd);
	text[len] = '\0';
	end = strrchr(text, ')');
	EXPECT(end && end[1] == ' ');
	return end[2];
}

static void wait_state(pid_t pid, char state)
{
	while (process_state(pid) != state)
		sched_yield();
}

static void stop_and_continue(void)
{
	pid_t pid = check_child(wait_for_ever, NULL);
	int status;

	wait_state(pid, 'S'); /* fork() blocks signals until it is done */
	EXPECT_OK(kill(pid, SIGSTOP));
	EXPECT_EQ(waitpid(pid, &status, WUNTRACED), pid);
	EXPECT(WIFSTOPPED(status));
	EXPECT_EQ(WSTOPSIG(status), SIGSTOP);
	wait_state(pid, 'T');
	EXPECT_OK(kill(pid, SIGTERM)); /* waits until it goes on */
	EXPECT_EQ(process_state(pid), 'T');
	EXPECT_OK(kill(pid, SIGCONT));
	check_signalled(pid, SIGTERM);
}

/* SIGCONT may come at any moment of a stop: it must never be lost. */
static void continue_meets_stop(void)
{
	pid_t pid = check_child(wait_for_ever, NULL);

	for (int i = 0; i < 2000; i++) {
		EXPECT_OK(kill(pid, SIGSTOP));
		if (i % 2)
			sched_yield();
		EXPECT_OK(kill(pid, SIGCONT));
	}
	EXPECT_OK(kill(pid, SIGTERM));
	check_signalled(pid, SIGTERM);
}

/*
 * The same with a process of its own each time, which shows each loss.  The
 * pause lets it take the stop signal; a debug kernel can be told to dwell there.
 */
static void continue_undoes_a_stop(void)
{
	const struct timespec pause = { .tv_nsec = 500000 };

	for (int i = 0; i < 40; i++) {
		pid_t pid = check_child(wait_for_ever, NULL);

		EXPECT_OK(kill(pid, SIGSTOP));
		EXPECT_OK(nanosleep(&pause, NULL));
		EXPECT_OK(kill(pid, SIGCONT));
		EXPECT_OK(kill(pid, SIGTERM));
		check_signalled(pid, SIGTERM);
	}
}

static void continuing_is_reported(void)
{
	pid_t pid = check_child(wait_for_ever, NULL);
	int status;

	EXPECT_OK(kill(pid, SIGTSTP));
	EXPECT_EQ(waitpid(pid, &status, WUNTRACED), pid);
	EXPECT_EQ(WSTOPSIG(status), SIGTSTP);
	EXPECT_OK(kill(pid, SIGCONT));
	EXPECT_EQ(waitpid(pid, &status, WCONTINUED), pid);
	EXPECT(WIFCONTINUED(status));
	EXPECT_OK(kill(pid, SIGKILL));
	check_signalled(pid, SIGKILL);
}

static void kill_ends_a_stopped_process(void)
{
	pid_t pid = check_child(wait_for_ever, NULL);
	int status;

	EXPECT_OK(kill(pid, SIGSTOP));
	EXPECT_EQ(waitpid(pid, &status, WUNTRACED), pid);
	EXPECT_OK(kill(pid, SIGKILL));
	check_signalled(pid, SIGKILL);
}

static void spoil_registers(int sig)
{
	volatile double x = sig;

	for (int i = 0; i < 50; i++)
		x = x * 1.0001 + i;
	count++;
}

static volatile int nr_terms = 4000000;

/* A sum that any lost register bit would change. */
static double sum_series(void)
{
	double a = 0, b = 1, c = 2, d = 3;

	for (int i = 1; i < nr_terms; i++) {
		a += 1.0 / i;
		b += a * 1e-9;
		c -= b * 1e-9;
		d += c * 1e-9;
	}
	return a + b + c + d;
}

static void handlers_keep_registers(void)
{
	struct itimerval timer = { { 0, 1000 }, { 0, 1000 } };
	double before = sum_series(), after;

	signal(SIGALRM, spoil_registers);
	EXPECT_OK(setitimer(ITIMER_REAL, &timer, NULL));
	after = sum_series();
	timer = (struct itimerval){ 0 };
	setitimer(ITIMER_REAL, &timer, NULL);
	EXPECT(count > 0);
	EXPECT(memcmp(&before, &after, sizeof(before)) == 0);
}

static int sum_in_child(void *arg)
{
	double sum = sum_series();

	return memcmp(&sum, arg, sizeof(sum)) != 0;
}

static void switches_keep_fp_registers(void)
{
	double sum = sum_series();
	pid_t pids[3];

	for (int i = 0; i < 3; i++)
		pids[i] = check_child(sum_in_child, &sum);
	for (int i = 0; i < 3; i++)
		check_exited(pids[i], 0);
}

static sigjmp_buf jump;

static void jump_out(int sig)
{
	siglongjmp(jump, sig);
}

static void longjmp_leaves_a_handler(void)
{
	signal(SIGUSR1, jump_out);
	for (volatile int i = 0; i < 100; i++)
		if (!sigsetjmp(jump, 1))
			raise(SIGUSR1);
}

static void bad_instruction_is_sigill(void)
{
	pid_t pid = fork();

	if (pid == 0) {
#ifdef __riscv
		__asm__ volatile(".word 0");
#else
		__builtin_trap();
#endif
		_exit(0);
	}
	check_signalled(pid, SIGILL);
}

static void timers_repeat(void)
{
	struct itimerval timer = { { 0, 10000 }, { 0, 10000 } }, left;

	handle(SIGALRM, 0);
	EXPECT_OK(setitimer(ITIMER_REAL, &timer, NULL));
	while (count < 5)
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
	handle(SIGALRM, 0);
	while (count < 3)
		pause();
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
	{ "alternate_stack_is_used", alternate_stack_is_used, 0 },
	{ "stack_overflow_can_be_caught", stack_overflow_can_be_caught, 0 },
	{ "no_room_for_a_frame_kills", no_room_for_a_frame_kills, 0 },
	{ "kill_reaches_the_group", kill_reaches_the_group, 0 },
	{ "sigchld_comes", sigchld_comes, 0 },
	{ "ignored_sigchld_reaps", ignored_sigchld_reaps, 0 },
	{ "stop_and_continue", stop_and_continue, 0 },
	{ "continue_meets_stop", continue_meets_stop, 0 },
	{ "continue_undoes_a_stop", continue_undoes_a_stop, 0 },
	{ "continuing_is_reported", continuing_is_reported, 0 },
	{ "kill_ends_a_stopped_process", kill_ends_a_stopped_process, 0 },
	{ "handlers_keep_registers", handlers_keep_registers, 120 },
	{ "switches_keep_fp_registers", switches_keep_fp_registers, 120 },
	{ "longjmp_leaves_a_handler", longjmp_leaves_a_handler, 0 },
	{ "bad_instruction_is_sigill", bad_instruction_is_sigill, 0 },
	{ "timers_repeat", timers_repeat, 0 },
	{ "shortest_intervals_stop_nobody_else",
	  shortest_intervals_stop_nobody_else, 0 },
	{ "repeating_timers_tell_what_is_left",
	  repeating_timers_tell_what_is_left, 0 },
	{ "ignored_timers_are_heard_later", ignored_timers_are_heard_later, 0 },
};

CHECK_MAIN(tests)
