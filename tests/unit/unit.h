// SPDX-License-Identifier: MIT
/*
 * Host unit tests: a program of TEST()s, compiled natively with the address and
 * undefined-behaviour sanitizers.
 *
 *     TEST(list_keeps_order)
 *     {
 *             EXPECT_EQ(list_length(&list), 3);
 *     }
 *
 * `program --list` prints the names, `program NAME` runs one, `program` all.
 * tests/test_unit.py makes a pytest case of each.
 */
#pragma once

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct unit_test {
	const char *name;
	void (*run)(void);
	struct unit_test *next;
};

static struct unit_test *unit_tests;
static struct unit_test **unit_tests_tail = &unit_tests;
static int unit_failures;

#define TEST(test_name)                                                        \
	static void test_name(void);                                           \
	static struct unit_test test_name##_entry = { .name = #test_name,      \
						      .run = test_name };      \
	__attribute__((constructor)) static void test_name##_add(void)         \
	{                                                                      \
		*unit_tests_tail = &test_name##_entry;                         \
		unit_tests_tail = &test_name##_entry.next;                     \
	}                                                                      \
	static void test_name(void)

#define EXPECT(cond)                                                           \
	do {                                                                   \
		if (!(cond)) {                                                 \
			printf("%s:%d: expected %s\n", __FILE__, __LINE__,     \
			       #cond);                                         \
			unit_failures++;                                       \
		}                                                              \
	} while (0)

#define EXPECT_EQ(got, expected)                                               \
	do {                                                                   \
		int64_t got_ = (int64_t)(got);                                 \
		int64_t expected_ = (int64_t)(expected);                       \
		if (got_ != expected_) {                                       \
			printf("%s:%d: %s: expected %" PRId64 ", got %" PRId64 \
			       "\n",                                           \
			       __FILE__, __LINE__, #got, expected_, got_);     \
			unit_failures++;                                       \
		}                                                              \
	} while (0)

#define EXPECT_STREQ(got, expected)                                            \
	do {                                                                   \
		const char *got_ = (got);                                      \
		const char *expected_ = (expected);                            \
		if (!got_ || strcmp(got_, expected_)) {                        \
			printf("%s:%d: %s: expected \"%s\", got \"%s\"\n",     \
			       __FILE__, __LINE__, #got, expected_,            \
			       got_ ? got_ : "(null)");                        \
			unit_failures++;                                       \
		}                                                              \
	} while (0)

int main(int argc, char **argv)
{
	const char *wanted = argc > 1 ? argv[1] : NULL;
	const struct unit_test *test;
	int found = 0;

	for (test = unit_tests; test; test = test->next) {
		if (wanted && !strcmp(wanted, "--list")) {
			puts(test->name);
			found++;
		} else if (!wanted || !strcmp(wanted, test->name)) {
			test->run();
			found++;
		}
	}
	if (!found)
		printf("no such test: %s\n", wanted ? wanted : "(none at all)");
	return !found || unit_failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
