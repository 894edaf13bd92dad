// SPDX-License-Identifier: MIT
/* Numbers of processes: kernel/proc/pid.c. */
#include "unit.h"

#include <proc/pid.h>

#include <lib/errno.h>
#include <lib/types.h>

void panic(const char *fmt, ...);
void panic(const char *fmt, ...)
{
	puts(fmt);
	abort();
}

TEST(first_number_is_one)
{
	pid_init();
	EXPECT_EQ(pid_alloc(), 1);
	EXPECT_EQ(pid_alloc(), 2);
}

TEST(freed_numbers_come_back_late)
{
	pid_init();
	EXPECT_EQ(pid_alloc(), 1);
	pid_free(1);
	EXPECT_EQ(pid_alloc(), 2);
}

TEST(second_round_leaves_low_numbers_alone)
{
	int pid;

	pid_init();
	do {
		pid = pid_alloc();
		if (pid > 1)
			pid_free(pid);
	} while (pid < PID_MAX - 1);
	EXPECT_EQ(pid_alloc(), PID_FIRST_AGAIN);
}

TEST(numbers_run_out_and_come_back)
{
	static bool seen[PID_MAX];
	int n = 0;
	int pid;

	pid_init();
	while ((pid = pid_alloc()) > 0) {
		EXPECT(pid < PID_MAX && !seen[pid]);
		seen[pid] = true;
		n++;
	}
	EXPECT_EQ(pid, -EAGAIN);
	EXPECT_EQ(n, PID_MAX - 1);
	pid_free(12345);
	EXPECT_EQ(pid_alloc(), 12345);
}
