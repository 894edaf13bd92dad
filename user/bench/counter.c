// SPDX-License-Identifier: MIT
/*
 * Counting instructions, and the cost of the loop around what is counted.
 *
 * Instructions come from the instret counter where user programs may read it
 * and it counts, else from the time counter: with -icount shift=0 that makes a
 * step each 100 instructions, and disk waits add to it.
 */
#include "bench.h"

#include <setjmp.h>
#include <signal.h>
#include <string.h>

#include "bench_internal.h"

#define INSTRUCTIONS_PER_TICK 100 /* QEMU's virt: time counts at 10 MHz */

static bool use_instret;

static inline uint64_t read_instret(void)
{
	uint64_t value;

	__asm__ volatile("rdinstret %0" : "=r"(value)::"memory");
	return value;
}

static inline uint64_t read_time(void)
{
	uint64_t value;

	__asm__ volatile("rdtime %0" : "=r"(value)::"memory");
	return value;
}

static inline uint64_t read_counter(void)
{
	if (use_instret)
		return read_instret();
	return read_time() * INSTRUCTIONS_PER_TICK;
}

/* Hints that do nothing, but bench/marks.c sees them. */
static inline void mark(void)
{
	__asm__ volatile("slti zero, zero, 0x5b" ::: "memory");
}

void counter_mark_row(void)
{
	__asm__ volatile("slti zero, zero, 0x5a" ::: "memory");
}

void counter_mark_warm(void)
{
	__asm__ volatile("slti zero, zero, 0x5c" ::: "memory");
}

void bench_start(struct bench_run *run)
{
	mark();
	run->start = read_counter();
}

void bench_stop(struct bench_run *run)
{
	run->instructions += read_counter() - run->start;
	mark();
}

static sigjmp_buf no_instret;

static void on_illegal(int sig)
{
	(void)sig;
	siglongjmp(no_instret, 1);
}

/* Linux forbids the counter, or stops it, unless told otherwise. */
static bool instret_counts(void)
{
	struct sigaction action = { .sa_handler = on_illegal }, old;
	volatile bool counts = false;

	sigaction(SIGILL, &action, &old);
	if (!sigsetjmp(no_instret, 1)) {
		uint64_t start = read_instret();

		counts = read_instret() != start;
	}
	sigaction(SIGILL, &old, NULL);
	return counts;
}

bool counter_choose(const char *name)
{
	if (!name)
		use_instret = instret_counts();
	else if (strcmp(name, "instret") && strcmp(name, "time"))
		return false;
	else
		use_instret = name[0] == 'i';
	return true;
}

const char *counter_name(void)
{
	return use_instret ? "instret" : "time";
}

double counter_loop_cost(void)
{
	struct bench_run run = { .count = 100000 };

	BENCH_LOOP(&run, );
	return (double)run.instructions / (double)run.count;
}
