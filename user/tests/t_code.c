// SPDX-License-Identifier: MIT
/*
 * Code that programs write and then run.  A hart's instruction cache knows
 * nothing of stores: the kernel must see to it wherever memory becomes
 * executable, and when it is asked to.
 */
#include "check.h"

#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define PAGE   4096UL
#define ROUNDS 40

/* A function that returns n (below 2048): li a0, n; ret. */
static void write_code(void *page, unsigned int n)
{
	uint32_t code[] = { 0x00000513 | n << 20, 0x00008067 };

	memcpy(page, code, sizeof(code));
}

static int call(void *page)
{
	return ((int (*)(void))page)();
}

/* Not the compiler's builtin: that may be a fence.i, for this hart alone. */
static void sync_code(void *page)
{
	EXPECT_OK(syscall(SYS_riscv_flush_icache, page, (char *)page + 8, 0));
}

static void *map_page(int protection, int flags, int fd)
{
	void *page = mmap(NULL, PAGE, protection, flags, fd, 0);

	EXPECT(page != MAP_FAILED);
	return page;
}

static void *map_private(int protection)
{
	return map_page(protection, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

/* Each round most likely gets the page frame of the one before. */
static void reused_pages_run_new_code(void)
{
	for (unsigned int n = 1; n <= ROUNDS; n++) {
		void *page = map_private(PROT_READ | PROT_WRITE);

		write_code(page, n);
		EXPECT_OK(mprotect(page, PAGE, PROT_READ | PROT_EXEC));
		EXPECT_EQ(call(page), n);
		EXPECT_OK(munmap(page, PAGE));
	}
}

static void rewritten_code_runs_after_a_flush(void)
{
	void *page = map_private(PROT_READ | PROT_WRITE | PROT_EXEC);

	for (unsigned int n = 1; n <= ROUNDS; n++) {
		write_code(page, n);
		sync_code(page);
		EXPECT_EQ(call(page), n);
	}
}

static void rewritten_files_run_as_they_are(void)
{
	uint32_t code[2];
	int fd;

	check_enter_tmpdir();
	fd = open("f", O_RDWR | O_CREAT, 0600);
	EXPECT_OK(fd);
	for (unsigned int n = 1; n <= ROUNDS; n++) {
		void *page;

		write_code(code, n);
		EXPECT_EQ(pwrite(fd, code, sizeof(code), 0), sizeof(code));
		page = map_page(PROT_READ | PROT_EXEC,
				n % 2 ? MAP_PRIVATE : MAP_SHARED, fd);
		EXPECT_EQ(call(page), n);
		EXPECT_OK(munmap(page, PAGE));
	}
}

static int rewrite_in_child(void *page)
{
	write_code(page, 2);
	sync_code(page);
	return call(page);
}

static void fork_separates_code(void)
{
	void *page = map_private(PROT_READ | PROT_WRITE | PROT_EXEC);

	write_code(page, 1);
	sync_code(page);
	for (int i = 0; i < ROUNDS / 4; i++) {
		check_exited(check_child(rewrite_in_child, page), 2);
		EXPECT_EQ(call(page), 1);
	}
}

struct runner {
	void *page;
	volatile int asked;    /* round that is to be run */
	volatile int answered; /* round that was run */
	volatile int result;
};

static int run_on_request(void *arg)
{
	struct runner *runner = arg;
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(1, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		return 1;
	for (int n = 1; n <= ROUNDS; n++) {
		while (runner->asked != n)
			sched_yield();
		__sync_synchronize();
		runner->result = call(runner->page);
		__sync_synchronize();
		runner->answered = n;
	}
	return 0;
}

/* One hart writes and flushes, the other one runs, time and again. */
static void flush_reaches_other_harts(void)
{
	struct runner *runner = check_shared(PAGE);
	cpu_set_t cpus;
	pid_t pid;

	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2 ||
	    sched_setaffinity(0, sizeof(cpus), &cpus))
		check_skip("one hart only");
	runner->page = map_page(PROT_READ | PROT_WRITE | PROT_EXEC,
				MAP_SHARED | MAP_ANONYMOUS, -1);
	pid = check_child(run_on_request, runner);
	for (int n = 1; n <= ROUNDS; n++) {
		write_code(runner->page, (unsigned int)n);
		sync_code(runner->page);
		runner->asked = n;
		while (runner->answered != n)
			sched_yield();
		EXPECT_EQ(runner->result, n);
	}
	check_exited(pid, 0);
}

static const struct check_test tests[] = {
	{ "reused_pages_run_new_code", reused_pages_run_new_code, 0 },
	{ "rewritten_code_runs_after_a_flush",
	  rewritten_code_runs_after_a_flush, 0 },
	{ "rewritten_files_run_as_they_are", rewritten_files_run_as_they_are,
	  0 },
	{ "fork_separates_code", fork_separates_code, 0 },
	{ "flush_reaches_other_harts", flush_reaches_other_harts, 0 },
};

CHECK_MAIN(tests)
