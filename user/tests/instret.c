// SPDX-License-Identifier: MIT
/*
 * Prints how many instructions this hart has retired since its reset.  Under
 * `qemu -icount shift=0,sleep=off` that is what booting has cost so far.
 */
#include <stdio.h>

int main(void)
{
	unsigned long retired;

	__asm__ volatile("rdinstret %0" : "=r"(retired));
	printf("%lu\n", retired);
	return 0;
}
