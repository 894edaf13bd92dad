// SPDX-License-Identifier: MIT
/*
 * Checking ELF programs: System V gABI, chapters 4 and 5, and the RISC-V psABI.
 *
 * Nothing of a file is believed: what elf_parse() lets through can be mapped
 * by simple arithmetic that cannot overflow.  Pure; also built on the host.
 */
#pragma once

#include <linux/elf.h>

#include <lib/types.h>

#define ELF_PHDRS_MAX    64 /* program headers that we look at */
#define ELF_SEGMENTS_MAX 16 /* PT_LOAD */
#define ELF_INTERP_MAX   256

/* A part of the file, and where it goes relative to the load bias. */
struct elf_segment {
	uint64_t vaddr;
	uint64_t mem_size;  /* > 0 */
	uint64_t file_size; /* <= mem_size */
	uint64_t offset;    /* as vaddr modulo the page size */
	uint32_t flags;     /* PF_R | PF_W | PF_X */
};

struct elf_image {
	bool is_dynamic;      /* ET_DYN: may be loaded anywhere */
	uint64_t entry;       /* as linked */
	uint64_t low, high;   /* page-aligned span of all segments */
	uint64_t phdr_vaddr;  /* program headers in memory; 0: not there */
	uint64_t phdr_offset; /* in the file */
	uint16_t nr_phdrs;
	uint64_t interp_offset; /* path in the file */
	uint64_t interp_size;   /* with NUL; 0: no interpreter */
	bool exec_stack;        /* PT_GNU_STACK asks for it */
	unsigned nr_segments;
	struct elf_segment segments[ELF_SEGMENTS_MAX]; /* rising, disjoint */
};

/*
 * Check the file header; len bytes of the file are there, which is file_size
 * long.  0: image has what the header says, and the program headers
 * (nr_phdrs of 56 bytes at phdr_offset) lie within the file.  -ENOEXEC.
 */
int elf_check_header(const void *data, size_t len, uint64_t file_size,
		     struct elf_image *image);

/*
 * Check the program headers and fill the rest of *image.  Addresses have to
 * lie in [low_limit, high_limit), for ET_DYN relative to a bias, that is below
 * high_limit - low_limit.  0 or -ENOEXEC.
 */
int elf_parse_phdrs(const struct elf64_phdr *phdrs, uint64_t file_size,
		    uint64_t low_limit, uint64_t high_limit,
		    struct elf_image *image);
