// SPDX-License-Identifier: MIT
/*
 * Runs random blocks of instructions that test_k210sim.py generates, and
 * prints what each left in registers and memory.
 */
#include <stdint.h>

#define NR_REGS      65 /* x0 to x31, f0 to f31, fcsr */
#define BUFFER_WORDS 64

uint64_t state[NR_REGS];
uint64_t buffer[BUFFER_WORDS] __attribute__((aligned(64)));

extern void (*const blocks[])(void);
extern const uint64_t initial[NR_REGS + BUFFER_WORDS];

void guest_putc(char c);
void guest_main(void);

static void print(uint64_t value)
{
	for (int shift = 60; shift >= 0; shift -= 4)
		guest_putc("0123456789abcdef"[value >> shift & 15]);
	guest_putc('\n');
}

static uint64_t hash(void)
{
	uint64_t sum = 0xcbf29ce484222325;

	for (int i = 0; i < NR_REGS; i++)
		sum = (sum ^ state[i]) * 0x100000001b3 + (sum >> 33);
	for (int i = 0; i < BUFFER_WORDS; i++)
		sum = (sum ^ buffer[i]) * 0x100000001b3 + (sum >> 33);
	return sum;
}

void guest_main(void)
{
	for (int i = 0; i < NR_REGS; i++)
		state[i] = initial[i];
	for (int i = 0; i < BUFFER_WORDS; i++)
		buffer[i] = initial[NR_REGS + i];
	for (int i = 0; blocks[i]; i++) {
		blocks[i]();
		print(hash());
	}
}
