// SPDX-License-Identifier: MIT
/*
 * The kernel's half of Sv39 (addresses from 0xffffffc0_00000000 up):
 *
 *   0xffffffc0_00000000  direct map: physical address + DIRECT_MAP_BASE
 *                        (128 GiB; huge pages; never executable)
 *   0xffffffe0_00000000  kernel map: devices, thread stacks with guard pages
 *                        (one root entry, 1 GiB)
 *   0xffffffff_80000000  the kernel image, linked here, loaded anywhere
 *
 * A user process owns everything below USER_TOP.
 * The upper 256 root entries are filled once at boot and then copied into each
 * address space, so no later change of the kernel's map needs to be spread.
 */
#pragma once

#define DIRECT_MAP_BASE 0xffffffc000000000
#define DIRECT_MAP_SIZE 0x2000000000
#define KMAP_BASE       0xffffffe000000000
#define KMAP_SIZE       0x40000000
#define KERNEL_BASE     0xffffffff80000000
#define USER_TOP        0x4000000000

/* The boot stack's pages show at the end of the image's 2 MiB, a hole below. */
#define BOOT_STACK_TOP (KERNEL_BASE + 0x200000)

/* Kernel stacks: four pages in debug builds, two else, a guard page under each. */
#if KEEL_DEBUG
#define KERNEL_STACK_SHIFT 14
#else
#define KERNEL_STACK_SHIFT 13
#endif
#define KERNEL_STACK_SIZE (1 << KERNEL_STACK_SHIFT)

/*
 * Each stack fills the upper half of a slot that is aligned to its size; the
 * lower half stays unmapped.  So one bit of sp tells overflow (arch/entry.S).
 */
#define KERNEL_STACK_SLOT (2 * KERNEL_STACK_SIZE)

/* Where a kernel stack overflow is reported, one for the machine. */
#define EMERGENCY_STACK_SIZE 3072
