// SPDX-License-Identifier: MIT
/* Time and events of the K210 simulator: tools/k210sim/event.c. */
#include "unit.h"

#include <tools/k210sim/machine.h>

static struct machine machine;
static char fired[64]; /* names of events, in the order of firing */

static void note(struct machine *of, struct event *event)
{
	(void)of;
	strcat(fired, event->owner);
}

static void start(uint64_t aclk)
{
	machine.timeline = (struct timeline){ .due = UINT64_MAX };
	machine.cycles = 0;
	fired[0] = '\0';
	event_set_aclk(&machine, aclk);
}

static void run_to(uint64_t when)
{
	machine.cycles = time_to_cycle(&machine, when);
	event_run(&machine);
}

static const uint64_t rates[] = { 26000000, 390000000, 403000000, 97500000,
				  24375000 };

TEST(a_cycle_begins_at_the_time_that_leads_to_it)
{
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		start(rates[i]);
		for (uint64_t cycle = 1; cycle < 1ull << 44; cycle = cycle * 3)
			EXPECT_EQ(time_to_cycle(&machine,
						time_of_cycle(&machine, cycle)),
				  cycle);
	}
}

TEST(a_time_leads_to_the_first_cycle_that_is_not_before_it)
{
	start(390000000);
	for (uint64_t when = 1; when < 1ull << 60; when = when * 5 + 3) {
		uint64_t cycle = time_to_cycle(&machine, when);

		EXPECT(time_of_cycle(&machine, cycle) >= when);
		EXPECT(time_of_cycle(&machine, cycle - 1) < when);
	}
}

TEST(time_goes_on_through_changes_of_aclk)
{
	start(390000000);
	machine.cycles = 390000000; /* a second */
	event_set_aclk(&machine, 26000000);
	EXPECT_EQ(time_now(&machine), PS_PER_SECOND);
	machine.cycles += 26000000;
	EXPECT_EQ(time_now(&machine), 2 * PS_PER_SECOND);
}

TEST(a_pending_event_keeps_its_time_when_aclk_changes)
{
	struct event event = { .fire = note, .owner = "a" };

	start(390000000);
	event_schedule(&machine, &event, PS_PER_SECOND);
	event_set_aclk(&machine, 26000000);
	EXPECT_EQ(machine.timeline.due, 26000000);
	run_to(PS_PER_SECOND - 1000000);
	EXPECT_EQ(strlen(fired), 0);
	run_to(PS_PER_SECOND);
	EXPECT_EQ(strlen(fired), 1);
	EXPECT_EQ(machine.timeline.due, UINT64_MAX);
}

TEST(events_fire_by_time_and_then_by_turn)
{
	struct event a = { .fire = note, .owner = "a" };
	struct event b = { .fire = note, .owner = "b" };
	struct event c = { .fire = note, .owner = "c" };
	struct event d = { .fire = note, .owner = "d" };

	start(390000000);
	event_schedule(&machine, &a, 3000000);
	event_schedule(&machine, &b, 1000000);
	event_schedule(&machine, &c, 3000000);
	event_schedule(&machine, &d, 2000000);
	event_schedule(&machine, &a, 3000000); /* moved behind c */
	event_cancel(&machine, &d);
	event_cancel(&machine, &d);
	run_to(4000000);
	EXPECT_EQ(strcmp(fired, "bca"), 0);
}

static void again(struct machine *of, struct event *event)
{
	note(of, event);
	if (strlen(fired) < 5)
		event_schedule(of, event, event->when + 1000000);
}

TEST(an_event_may_schedule_itself)
{
	struct event event = { .fire = again, .owner = "x" };

	start(390000000);
	event_schedule(&machine, &event, 0);
	run_to(3500000);
	EXPECT_EQ(strlen(fired), 4);
	event_cancel(&machine, &event);
	run_to(9000000);
	EXPECT_EQ(strlen(fired), 4);
}

TEST(very_long_times_end_at_the_last_one)
{
	start(26000000);
	EXPECT_EQ(time_of(UINT64_MAX, 1), UINT64_MAX);
	EXPECT_EQ(time_of_cycle(&machine, UINT64_MAX), UINT64_MAX);
}
