// SPDX-License-Identifier: MIT
/*
 * Several harts at once: threads and processes that hammer the same things.
 */
#include "check.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define NR_WORKERS 4

static void run_threads(void *(*work)(void *), long rounds)
{
	pthread_t threads[NR_WORKERS];

	for (int i = 0; i < NR_WORKERS; i++)
		EXPECT_EQ(pthread_create(&threads[i], NULL, work,
					 (void *)(intptr_t)rounds),
			  0);
	for (int i = 0; i < NR_WORKERS; i++)
		EXPECT_EQ(pthread_join(threads[i], NULL), 0);
}

static void run_processes(int (*work)(void *), void *arg)
{
	pid_t pids[NR_WORKERS];

	for (int i = 0; i < NR_WORKERS; i++)
		pids[i] = check_child(work, arg);
	for (int i = 0; i < NR_WORKERS; i++)
		check_exited(pids[i], 0);
}

static long counter;

static void *count_atomically(void *arg)
{
	for (long i = 0; i < (long)(intptr_t)arg; i++)
		__atomic_add_fetch(&counter, 1, __ATOMIC_RELAXED);
	return NULL;
}

static void atomic_counters(void)
{
	run_threads(count_atomically, 200000);
	EXPECT_EQ(counter, NR_WORKERS * 200000L);
}

static void *fault_in_pages(void *arg)
{
	for (long i = 0; i < (long)(intptr_t)arg; i++) {
		char *memory = mmap(NULL, 16 * 4096, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		EXPECT(memory != MAP_FAILED);
		for (int page = 0; page < 16; page++) {
			EXPECT_EQ(memory[page * 4096], 0);
			memory[page * 4096] = 1;
		}
		EXPECT_OK(munmap(memory, 16 * 4096));
	}
	return NULL;
}

static void mapping_in_parallel(void)
{
	run_threads(fault_in_pages, 200);
}

static char *one_mapping;

static void *fault_same_pages(void *arg)
{
	(void)arg;
	for (int page = 0; page < 512; page++)
		__atomic_add_fetch((int *)(one_mapping + page * 4096L), 1,
				   __ATOMIC_RELAXED);
	return NULL;
}

static void faults_on_the_same_page(void)
{
	one_mapping = mmap(NULL, 512 * 4096, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	EXPECT(one_mapping != MAP_FAILED);
	run_threads(fault_same_pages, 0);
	for (int page = 0; page < 512; page++)
		EXPECT_EQ(*(int *)(one_mapping + page * 4096L), NR_WORKERS);
}

static volatile int stop_reading;

static void *read_mapping(void *arg)
{
	(void)arg;
	while (!stop_reading)
		if (one_mapping[4096] != 1 && one_mapping[4096] != 2)
			check_fail("expected 1 or 2, got %d",
				   one_mapping[4096]);
	return NULL;
}

/* Changing a mapping must reach the other harts' TLBs. */
static void changes_reach_other_harts(void)
{
	pthread_t thread;

	one_mapping = mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	one_mapping[4096] = 1;
	EXPECT_EQ(pthread_create(&thread, NULL, read_mapping, NULL), 0);
	for (int i = 0; i < 300; i++) {
		EXPECT_OK(mprotect(one_mapping, 8192, PROT_READ));
		EXPECT_OK(mprotect(one_mapping, 8192, PROT_READ | PROT_WRITE));
		one_mapping[4096] = (char)(1 + i % 2);
	}
	stop_reading = 1;
	EXPECT_EQ(pthread_join(thread, NULL), 0);
}

static int fork_often(void *arg)
{
	(void)arg;
	for (int i = 0; i < 60; i++) {
		pid_t pid = fork();
		int status;

		if (pid == 0)
			_exit(7);
		if (pid < 0 || waitpid(pid, &status, 0) != pid ||
		    status != 7 << 8)
			return 1;
	}
	return 0;
}

static void forking_in_parallel(void)
{
	run_processes(fork_often, NULL);
}

static int pump_pipe(void *arg)
{
	char block[512];
	int ends[2];

	(void)arg;
	if (pipe(ends))
		return 1;
	for (int i = 0; i < 1000; i++) {
		memset(block, i, sizeof(block));
		if (write(ends[1], block, sizeof(block)) != sizeof(block) ||
		    read(ends[0], block, sizeof(block)) != sizeof(block) ||
		    block[511] != (char)i)
			return 2;
	}
	return 0;
}

static void pipes_in_parallel(void)
{
	run_processes(pump_pipe, NULL);
}

static int make_and_remove(void *arg)
{
	char name[32], other[32];

	(void)arg;
	for (int i = 0; i < 100; i++) {
		int fd;

		snprintf(name, sizeof(name), "f%d-%d", (int)getpid(), i);
		snprintf(other, sizeof(other), "g%d-%d", (int)getpid(), i);
		fd = open(name, O_CREAT | O_EXCL | O_RDWR, 0600);
		if (fd < 0 || write(fd, name, strlen(name)) < 0)
			return 1;
		close(fd);
		if (rename(name, other) || unlink(other))
			return 2;
	}
	return 0;
}

static void files_in_parallel(void)
{
	check_enter_tmpdir();
	run_processes(make_and_remove, NULL);
	EXPECT_OK(chdir("/tmp"));
}

static int fight_for_name(void *arg)
{
	volatile int *wins = arg;

	for (int i = 0; i < 200; i++) {
		int fd = open("one", O_CREAT | O_EXCL | O_RDWR, 0600);

		if (fd < 0 && errno == EEXIST)
			continue;
		if (fd < 0)
			return 1;
		/* We alone made it, so we alone can remove it. */
		if (__atomic_add_fetch(&wins[0], 1, __ATOMIC_SEQ_CST) != 1)
			return 2;
		__atomic_sub_fetch(&wins[0], 1, __ATOMIC_SEQ_CST);
		close(fd);
		if (unlink("one"))
			return 3;
	}
	return 0;
}

static void exclusive_creation_is_exclusive(void)
{
	check_enter_tmpdir();
	run_processes(fight_for_name, check_shared(4096));
}

static int rename_in_circles(void *arg)
{
	static const char *const pairs[][2] = { { "a/x", "b/x" },
						{ "b/x", "a/x" } };

	(void)arg;
	for (int i = 0; i < 200; i++)
		for (int j = 0; j < 2; j++)
			if (rename(pairs[j][0], pairs[j][1]) && errno != ENOENT)
				return 1;
	return 0;
}

static void renames_across_directories(void)
{
	check_enter_tmpdir();
	EXPECT_OK(mkdir("a", 0755));
	EXPECT_OK(mkdir("b", 0755));
	EXPECT_OK(mkdir("a/x", 0755));
	run_processes(rename_in_circles, NULL);
	EXPECT(access("a/x", F_OK) == 0 || access("b/x", F_OK) == 0);
}

static volatile sig_atomic_t signals_seen;

static void on_signal(int sig)
{
	(void)sig;
	signals_seen++;
}

static int send_signals(void *arg)
{
	pid_t target = *(pid_t *)arg;

	for (int i = 0; i < 500; i++)
		if (kill(target, SIGUSR1))
			return 1;
	return 0;
}

static void signals_in_parallel(void)
{
	pid_t self = getpid();

	struct sigaction action = {
		.sa_handler = on_signal,
		.sa_flags = SA_RESTART,
	};

	EXPECT_OK(sigaction(SIGUSR1, &action, NULL));
	run_processes(send_signals, &self);
	EXPECT(signals_seen > 0);
}

static void *start_and_end(void *arg)
{
	return arg;
}

static void *make_threads(void *arg)
{
	for (long i = 0; i < (long)(intptr_t)arg; i++) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, start_and_end, arg) ||
		    pthread_join(thread, NULL))
			check_fail("expected a thread, got none");
	}
	return NULL;
}

static void threads_come_and_go(void)
{
	run_threads(make_threads, 50);
}

/*
 * Seconds until a case counts as hung.  Harts spin for one another, and where
 * an emulator has fewer processors than the machine has harts, they mostly wait
 * for one that does not run.
 */
#define LIMIT 300

static const struct check_test tests[] = {
	{ "atomic_counters", atomic_counters, LIMIT },
	{ "mapping_in_parallel", mapping_in_parallel, LIMIT },
	{ "faults_on_the_same_page", faults_on_the_same_page, LIMIT },
	{ "changes_reach_other_harts", changes_reach_other_harts, LIMIT },
	{ "forking_in_parallel", forking_in_parallel, LIMIT },
	{ "pipes_in_parallel", pipes_in_parallel, LIMIT },
	{ "files_in_parallel", files_in_parallel, LIMIT },
	{ "exclusive_creation_is_exclusive", exclusive_creation_is_exclusive,
	  LIMIT },
	{ "renames_across_directories", renames_across_directories, LIMIT },
	{ "signals_in_parallel", signals_in_parallel, LIMIT },
	{ "threads_come_and_go", threads_come_and_go, LIMIT },
};

CHECK_MAIN(tests)
