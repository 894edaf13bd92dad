// SPDX-License-Identifier: MIT
/*
 * The small frame around test programs; see check.h.
 */
#include "check.h"

#include <dirent.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define STATUS_FAILED  99
#define STATUS_SKIPPED 98

static const char *test_name = "?";
static char tmpdir[64];

static void check_print(const char *prefix, const char *fmt, va_list args)
{
	char text[512];
	int len;

	/* One write: tests fail in several processes at once. */
	len = snprintf(text, sizeof(text), "%s %s: ", prefix, test_name);
	len += vsnprintf(text + len, sizeof(text) - (size_t)len, fmt, args);
	if (len > (int)sizeof(text) - 2)
		len = (int)sizeof(text) - 2;
	text[len++] = '\n';
	if (write(STDOUT_FILENO, text, (size_t)len) < 0)
		_exit(STATUS_FAILED);
}

void check_fail(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	check_print("not ok", fmt, args);
	va_end(args);
	_exit(STATUS_FAILED);
}

void check_skip(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	check_print("# skipped", fmt, args);
	va_end(args);
	_exit(STATUS_SKIPPED);
}

pid_t check_child(int (*work)(void *arg), void *arg)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(work(arg));
	EXPECT_OK(pid);
	return pid;
}

int check_wait(pid_t pid)
{
	int status;
	pid_t got;

	do
		got = waitpid(pid, &status, 0);
	while (got < 0 && errno == EINTR);
	EXPECT_EQ(got, pid);
	return status;
}

void check_exited(pid_t pid, int expected)
{
	int status = check_wait(pid);

	if (WIFSIGNALED(status))
		check_fail("expected exit status %d, got signal %d", expected,
			   WTERMSIG(status));
	if (WEXITSTATUS(status) == STATUS_FAILED && expected != STATUS_FAILED)
		_exit(STATUS_FAILED); /* the child has said why */
	EXPECT_EQ(WEXITSTATUS(status), expected);
}

void check_signalled(pid_t pid, int sig)
{
	int status = check_wait(pid);

	if (!WIFSIGNALED(status))
		check_fail("expected signal %d, got exit status %d", sig,
			   WEXITSTATUS(status));
	EXPECT_EQ(WTERMSIG(status), sig);
}

void check_enter_tmpdir(void)
{
	/* The frame knows the group; see remove_tmpdirs(). */
	snprintf(tmpdir, sizeof(tmpdir), "/tmp/check%d-XXXXXX", getpgrp());
	if (!mkdtemp(tmpdir))
		check_fail("expected a directory %s, got %s", tmpdir,
			   strerror(errno));
	EXPECT_OK(chdir(tmpdir));
}

void check_wait_flag(const volatile int *flag)
{
	while (!*flag)
		sched_yield();
}

void *check_shared(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	EXPECT(memory != MAP_FAILED);
	return memory;
}

/* Remove what a test left; the names are known to be short. */
static void remove_tree(const char *path)
{
	struct dirent *entry;
	struct stat st;
	DIR *dir;

	if (lstat(path, &st))
		return;
	if (!S_ISDIR(st.st_mode)) {
		unlink(path);
		return;
	}
	chmod(path, 0700);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		char name[512];

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		remove_tree(name);
		rewinddir(dir);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

/* Remove the directories of a test that has ended, but not of others. */
static void remove_tmpdirs(pid_t group)
{
	struct dirent *entry;
	DIR *dir = opendir("/tmp");
	char prefix[32];

	snprintf(prefix, sizeof(prefix), "check%d-", group);
	while (dir && (entry = readdir(dir))) {
		char name[300];

		if (strncmp(entry->d_name, prefix, strlen(prefix)))
			continue;
		snprintf(name, sizeof(name), "/tmp/%s", entry->d_name);
		remove_tree(name);
		rewinddir(dir);
	}
	if (dir)
		closedir(dir);
}

/* Run one test in a process group of its own; true if it passed. */
static bool run_test(const struct check_test *test)
{
	unsigned int limit = test->limit_s ? test->limit_s : CHECK_LIMIT_S;
	int status;
	pid_t pid;

	test_name = test->name;
	fflush(stdout);
	pid = fork();
	if (pid < 0) {
		printf("not ok %s: expected a process, got %s\n", test_name,
		       strerror(errno));
		return false;
	}
	if (pid == 0) {
		setpgid(0, 0);
		alarm(limit);
		test->run();
		_exit(0);
	}
	setpgid(pid, pid);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	/* Whatever a failed test left behind. */
	kill(-pid, SIGKILL);
	remove_tmpdirs(pid);

	if (WIFEXITED(status) && (WEXITSTATUS(status) == 0 ||
				  WEXITSTATUS(status) == STATUS_SKIPPED)) {
		printf("ok %s\n", test_name);
		return true;
	}
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		printf("not ok %s: expected an end within %u s, got none\n",
		       test_name, limit);
	else if (WIFSIGNALED(status))
		printf("not ok %s: expected an end, got signal %d\n", test_name,
		       WTERMSIG(status));
	else if (WEXITSTATUS(status) != STATUS_FAILED)
		printf("not ok %s: expected status 0, got %d\n", test_name,
		       WEXITSTATUS(status));
	return false;
}

static bool is_selected(int argc, char **argv, const char *name)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], name) == 0)
			return true;
	return argc < 2;
}

int check_main(int argc, char **argv, const struct check_test *tests,
	       size_t count)
{
	int passed = 0, failed = 0;

	if (argc > 1 && strcmp(argv[1], "-l") == 0) {
		for (size_t i = 0; i < count; i++)
			puts(tests[i].name);
		return 0;
	}
	for (size_t i = 0; i < count; i++) {
		if (!is_selected(argc, argv, tests[i].name))
			continue;
		if (run_test(&tests[i]))
			passed++;
		else
			failed++;
	}
	printf("%d passed, %d failed\n", passed, failed);
	fflush(stdout);
	return failed ? 1 : 0;
}
