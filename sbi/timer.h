/* SPDX-License-Identifier: MIT */
/*
 * Time and the timer of each hart: Sstc's stimecmp where the hart has it,
 * else mtimecmp of a CLINT, whose interrupt is passed on as STIP.
 */
#pragma once

#include <lib/types.h>

/* Where mtime is, for harts that have no time CSR.  Context: boot hart. */
void timer_register_mtime(uint64_t __iomem *mtime);

/*
 * A driver knows how fast time goes, better than the tree: the tree that the
 * next stage gets will say so.  Context: boot hart, before timer_init().
 */
void timer_register_hz(uint64_t hz);

/* Can timer_set() work on this hart? */
bool timer_is_present(void);

/* Prepare this hart's timer: nothing pending, nothing set. */
void timer_init_hart(void);

/* The time in ticks of the tree's timebase-frequency. */
uint64_t timer_read(void);

/* Raise STIP at that time, and not before; what was pending is over. */
void timer_set(uint64_t when);

/* An M-mode timer interrupt came: hand it to S-mode. */
void timer_interrupt(void);

/* Ticks a second, by a driver or the tree's timebase-frequency; 0: unknown. */
extern uint64_t timer_hz; /* [I] after boot */
void timer_init(const void *fdt);
int timer_fix_tree(void *fdt);
