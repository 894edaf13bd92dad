/* SPDX-License-Identifier: MIT */
/*
 * A small address space for cases that need one: Sv39, everything below 256 GiB
 * mapped to itself in gigapages, and a window of single pages that cases fill.
 */
#pragma once

#include <lib/types.h>

#define PTE_V 0x01
#define PTE_R 0x02
#define PTE_W 0x04
#define PTE_X 0x08
#define PTE_U 0x10
#define PTE_A 0x40
#define PTE_D 0x80

#define PAGING_WINDOW       0x3fc0000000ul
#define PAGING_WINDOW_PAGES 4

/*
 * Map the nth page of the window to a physical page with these PTE_ bits, or
 * to nothing where they are 0.  Does not fence.
 */
void paging_map(unsigned int nth, uint64_t page, uint64_t bits);

/* As paging_map(), with the PTE as it is. */
void paging_map_bits(unsigned int nth, uint64_t pte);

/* Likewise the 2 MiB at PAGING_SUPERPAGE, with the PTE as it is. */
#define PAGING_SUPERPAGE (PAGING_WINDOW + 0x200000)
void paging_map_superpage(uint64_t pte);

/* The PTE for a page with these bits, as paging_map() makes it. */
uint64_t paging_leaf(uint64_t page, uint64_t bits);

/* Run this hart in that address space, and back without one. */
void paging_on(void);
void paging_off(void);

/* Between those two on this hart? */
bool paging_is_on(void);

/* What satp reads as after paging_off(): 0, or where it can't be off. */
uint64_t paging_satp_off(void);

/*
 * In an address space where U-mode may use the first 4 GiB: for machines of
 * privileged version 1.9.1, where U-mode always has one (machine.h).
 */
void paging_on_for_user(void);
