// SPDX-License-Identifier: MIT
/*
 * Measures misaligned loads against loads of bytes.
 *
 * No device tree tells that reliably, and it makes much of what a C library's
 * memcpy() costs.  Whether a hart does them, or traps to firmware which does,
 * a clock sees.  All harts are taken to be alike.
 */
#include <arch/misaligned.h>

#include <arch/hart.h>
#include <core/time.h>

#define ROUNDS 128
#define WORD   8

enum { UNKNOWN, SLOW, FAST };

static inline void load_word(const char *at)
{
	uint64_t word;

	__asm__ volatile("ld %0, 0(%1)" : "=r"(word) : "r"(at) : "memory");
}

static inline void load_byte(const char *at)
{
	uint64_t byte;

	__asm__ volatile("lbu %0, 0(%1)" : "=r"(byte) : "r"(at) : "memory");
}

/* Ticks of the clock for loading ROUNDS words so, at an odd address. */
static uint64_t time_of_words(const char *odd)
{
	uint64_t start = time_counter();

	for (int i = 0; i < ROUNDS; i++)
		load_word(odd);
	return time_counter() - start;
}

static uint64_t time_of_bytes(const char *odd)
{
	uint64_t start = time_counter();

	for (int i = 0; i < ROUNDS; i++)
		for (int byte = 0; byte < WORD; byte++)
			load_byte(odd + byte);
	return time_counter() - start;
}

static int measure(void)
{
	uint64_t words[2] = { 0, 0 };
	const char *odd = (const char *)words + 1;
	unsigned long flags = irq_save();
	uint64_t of_words, of_bytes;

	/* The first round warms up. */
	(void)time_of_bytes(odd);
	of_bytes = time_of_bytes(odd);
	of_words = time_of_words(odd);
	irq_restore(flags);
	return of_words < of_bytes ? FAST : SLOW;
}

bool misaligned_is_fast(void)
{
	/* Two harts may measure at once: either result will do. */
	static int speed;
	int known = __atomic_load_n(&speed, __ATOMIC_RELAXED);

	if (known == UNKNOWN) {
		known = measure();
		__atomic_store_n(&speed, known, __ATOMIC_RELAXED);
	}
	return known == FAST;
}
