// SPDX-License-Identifier: MIT
/* Resource limits.  process->signal_lock guards changes; readers race. */
#include <proc/limits.h>

#include <mm/page.h>
#include <proc/task.h>

#define STACK_LIMIT (8ul << 20)

/* So many threads that their stacks alone do not fill the memory. */
static uint64_t nproc_limit(void)
{
	struct mem_stats stats;

	mem_stats_get(&stats);
	return MIN(MAX(stats.total / 64, 64ul), 16384ul);
}

void limits_init(struct limits *limits)
{
	uint64_t nproc = nproc_limit();

	for (unsigned i = 0; i < RLIM_NLIMITS; i++) {
		limits->of[i].soft = RLIM_INFINITY;
		limits->of[i].hard = RLIM_INFINITY;
	}
	limits->of[RLIMIT_STACK].soft = STACK_LIMIT;
	limits->of[RLIMIT_CORE].soft = 0;
	limits->of[RLIMIT_NPROC] = (struct limit){ nproc, nproc };
	limits->of[RLIMIT_NOFILE] = (struct limit){ 1024, 4096 };
	limits->of[RLIMIT_MEMLOCK] = (struct limit){ 8 << 20, 8 << 20 };
	limits->of[RLIMIT_SIGPENDING] = (struct limit){ 1024, 1024 };
	limits->of[RLIMIT_MSGQUEUE] = (struct limit){ 819200, 819200 };
	limits->of[RLIMIT_NICE] = (struct limit){ 0, 0 };
	limits->of[RLIMIT_RTPRIO] = (struct limit){ 0, 0 };
}

uint64_t rlimit_get(unsigned resource)
{
	if (!current_thread()->is_user)
		return RLIM_INFINITY;
	return __atomic_load_n(&current->process->limits.of[resource].soft,
			       __ATOMIC_RELAXED);
}
