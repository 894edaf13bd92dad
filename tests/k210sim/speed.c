// SPDX-License-Identifier: MIT
/* Work of a common mixture: branches, loads and stores over 16 KiB. */
#include <stdint.h>

#define WORDS  4096
#define ROUNDS 100

void guest_main(void);
void guest_putc(char c);
static uint32_t words[WORDS];

static uint32_t random_word(void)
{
	static uint32_t state = 1;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

static void sift(uint32_t *heap, int at, int nr)
{
	for (int child; (child = 2 * at + 1) < nr; at = child) {
		uint32_t word = heap[at];

		if (child + 1 < nr && heap[child + 1] > heap[child])
			child++;
		if (heap[child] <= word)
			return;
		heap[at] = heap[child];
		heap[child] = word;
	}
}

static void sort(void)
{
	for (int at = WORDS / 2 - 1; at >= 0; at--)
		sift(words, at, WORDS);
	for (int nr = WORDS - 1; nr > 0; nr--) {
		uint32_t word = words[0];

		words[0] = words[nr];
		words[nr] = word;
		sift(words, 0, nr);
	}
}

void guest_main(void)
{
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < WORDS; i++)
			words[i] = random_word();
		sort();
		for (int i = 1; i < WORDS; i++)
			if (words[i - 1] > words[i])
				guest_putc('!');
	}
}
