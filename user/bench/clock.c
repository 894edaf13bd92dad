// SPDX-License-Identifier: MIT
/*
 * Rows of reading the clock: in the vDSO, and by the call.
 *
 * The vDSO is an ELF image that the kernel maps and names in AT_SYSINFO_EHDR.
 * musl does not ask it on riscv64, so its function is looked up here.
 */
#include "bench.h"

#include <elf.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define VDSO_CLOCK "__vdso_clock_gettime"

/* What dynamic linking needs of an image, at the addresses where it lies. */
struct image {
	uintptr_t bias; /* from addresses in the file to those in memory */
	const Elf64_Dyn *dynamic;
	const Elf64_Sym *symbols;
	const char *strings;
	const uint32_t *hash; /* buckets, chains: chains are symbols */
};

static void find_dynamic(struct image *image, const Elf64_Ehdr *head)
{
	const Elf64_Phdr *part =
		(const void *)((uintptr_t)head + head->e_phoff);

	for (int i = 0; i < head->e_phnum; i++) {
		if (part[i].p_type == PT_LOAD && part[i].p_offset == 0)
			image->bias = (uintptr_t)head - part[i].p_vaddr;
		if (part[i].p_type == PT_DYNAMIC)
			image->dynamic = (const void *)((uintptr_t)head +
							part[i].p_offset);
	}
}

static void find_tables(struct image *image)
{
	const Elf64_Dyn *entry;

	for (entry = image->dynamic; entry->d_tag != DT_NULL; entry++) {
		const void *at =
			(const void *)(image->bias + entry->d_un.d_ptr);

		if (entry->d_tag == DT_SYMTAB)
			image->symbols = at;
		else if (entry->d_tag == DT_STRTAB)
			image->strings = at;
		else if (entry->d_tag == DT_HASH)
			image->hash = at;
	}
}

/* The address of a function of the vDSO, or 0. */
static uintptr_t vdso_find(const char *name)
{
	const Elf64_Ehdr *head = (const void *)getauxval(AT_SYSINFO_EHDR);
	struct image image = { 0 };

	if (!head)
		return 0;
	find_dynamic(&image, head);
	if (!image.dynamic)
		return 0;
	find_tables(&image);
	if (!image.symbols || !image.strings || !image.hash)
		return 0;
	for (uint32_t i = 0; i < image.hash[1]; i++)
		if (image.symbols[i].st_shndx != SHN_UNDEF &&
		    strcmp(image.strings + image.symbols[i].st_name, name) == 0)
			return image.bias + image.symbols[i].st_value;
	return 0;
}

static int clock_vdso_run(struct bench_run *run)
{
	int (*read_clock)(clockid_t, struct timespec *) =
		(void *)vdso_find(VDSO_CLOCK);
	struct timespec now;

	if (!read_clock)
		return ENOSYS;
	BENCH_LOOP(run, read_clock(CLOCK_MONOTONIC, &now));
	return 0;
}

static int clock_call_run(struct bench_run *run)
{
	struct timespec now;

	BENCH_LOOP(run, syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now));
	return 0;
}

const struct bench_row clock_rows[] = {
	{ "clock_vdso", 50000, clock_vdso_run },
	{ "clock_call", 10000, clock_call_run },
	{},
};
