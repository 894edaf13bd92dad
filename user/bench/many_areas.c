// SPDX-License-Identifier: MIT
/* Rows that might cost more the more areas are mapped: size of them. */
#include "bench.h"

#include <sys/mman.h>
#include <unistd.h>

#define PAGE        4096ul
#define FAULT_PAGES 256ul

/* Pages that may be written, and such that may not, in turn: none merges. */
static char *areas_map(unsigned long count)
{
	char *at = mmap(NULL, count * PAGE, PROT_READ,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (unsigned long i = 0; at != MAP_FAILED && i < count; i += 2)
		if (mprotect(at + i * PAGE, PAGE, PROT_READ | PROT_WRITE))
			return MAP_FAILED;
	return at;
}

static int mmap_among_run(struct bench_run *run)
{
	char *areas = areas_map(run->size);
	int error = 0;

	if (areas == MAP_FAILED)
		return errno;
	BENCH_LOOP(run, {
		void *at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (at == MAP_FAILED)
			error = errno;
		munmap(at, PAGE);
	});
	munmap(areas, run->size * PAGE);
	return error;
}

/* An operation is the fault of one page, in an area between the others. */
static int fault_among_run(struct bench_run *run)
{
	unsigned long count = run->count;
	char *before = areas_map(run->size / 2 + 1);
	char *at = mmap(NULL, FAULT_PAGES * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *behind = areas_map(run->size / 2 + 1);

	if (before == MAP_FAILED || at == MAP_FAILED || behind == MAP_FAILED)
		return errno;
	madvise(at, FAULT_PAGES * PAGE, MADV_NOHUGEPAGE);
	run->count = FAULT_PAGES;
	for (unsigned long done = 0; done < count; done += FAULT_PAGES) {
		BENCH_LOOP(run, at[i_ * PAGE] = 1);
		madvise(at, FAULT_PAGES * PAGE, MADV_DONTNEED);
	}
	run->count = run->loops;
	return 0;
}

/* Half of the areas have a page. */
static int fork_with_run(struct bench_run *run)
{
	char *areas = areas_map(run->size);
	int error = 0;

	if (areas == MAP_FAILED)
		return errno;
	for (unsigned long i = 0; i < run->size; i += 2)
		areas[i * PAGE] = 1;
	BENCH_LOOP(run, error |= bench_fork_once());
	munmap(areas, run->size * PAGE);
	return error;
}

const struct bench_row many_areas_rows[] = {
	{ "mmap_among", 1000, mmap_among_run },
	{ "fault_among", 1024, fault_among_run },
	{ "fork_with_areas", 20, fork_with_run },
	{},
};
