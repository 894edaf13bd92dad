// SPDX-License-Identifier: MIT
/* gcc calls these for copies and fills of its own. */
#include "guest.h"

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
