// SPDX-License-Identifier: MIT
/* See guest.h. */
#include "guest.h"

void put(const char *text)
{
	while (*text)
		guest_putc(*text++);
}

void put_hex(uint64_t value)
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

/* gcc may call these for copies and fills of its own. */
void *memset(void *target, int value, size_t len);
void *memcpy(void *target, const void *source, size_t len);

void *memset(void *target, int value, size_t len)
{
	volatile uint8_t *bytes = target;

	while (len--)
		bytes[len] = (uint8_t)value;
	return target;
}

void *memcpy(void *target, const void *source, size_t len)
{
	volatile uint8_t *to = target;
	const volatile uint8_t *from = source;

	while (len--)
		to[len] = from[len];
	return target;
}
