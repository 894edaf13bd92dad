/* SPDX-License-Identifier: MIT */
/*
 * What cases ask about the machine: its memory, from the device tree.
 */
#pragma once

#include <lib/types.h>

/* Remember the tree that the firmware handed over. */
void machine_init(const void *fdt);

const void *machine_tree(void);

/* The lowest range of /reserved-memory that is the firmware's, or 0. */
uint64_t machine_firmware(void);

/* Where the reservations end that begin there and lie without a gap. */
uint64_t machine_firmware_end(void);

/*
 * Are its harts of version 1.9.1 of the privileged architecture (the K210)?
 * Then paging is always on, there is no PMP, and SUM means its opposite.
 */
bool machine_is_priv19(void);

/* An address where nothing is: neither memory nor a device. */
#define ADDRESS_OF_NOTHING 0x00ff000000000000ul

/* A page and more that cases may fill as they like. */
#define SCRATCH_SIZE 16384
extern uint8_t scratch[SCRATCH_SIZE];
