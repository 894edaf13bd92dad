// SPDX-License-Identifier: MIT
/*
 * What the L1 caches hide from whom: k210.md sections 1.3 and 2.9.  Prints
 * "ok NAME" or "wrong NAME"; with --no-caches each case that ends in _stale is
 * wrong.
 */
#include "check.h"

#define LINE     64
#define EVICTION (512 << 10) /* bytes read: no line of 32 KiB survives that */
#define RETURN_1 0x80824505u /* li a0, 1; ret */
#define RETURN_2 0x80824509u

/* What hart 1 is told; the bits above make one order differ from the last. */
#define ORDER       7
#define CALL        1
#define CALL_FENCED 2
#define STORE       3
#define STOP        4
#define STORED      0x1111

void guest_main(void);
void hart1_main(void);

static uint32_t code[LINE / 4] __attribute__((aligned(LINE)));
static uint64_t data[LINE / 8] __attribute__((aligned(LINE)));
static uint64_t table[LINE / 8] __attribute__((aligned(LINE)));
static uint8_t other[EVICTION] __attribute__((aligned(LINE)));
static int step;
static int answer;

static int call(void)
{
	return ((int (*)(void))code)();
}

static void fence_i(void)
{
	asm volatile("fence.i" ::: "memory");
}

static void set(uint32_t *word, uint32_t value)
{
	*(volatile uint32_t *)word = value;
}

static void read_much(void)
{
	for (int i = 0; i < EVICTION; i += LINE)
		(void)*(volatile uint8_t *)&other[i];
}

/* Let hart 1 do something; what came of it. */
static int ask_hart1(int what)
{
	__atomic_store_n(&answer, 0, __ATOMIC_RELEASE);
	__atomic_store_n(&step, what, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&answer, __ATOMIC_ACQUIRE))
		;
	return answer;
}

void hart1_main(void)
{
	int last = 0;
	int now = 0;

	while ((now & ORDER) != STOP) {
		while (now == last)
			now = __atomic_load_n(&step, __ATOMIC_ACQUIRE);
		last = now;
		if ((now & ORDER) == CALL_FENCED)
			fence_i();
		if ((now & ORDER) == STORE)
			*(volatile uint64_t *)data = STORED;
		__atomic_store_n(&answer, (now & ORDER) < STORE ? call() : 1,
				 __ATOMIC_RELEASE);
	}
}

static void check_code(void)
{
	set(code, RETURN_1);
	fence_i();
	check("new_code_runs", (uint64_t)call(), 1);
	ask_hart1(CALL_FENCED);
	set(code, RETURN_2);
	check("rewritten_code_is_stale", (uint64_t)call(), 1);
	fence_i();
	check("fence_i_refreshes_it", (uint64_t)call(), 2);
	check("fence_i_of_one_hart_leaves_the_other_stale",
	      (uint64_t)ask_hart1(8 + CALL), 1);
	check("fence_i_of_the_other_refreshes_that",
	      (uint64_t)ask_hart1(16 + CALL_FENCED), 2);
}

static void check_data(void)
{
	volatile uint64_t *cached = data;
	volatile uint64_t *memory = uncached(data);

	*cached = 1;
	read_much();
	check("eviction_writes_back", *memory, 1);
	*cached = 2;
	check("alias_of_dirty_line_is_stale", *memory, 1);
	read_much();
	*memory = 3;
	check("absent_line_comes_from_memory", *cached, 3);
	*memory = 4;
	check("clean_line_hides_memory_and_is_stale", *cached, 3);
	read_much();
	check("clean_line_is_not_written_back", *cached, 4);
	cached[1] = 5;
	*memory = 6;
	check("dirty_line_hides_memory_and_is_stale", *cached, 4);
	read_much();
	check("whole_lines_are_written_back_and_stale", *memory, 4);
	check("harts_see_each_other", (ask_hart1(24 + STORE), *cached), STORED);
	*memory = 7;
	read_much();
	check("line_of_the_other_hart_hides_memory_and_is_stale", *cached,
	      STORED);
}

static uint64_t store_conditional_after(void (*meanwhile)(void))
{
	uint64_t failed;

	asm volatile("lr.d %0, (%1)" : "=r"(failed) : "r"(table) : "memory");
	meanwhile();
	asm volatile("sc.d %0, zero, (%1)"
		     : "=r"(failed)
		     : "r"(table)
		     : "memory");
	return failed;
}

static void nothing(void)
{
}

void guest_main(void)
{
	check_code();
	check_data();
	check("reservation_holds", store_conditional_after(nothing), 0);
	check("reservation_ends_with_eviction",
	      store_conditional_after(read_much), 1);
	__atomic_store_n(&step, 32 + STOP, __ATOMIC_RELEASE);
}
