// SPDX-License-Identifier: MIT
/*
 * Instructions of U-mode that nobody thought of: each traps, or does something,
 * and then the ecall behind it does.  Firmware that emulates has to survive all.
 */
#include <string.h>

#include <lib/csr.h>

#include "guest.h"
#include "machine.h"
#include "paging.h"
#include "trap.h"

#define ROUNDS     1500
#define DATA       (PAGING_WINDOW + 4096) /* two pages, and none behind */
#define DATA_SIZE  8192
#define INSN_ECALL 0x00000073
#define REG_A0     10

/* Without jumps and branches: they would have to be found again. */
static const uint8_t opcodes[] = {
	0x03, 0x07, 0x23, 0x27, 0x2f, /* loads, stores, atomics */
	0x73, 0x0b, 0x53, 0x57, 0x5b, /* CSRs, custom, F, V, reserved */
};

static uint64_t random_state;

static uint32_t random_bits(void)
{
	random_state = random_state * 6364136223846793005 + 1442695040888963407;
	return random_state >> 32;
}

/* A compressed load or store, or what is reserved next to them. */
static uint32_t random_compressed(void)
{
	uint32_t insn = random_bits() & 0xfffc;

	/* rs1': a0 is number 2 of the 8. */
	return random_bits() % 2 ? (insn & ~0x380u) | 2 << 7 : insn;
}

static uint32_t random_insn(void)
{
	uint32_t insn = random_bits() & ~0x7fu;
	uint32_t opcode = opcodes[random_bits() % ARRAY_SIZE(opcodes)];

	if (random_bits() % 4 == 0)
		return random_compressed();
	insn |= opcode;
	if (random_bits() % 2)
		insn = (insn & ~(31u << 15)) | REG_A0 << 15;
	/* Neither wfi and its like, nor calls: only CSRs. */
	if (opcode == 0x73 && !(insn & 7u << 12))
		insn |= 2u << 12;
	return insn;
}

CASE(trap_random_instructions_of_user_come_back)
{
	uint64_t came_back[16] = { 0 };
	unsigned int round, causes = 0, i;

	random_state = 1;
	paging_map(0, (uint64_t)scratch, PTE_X | PTE_U);
	paging_map(1, (uint64_t)scratch + 4096, PTE_R | PTE_W | PTE_U);
	paging_map(2, (uint64_t)scratch + 12288, PTE_R | PTE_W | PTE_U);
	paging_map(3, 0, 0);
	paging_on();
	for (round = 0; round < ROUNDS; round++) {
		uint32_t code[] = { random_insn(), INSN_ECALL };
		size_t len = (code[0] & 3) == 3 ? 4 : 2;
		uint64_t data = DATA + random_bits() % DATA_SIZE;
		struct trap trap;

		memcpy(scratch, &code[0], len);
		memcpy(scratch + len, &code[1], sizeof(code[1]));
		__asm__ volatile("fence.i" ::: "memory");
		trap_catch_user((void (*)(void *))PAGING_WINDOW, (void *)data,
				&trap);
		if (trap.cause >= ARRAY_SIZE(came_back) ||
		    trap.epc < PAGING_WINDOW ||
		    trap.epc > PAGING_WINDOW + len) {
			fail("%#x: cause %#lx at %#lx", code[0], trap.cause,
			     trap.epc);
			break;
		}
		came_back[trap.cause]++;
	}
	paging_off();
	for (i = 0; i < ARRAY_SIZE(came_back); i++)
		causes += came_back[i] != 0;
	expect_true("some are done, illegal, or fault", causes > 3);
}
