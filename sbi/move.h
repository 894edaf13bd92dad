/* SPDX-License-Identifier: MIT */
/*
 * Loads and stores, decoded as far as emulation needs it.  Pure: no hardware.
 */
#pragma once

#include <lib/types.h>

/* How an instruction moves data between a register and memory. */
struct move {
	unsigned int len; /* bytes; 0: not one of ours */
	unsigned int reg; /* number of the register */
	bool is_signed;   /* a load that extends the sign */
	bool is_fp;       /* of the floating-point registers */
	bool is_store;
};

/*
 * What does that instruction (of 2 bytes if its lowest bits are not 3, else 4)
 * move?  false: it is not a load or store of more than a byte that we know;
 * vector and quad-precision moves, AMOs, LR and SC are not.
 */
bool move_decode(uint32_t insn, struct move *move);
