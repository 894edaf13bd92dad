// SPDX-License-Identifier: MIT
/*
 * Out of memory: the largest process dies so that the others live.
 *
 * Its threads find THREAD_KILLED set, and may then use the reserve of pages to
 * get out of the kernel.  Only one victim at a time; meanwhile everyone who
 * needs memory waits and tries again.  init (pid 1) and processes with
 * oom_score_adj -1000 are spared.
 */
#include <core/mutex.h>
#include <core/printk.h>
#include <core/thread.h>
#include <core/time.h>
#include <mm/mm.h>
#include <mm/page.h>
#include <proc/task.h>

#include "proc_internal.h"

#define WAIT_US     2000
#define PATIENCE_NS (2 * NSEC_PER_SEC) /* for one victim to die */

static struct mutex oom_lock = MUTEX_INIT(oom_lock, LOCK_OOM);
static struct process *victim;   /* [oom_lock] the last one, referenced */
static uint64_t victim_until_ns; /* [oom_lock] when patience with it ends */

static uint64_t task_rss(struct task *task)
{
	spinlock_t *lock = &task->process->signal_lock;
	unsigned long irq = spin_lock_irqsave(lock);
	struct mm *mm = task->thread.mm;
	uint64_t rss = mm ? (uint64_t)atomic64_load(&mm->rss) : 0;

	spin_unlock_irqrestore(lock, irq);
	return rss;
}

static bool task_has_mm(struct task *task)
{
	spinlock_t *lock = &task->process->signal_lock;
	unsigned long irq = spin_lock_irqsave(lock);
	bool has = task->thread.mm != NULL;

	spin_unlock_irqrestore(lock, irq);
	return has;
}

/* Pages that its death would free, and what its owner thinks of that. */
static int64_t process_score(struct process *process, uint64_t total)
{
	struct task *task;
	int64_t score;

	if (process->pid == 1 || process->oom_score_adj <= -1000)
		return 0;
	task = process_next_thread(process, 0);
	if (!task)
		return 0;
	score = (int64_t)task_rss(task);
	task_put(task);
	if (!score)
		return 0;
	return score + process->oom_score_adj * (int64_t)(total / 1000);
}

/* The process with the highest score, referenced, or NULL. */
static struct process *largest_process(uint64_t total, int64_t *score)
{
	struct process *chosen = NULL;
	int64_t best = 0;
	int pid = 2;

	for (;;) {
		struct process *process = process_next(pid);
		int64_t its;

		if (!process) {
			*score = best;
			return chosen;
		}
		pid = process->pid + 1;
		its = process_score(process, total);
		if (its <= best) {
			process_put(process);
			continue;
		}
		if (chosen)
			process_put(chosen);
		chosen = process;
		best = its;
	}
}

/*
 * Where nobody is large the memory is in the kernel: in pipes, sockets, files
 * in memory.  Who asks for more is then the likeliest to have it.
 */
static struct process *choose_victim(uint64_t total)
{
	struct thread *thread = current_thread();
	int64_t score;
	struct process *process = largest_process(total, &score);

	if (score > (int64_t)(total / 16) || !thread->is_user ||
	    current->process->pid == 1 ||
	    current->process->oom_score_adj <= -1000)
		return process;
	if (process)
		process_put(process);
	process_get(current->process);
	return current->process;
}

/*
 * Is it on its way out?  It leaves its address space before that is freed, and
 * closes its files after it: only as a zombie it has given back everything.
 */
static bool process_is_ending(struct process *process)
{
	struct task *task = process_next_thread(process, 0);
	bool ending = task && !task_has_mm(task);

	if (task)
		task_put(task);
	return ending;
}

static bool process_is_zombie(struct process *process)
{
	bool zombie;

	spin_lock(&tasklist_lock);
	zombie = process->zombie;
	spin_unlock(&tasklist_lock);
	return zombie;
}

/* One that ends by itself, referenced, or NULL. */
static struct process *ending_process(void)
{
	struct process *process;

	for (int pid = 2; (process = process_next(pid));
	     pid = process->pid + 1) {
		if (process_is_ending(process))
			return process;
		process_put(process);
	}
	return NULL;
}

/* oom_lock held. */
static bool kill_victim(void)
{
	struct mem_stats stats;
	struct task *task;

	mem_stats_get(&stats);
	victim = choose_victim(stats.total);
	if (!victim)
		return false;
	task = process_next_thread(victim, 0);
	if (task) {
		pr_err("mm: out of memory: killed %s (pid %d), which had %lu KiB of %lu",
		       task->comm, victim->pid,
		       (unsigned long)task_rss(task) * 4,
		       (unsigned long)stats.total * 4);
		task_put(task);
	}
	(void)signal_send_process(victim, SIGKILL, NULL);
	return true;
}

/*
 * Is one dying?  If not, choose; but nobody is killed while another goes of
 * its own will.  False: there is none.  oom_lock held.
 */
static bool ensure_victim(void)
{
	bool expired = false;

	if (victim) {
		expired = !process_is_zombie(victim);
		if (expired && time_now_ns() < victim_until_ns)
			return true;
		process_put(victim);
		victim = NULL;
	}
	if (!expired)
		victim = ending_process();
	if (!victim && !kill_victim())
		return false;
	victim_until_ns = time_now_ns() + PATIENCE_NS;
	return true;
}

/* See oom_killer in mm/page.h. */
static bool oom_kill(void)
{
	bool dying;

	if (atomic_load(&current_thread()->flags) & THREAD_KILLED)
		return false;
	/* Whoever holds the lock does the deed; the others just wait. */
	if (mutex_trylock(&oom_lock)) {
		dying = ensure_victim();
		mutex_unlock(&oom_lock);
		if (!dying)
			return false;
	}
	if (atomic_load(&current_thread()->flags) & THREAD_KILLED)
		return true; /* it is ourselves: the reserve is open */
	sleep_us(WAIT_US);
	return true;
}

void oom_init(void)
{
	oom_register(oom_kill);
}
