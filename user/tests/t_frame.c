// SPDX-License-Identifier: MIT
/*
 * Frames of signal handlers: the stacks they lie on, and the registers that
 * come back from them.
 */
#include "check.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/time.h>

static volatile sig_atomic_t count;
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

static const struct check_test tests[] = {
	{ "alternate_stack_is_used", alternate_stack_is_used, 0 },
	{ "stack_overflow_can_be_caught", stack_overflow_can_be_caught, 0 },
	{ "no_room_for_a_frame_kills", no_room_for_a_frame_kills, 0 },
	{ "handlers_keep_registers", handlers_keep_registers, 120 },
	{ "switches_keep_fp_registers", switches_keep_fp_registers, 120 },
	{ "longjmp_leaves_a_handler", longjmp_leaves_a_handler, 0 },
	{ "bad_instruction_is_sigill", bad_instruction_is_sigill, 0 },
};

CHECK_MAIN(tests)
