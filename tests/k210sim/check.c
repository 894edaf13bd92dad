// SPDX-License-Identifier: MIT
/* See check.h. */
#include "check.h"

#define CLK_EN_PERI 0x2c
#define PERI_RESET  0x34
#define PLIC        0x0c000000ull
#define ENABLE      (PLIC + 0x2000)
#define THRESHOLD   (PLIC + 0x200000)
#define CLAIM       (PLIC + 0x200004)
#define SOURCES     65

void guest_putc(char c);

void put(const char *text)
{
	while (*text)
		guest_putc(*text++);
}

static void put_hex(uint64_t value)
{
	for (int shift = 60; shift >= 0; shift -= 4)
		guest_putc("0123456789abcdef"[value >> shift & 15]);
}

void check(const char *name, uint64_t found, uint64_t expected)
{
	put(found == expected ? "ok " : "wrong ");
	put(name);
	if (found != expected) {
		put(": ");
		put_hex(found);
		put(", ");
		put_hex(expected);
	}
	put("\n");
}

void device_on(unsigned int bit)
{
	*reg(SYSCTL + CLK_EN_PERI) |= 1u << bit;
	*reg(SYSCTL + PERI_RESET) |= 1u << bit;
	*reg(SYSCTL + PERI_RESET) &= ~(1u << bit);
}

void plic_choose(unsigned int source)
{
	for (unsigned int i = 1; i <= SOURCES; i++)
		*reg(PLIC + 4 * i) = 1;
	for (unsigned int i = 0; i < 3; i++)
		*reg(ENABLE + 4 * i) = source / 32 == i ? 1u << source % 32 : 0;
	*reg(THRESHOLD) = 0;
}

unsigned int plic_take(void)
{
	unsigned int source = *reg(CLAIM);

	*reg(CLAIM) = source;
	return source;
}
