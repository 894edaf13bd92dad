// SPDX-License-Identifier: MIT
/*
 * Threads that take turns.  Who goes on is drawn by lot from a seed, as is
 * which transfer of the disk ends next, so that a seed gives the same run every
 * time, with an order of events that no one would think of.
 *
 * A fiber that waits looks again each time it has its turn.  When all have
 * looked very often and nothing has happened since, nothing will.
 */
#include <stdlib.h>
#include <ucontext.h>

#include <sanitizer/common_interface_defs.h>

#include <core/panic.h>
#include <core/thread.h>

#include "host_internal.h"

#define NR_FIBERS   8
#define STACK_SIZE  (256 * 1024)
#define LOOKS_LIMIT 10000

struct fiber {
	struct thread thread;
	ucontext_t context;
	const void *stack;
	size_t stack_size;
	void (*run)(void *arg);
	void *arg;
	bool alive;
};

/* The first is the program itself. */
static struct fiber fibers[NR_FIBERS] = { { .alive = true } };
static struct fiber *current = &fibers[0];
static unsigned nr_looks; /* since something happened */
static uint64_t lots = 1;

struct thread *host_thread = &fibers[0].thread;
int host_spinlocks;

void host_seed(uint64_t seed)
{
	lots = seed * 2862933555777941757ull + 3037000493ull;
}

unsigned host_lot(unsigned n)
{
	lots = lots * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned)((lots >> 33) % n);
}

/* To be called first by who has just got the processor. */
static void fiber_arrive(void *fake_stack)
{
	const void *stack;
	size_t size;

	__sanitizer_finish_switch_fiber(fake_stack, &stack, &size);
	if (!fibers[0].stack) {
		fibers[0].stack = stack;
		fibers[0].stack_size = size;
	}
}

static void fiber_switch(struct fiber *next)
{
	struct fiber *before = current;
	void *fake_stack;

	if (next == before)
		return;
	current = next;
	host_thread = &next->thread;
	__sanitizer_start_switch_fiber(&fake_stack, next->stack,
				       next->stack_size);
	swapcontext(&before->context, &next->context);
	fiber_arrive(fake_stack);
}

static struct fiber *fiber_choose(void)
{
	struct fiber *fiber;

	do
		fiber = &fibers[host_lot(NR_FIBERS)];
	while (!fiber->alive);
	return fiber;
}

void host_wake(void)
{
	nr_looks = 0;
}

void host_sleep(void)
{
	BUG_ON(host_spinlocks);
	if (nr_looks++ > LOOKS_LIMIT)
		panic("everybody sleeps for ever");
	if (!host_lot(3) || nr_looks > LOOKS_LIMIT / 2)
		host_queue_step();
	fiber_switch(fiber_choose());
}

void host_may_sleep(void)
{
	BUG_ON(host_spinlocks);
	if (!host_lot(4))
		fiber_switch(fiber_choose());
}

static void fiber_main(void)
{
	fiber_arrive(NULL);
	current->run(current->arg);
	current->alive = false;
	host_wake();
	for (;;)
		fiber_switch(fiber_choose());
}

void host_fiber_start(void (*run)(void *arg), void *arg)
{
	struct fiber *fiber = fibers;
	char *stack = malloc(STACK_SIZE);

	while (fiber < fibers + NR_FIBERS && fiber->alive)
		fiber++;
	BUG_ON(fiber == fibers + NR_FIBERS);
	free((void *)fiber->stack);
	*fiber = (struct fiber){
		.stack = stack,
		.stack_size = STACK_SIZE,
		.run = run,
		.arg = arg,
		.alive = true,
	};
	getcontext(&fiber->context);
	fiber->context.uc_stack.ss_sp = stack;
	fiber->context.uc_stack.ss_size = STACK_SIZE;
	makecontext(&fiber->context, fiber_main, 0);
}

static bool fibers_have_ended(void)
{
	for (unsigned i = 1; i < NR_FIBERS; i++) {
		if (fibers[i].alive)
			return false;
	}
	return true;
}

void host_fibers_finish(void)
{
	while (!fibers_have_ended())
		host_sleep();
}

void host_fibers_abandon(void)
{
	for (unsigned i = 0; i < NR_FIBERS; i++)
		fibers[i].alive = &fibers[i] == current;
	current->thread = (struct thread){ 0 };
	host_spinlocks = 0;
	host_queue_abandon();
}
