// SPDX-License-Identifier: MIT
/*
 * Dies of a fault: the kernel must say where, and go on.
 *
 *     t_crash [read|write|jump|illegal]      (write is the default)
 */
#include <string.h>

typedef void function(void);

static void fault(const char *kind)
{
	/* Volatile pointers: the compiler is not to know where they lead. */
	volatile int *volatile nowhere = (int *)16;
	function *volatile wild = (function *)32;

	if (!strcmp(kind, "read"))
		(void)*nowhere;
	else if (!strcmp(kind, "jump"))
		wild();
	else if (!strcmp(kind, "illegal"))
		__asm__ volatile(".word 0");
	else
		*nowhere = 1;
}

int main(int argc, char **argv)
{
	fault(argc > 1 ? argv[1] : "write");
	return 0;
}
