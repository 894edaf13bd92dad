/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * Tests that run as programs on the booted system, and on Linux, which is
 * where they are proved right.
 *
 * Each test is a function that runs in a process of its own: a crash or a
 * hang fails that test alone.  What a test expects, it says by the macros
 * below; the first that does not hold ends it.  Output, for the harness:
 *
 *	ok NAME
 *	not ok NAME: expected X, got Y (...)
 *	N passed, M failed
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define CHECK_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

struct check_test {
	const char *name;
	void (*run)(void);
	unsigned int limit_s; /* 0: the default of CHECK_LIMIT_S */
};

#define CHECK_LIMIT_S 30

/*
 * main() of a test program: runs all tests, or those whose names are given as
 * arguments; "-l" lists them.  Returns 0 when all passed, else 1.
 */
int check_main(int argc, char **argv, const struct check_test *tests,
	       size_t count);

#define CHECK_MAIN(tests)                                                      \
	int main(int argc, char **argv)                                        \
	{                                                                      \
		return check_main(argc, argv, tests, CHECK_ARRAY_SIZE(tests)); \
	}

/* End the test as failed.  In a child process of the test: end that child. */
void check_fail(const char *fmt, ...)
	__attribute__((format(printf, 1, 2), noreturn));

/* End the test as passed, saying what could not be tested here. */
void check_skip(const char *fmt, ...)
	__attribute__((format(printf, 1, 2), noreturn));

#define EXPECT(condition)                                                      \
	do {                                                                   \
		if (!(condition))                                              \
			check_fail("expected %s (%s:%d)", #condition,          \
				   __FILE__, __LINE__);                        \
	} while (0)

#define EXPECT_EQ(actual, expected)                                            \
	do {                                                                   \
		long long got_ = (long long)(actual);                          \
		long long want_ = (long long)(expected);                       \
		if (got_ != want_)                                             \
			check_fail("expected %lld, got %lld: %s (%s:%d)",      \
				   want_, got_, #actual, __FILE__, __LINE__);  \
	} while (0)

/* A call that must not return -1. */
#define EXPECT_OK(call)                                                        \
	do {                                                                   \
		if ((long long)(call) == -1)                                   \
			check_fail("expected success, got %s: %s (%s:%d)",     \
				   strerror(errno), #call, __FILE__,           \
				   __LINE__);                                  \
	} while (0)

/* A call that must return -1 and set errno to error. */
#define EXPECT_ERRNO(call, error)                                              \
	do {                                                                   \
		errno = 0;                                                     \
		long long got_ = (long long)(call);                            \
		if (got_ != -1 || errno != (error))                            \
			check_fail(                                            \
				"expected %s, got %lld with %s: %s (%s:%d)",   \
				strerror(error), got_, strerror(errno), #call, \
				__FILE__, __LINE__);                           \
	} while (0)

#define EXPECT_STR(actual, expected)                                           \
	do {                                                                   \
		const char *got_ = (actual);                                   \
		const char *want_ = (expected);                                \
		if (strcmp(got_, want_))                                       \
			check_fail("expected \"%s\", got \"%s\" (%s:%d)",      \
				   want_, got_, __FILE__, __LINE__);           \
	} while (0)

/*
 * Start a child of the test that runs work(arg) and exits with its result.
 * check_wait() returns its wait status; check_exited() expects a status.
 */
pid_t check_child(int (*work)(void *arg), void *arg);
int check_wait(pid_t pid);
void check_exited(pid_t pid, int status);
void check_signalled(pid_t pid, int sig);

/* A fresh directory that the test is in, removed when the test ends. */
void check_enter_tmpdir(void);

/* Let another process run, until *flag (shared memory) is not 0. */
void check_wait_flag(const volatile int *flag);

/* Memory shared with children, zeroed. */
void *check_shared(size_t size);
