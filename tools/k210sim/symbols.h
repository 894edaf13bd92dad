// SPDX-License-Identifier: MIT
/*
 * Names for addresses, from the symbol tables of ELF files.
 *
 * They are read at the start and kept, sorted, for as long as the program
 * runs.  Files may overlap: the nearest symbol below an address names it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct symbol {
	uint64_t address;
	uint64_t size; /* 0: not known */
	const char *name;
};

struct symbols {
	struct symbol *table;
	size_t count;
};

/*
 * Add what an ELF64 file of RISC-V defines.  False: it is no such file, is
 * damaged or has no symbols, and standard error has been told.
 */
bool symbols_load(struct symbols *symbols, const char *path);

/* Print " <name+0x10>", or nothing if no symbol reaches to the address. */
void symbols_print(const struct symbols *symbols, FILE *file, uint64_t address);
