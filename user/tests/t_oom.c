// SPDX-License-Identifier: MIT
/*
 * No memory left: allocations fail or the largest process dies; the system
 * lives.  The hungry children are limited on machines with much memory, so
 * that the test also ends there.
 */
#include "check.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#define STEP (1UL << 20)
#define MOST (1UL << 30) /* what a child takes at the very most */

static int eat_memory(void *arg)
{
	(void)arg;
	for (size_t eaten = 0; eaten < MOST; eaten += STEP) {
		char *memory = mmap(NULL, STEP, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (memory == MAP_FAILED)
			return 0;
		for (size_t i = 0; i < STEP; i += 4096)
			memory[i] = 1;
	}
	return 0;
}

/* Ended by itself or by the kernel: both are right. */
static void expect_end(pid_t pid)
{
	int status = check_wait(pid);

	EXPECT(WIFEXITED(status) ? WEXITSTATUS(status) == 0
				 : WTERMSIG(status) == SIGKILL ||
					   WTERMSIG(status) == SIGSEGV ||
					   WTERMSIG(status) == SIGBUS);
}

static void one_eater(void)
{
	expect_end(check_child(eat_memory, NULL));
}

static void system_works_afterwards(void)
{
	char *memory;

	expect_end(check_child(eat_memory, NULL));
	memory = malloc(STEP);
	EXPECT(memory);
	memset(memory, 1, STEP);
	expect_end(check_child(eat_memory, NULL));
}

static int eat_by_brk(void *arg)
{
	(void)arg;
	for (size_t eaten = 0; eaten < MOST; eaten += STEP) {
		char *memory = sbrk(STEP);

		if (memory == (void *)-1)
			return 0;
		memset(memory, 1, STEP);
	}
	return 0;
}

static void eater_by_brk(void)
{
	expect_end(check_child(eat_by_brk, NULL));
}

static int eat_descriptors(void *arg)
{
	struct rlimit limit = { 4096, 4096 };
	static char block[4096];
	int ends[2];

	(void)arg;
	setrlimit(RLIMIT_NOFILE, &limit);
	while (pipe(ends) == 0)
		if (fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0)
			while (write(ends[1], block, sizeof(block)) > 0)
				;
	return 0;
}

static void eater_of_pipes(void)
{
	expect_end(check_child(eat_descriptors, NULL));
}

static int eat_tmpfs(void *arg)
{
	static char block[65536];
	int fd = open("big", O_WRONLY | O_CREAT, 0600);

	(void)arg;
	for (size_t eaten = 0; eaten < MOST / 4; eaten += sizeof(block))
		if (write(fd, block, sizeof(block)) < 0)
			break;
	close(fd);
	return unlink("big");
}

static void eater_of_files(void)
{
	check_enter_tmpdir();
	expect_end(check_child(eat_tmpfs, NULL));
}

static void impossible_allocations_fail(void)
{
	volatile size_t size = 1UL << 50;

	EXPECT(!malloc(size));
	EXPECT_EQ(errno, ENOMEM);
}

static int fork_for_ever(void *arg)
{
	struct timespec time = { .tv_sec = 2 };
	struct rlimit limit = { 50, 50 };
	int children = 0;

	(void)arg;
	/* Limits on processes do not bind root. */
	if (setrlimit(RLIMIT_NPROC, &limit) || setgid(65533) || setuid(65533))
		return 3;
	for (int tries = 0; tries < 300; tries++) {
		pid_t pid = fork();

		if (pid == 0) {
			nanosleep(&time, NULL);
			_exit(0);
		}
		if (pid < 0)
			return errno == EAGAIN && children <= 50 ? 0 : 1;
		children++;
	}
	return 2;
}

static void process_limit_holds(void)
{
	if (geteuid())
		check_skip("not root");
	check_exited(check_child(fork_for_ever, NULL), 0);
}

static int bomb(void *arg)
{
	struct rlimit limit = { 60, 60 };

	(void)arg;
	if (setrlimit(RLIMIT_NPROC, &limit) || setgid(65532) || setuid(65532))
		return 3;
	setpgid(0, 0);
	alarm(3);
	for (;;)
		if (fork() < 0)
			sched_yield();
	return 0;
}

static void fork_bomb_ends(void)
{
	pid_t pid;

	if (geteuid())
		check_skip("not root");
	pid = check_child(bomb, NULL);
	check_signalled(pid, SIGALRM);
	/* Alarms are not inherited: end the others until none is left. */
	while (kill(-pid, SIGKILL) == 0)
		sched_yield();
	EXPECT_EQ(errno, ESRCH);
}

static const struct check_test tests[] = {
	{ "one_eater", one_eater, 120 },
	{ "system_works_afterwards", system_works_afterwards, 240 },
	{ "eater_by_brk", eater_by_brk, 120 },
	{ "eater_of_pipes", eater_of_pipes, 120 },
	{ "eater_of_files", eater_of_files, 120 },
	{ "impossible_allocations_fail", impossible_allocations_fail, 0 },
	{ "process_limit_holds", process_limit_holds, 60 },
	{ "fork_bomb_ends", fork_bomb_ends, 60 },
};

CHECK_MAIN(tests)
