// SPDX-License-Identifier: MIT
/* CLINT, case by case; ACLK is 26 MHz, so mtime counts at 520 kHz. */
#include "../board/guest.h"

#define MSIP(hart)     (CLINT + 4ull * (hart))
#define MTIMECMP(hart) (CLINT + 0x4000ull + 8 * (hart))
#define MTIME          (CLINT + 0xbff8ull)
#define MSIE           (1u << 3)
#define MTIE           (1u << 7)
#define NEVER          UINT64_MAX

void guest_main(void);

static uint64_t mip(void)
{
	uint64_t value;

	asm volatile("csrr %0, mip" : "=r"(value));
	return value;
}

/* Sleep until an interrupt of mask is pending; none is ever taken. */
static void sleep_until(uint32_t mask)
{
	asm volatile(
		"csrw mie, %0\n\twfi\n\tcsrw mie, zero" ::"r"((uint64_t)mask));
}

static void check_software(void)
{
	check("clint_msip_is_clear_on_hart_0", get(MSIP(0)), 0);
	set(MSIP(0), 0xffffffff);
	check("clint_msip_has_one_bit", get(MSIP(0)), 1);
	check("clint_msip_is_a_level", mip() & MSIE, MSIE);
	sleep_until(MSIE);
	check("clint_msip_wakes_without_mstatus_mie", mip() & MSIE, MSIE);
	set(MSIP(0), 0);
	check("clint_msip_goes_when_cleared", mip() & MSIE, 0);
	set(MSIP(1), 1);
	check("clint_msip_of_the_other_hart_is_its_own", mip() & MSIE, 0);
	set(MSIP(1), 0);
}

static void check_timer(void)
{
	uint64_t start;

	check("clint_mtimecmp_is_garbage_at_first",
	      *reg64(MTIMECMP(0)) != *reg64(MTIMECMP(1)), 1);
	*reg64(MTIMECMP(0)) = NEVER;
	*reg64(MTIMECMP(1)) = NEVER;
	check("clint_mtip_waits_for_its_time", mip() & MTIE, 0);
	*reg64(MTIMECMP(0)) = mtime();
	check("clint_mtip_comes_at_its_time", mip() & MTIE, MTIE);
	*reg64(MTIMECMP(0)) = NEVER;
	check("clint_mtip_is_a_level", mip() & MTIE, 0);
	*reg64(MTIMECMP(0)) = 0;
	check("clint_mtip_compares_unsigned", mip() & MTIE, MTIE);
	set(MTIMECMP(0), 0xffffffff);
	set(MTIMECMP(0) + 4, 0x12345678);
	check("clint_mtimecmp_has_halves", *reg64(MTIMECMP(0)),
	      0x12345678ffffffff);

	start = cycles();
	*reg64(MTIMECMP(0)) = mtime() + 100;
	sleep_until(MTIE);
	check("clint_mtime_counts_every_50_cycles",
	      (cycles() - start + 50) / 100, 50);
}

static void check_mtime(void)
{
	uint64_t now;

	*reg64(MTIME) = 0xfffffffffull;
	now = mtime();
	check("clint_mtime_is_writable",
	      now >> 4 == 0xffffffff || now == 0x1000000000, 1);
	set(MTIME + 4, 7);
	check("clint_mtime_has_halves", get(MTIME + 4), 7);
	check("clint_writes_of_mtime_move_mtip", mip() & MTIE, MTIE);
	*reg64(MTIME) = 0;
	*reg64(MTIMECMP(0)) = NEVER;
}

void guest_main(void)
{
	check_software();
	check_timer();
	check_mtime();
}
