// SPDX-License-Identifier: MIT
/*
 * PLIC, case by case.  TIMER0 and TIMER1 are its sources: levels that stay
 * until they are told to go.
 */
#include "../board/guest.h"

#define TIMER(unit)  (0x502d0000ull + 0x10000 * (unit))
#define LOAD         0x00
#define CONTROL      0x08
#define EOI          0x0c
#define RUN          3u /* and begin at LOAD */
#define GATE_TIMER0  21
#define FIRST_SOURCE 14
#define SOURCE       16
#define SOURCES      66
#define CONTEXTS     4
#define PENDING      (PLIC + 0x1000ull)
#define MEIP         (1u << 11)
#define SEIP         (1u << 9)

void guest_main(void);

static uint64_t priority(unsigned int source)
{
	return PLIC + 4ull * source;
}

static uint64_t enable(unsigned int context, unsigned int source)
{
	return PLIC + 0x2000ull + 0x80 * context + source / 32 * 4;
}

static uint64_t threshold(unsigned int context)
{
	return PLIC + 0x200000ull + 0x1000 * context;
}

static uint64_t claim(unsigned int context)
{
	return threshold(context) + 4;
}

static uint32_t mip(void)
{
	uint64_t value;

	asm volatile("csrr %0, mip" : "=r"(value));
	return (uint32_t)value;
}

static uint32_t bit(unsigned int source)
{
	return 1u << source % 32;
}

/* Let a timer raise its level, once for all. */
static void ask(unsigned int unit)
{
	device_on(GATE_TIMER0 + unit);
	set(TIMER(unit) + LOAD, 1);
	set(TIMER(unit) + CONTROL, RUN);
	while (!(get(PENDING) & bit(FIRST_SOURCE + 2 * unit)))
		;
}

/* Nothing has a reset value, so what was there is any combination. */
static void check_reset(void)
{
	uint32_t differ = 0;

	for (unsigned int i = 1; i < SOURCES; i++)
		differ |= get(priority(i)) ^ get(priority(1));
	check("plic_priorities_are_garbage_at_first", differ != 0, 1);
	for (unsigned int i = 1; i < SOURCES; i++)
		set(priority(i), 0);
	for (unsigned int i = 0; i < CONTEXTS; i++) {
		set(threshold(i), 0);
		for (unsigned int source = 0; source < SOURCES; source += 32)
			set(enable(i, source), 0);
	}
	set(priority(1), 0xff);
	check("plic_priorities_have_3_bits", get(priority(1)), 7);
	set(priority(1), 0);
	check("plic_claims_0_if_there_is_nothing", get(claim(0)), 0);
}

static void check_gateway(void)
{
	set(priority(SOURCE), 1);
	set(enable(0, SOURCE), bit(SOURCE));
	ask(1);
	check("plic_shows_what_is_pending", get(PENDING), bit(SOURCE));
	check("plic_raises_meip", mip() & MEIP, MEIP);
	check("plic_gives_the_source", get(claim(0)), SOURCE);
	check("plic_claim_takes_it", mip() & MEIP, 0);
	set(enable(0, SOURCE), 0);
	set(claim(0), SOURCE);
	set(enable(0, SOURCE), bit(SOURCE));
	check("plic_ignores_completion_while_disabled", mip() & MEIP, 0);
	set(claim(0), 0);
	set(claim(0), 1023);
	check("plic_ignores_completion_of_others", mip() & MEIP, 0);
	set(claim(0), SOURCE);
	check("plic_completed_level_is_pending_again", mip() & MEIP, MEIP);
}

static void check_thresholds(void)
{
	set(threshold(0), 1);
	check("plic_threshold_holds_back_equals", mip() & MEIP, 0);
	check("plic_claim_ignores_the_threshold", get(claim(0)), SOURCE);
	set(claim(0), SOURCE);
	set(threshold(0), 0);
	set(priority(SOURCE), 0);
	check("plic_priority_0_never_comes", mip() & MEIP, 0);
	check("plic_priority_0_is_never_claimed", get(claim(0)), 0);
	set(priority(SOURCE), 1);
}

/* Context 1 is hart 0's S-mode, which gets nothing; 2 is hart 1's M-mode. */
static void check_contexts(void)
{
	set(enable(0, SOURCE), 0);
	set(enable(1, SOURCE), bit(SOURCE));
	check("plic_s_contexts_never_arrive", mip() & (SEIP | MEIP), 0);
	check("plic_s_contexts_claim", get(claim(1)), SOURCE);
	set(claim(1), SOURCE);
	set(enable(1, SOURCE), 0);
	set(enable(2, SOURCE), bit(SOURCE));
	check("plic_other_hart_s_is_not_ours", mip() & MEIP, 0);
	set(enable(0, SOURCE), bit(SOURCE));
	check("plic_one_claims_what_two_may", get(claim(2)), SOURCE);
	check("plic_the_other_finds_nothing", get(claim(0)), 0);
	set(claim(2), SOURCE);
	set(enable(2, SOURCE), 0);
}

static void check_order(void)
{
	set(priority(FIRST_SOURCE), 1);
	set(enable(0, SOURCE), bit(SOURCE) | bit(FIRST_SOURCE));
	ask(0);
	check("plic_lower_number_wins_a_tie", get(claim(0)), FIRST_SOURCE);
	check("plic_then_the_next", get(claim(0)), SOURCE);
	set(claim(0), FIRST_SOURCE);
	set(claim(0), SOURCE);
	set(priority(SOURCE), 2);
	check("plic_higher_priority_wins", get(claim(0)), SOURCE);
	for (unsigned int i = 0; i < 2; i++) {
		set(TIMER(i) + CONTROL, 0);
		(void)get(TIMER(i) + EOI);
	}
	check("plic_pending_stays_without_its_level", get(PENDING),
	      bit(FIRST_SOURCE));
}

void guest_main(void)
{
	check_reset();
	check_gateway();
	check_thresholds();
	check_contexts();
	check_order();
}
