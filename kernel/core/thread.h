// SPDX-License-Identifier: MIT
/*
 * Threads: what runs.  A kernel stack, a saved context, a state and a place in
 * a run queue.  Kernel threads are only this; a task (proc/task.h) embeds one.
 *
 * The mechanism is here and in thread.c; which thread runs next is the
 * decision of a struct sched_class that proc/ registers at boot.
 *
 * Kernel code is never pre-empted involuntarily: an interrupt that finds a
 * better thread sets THREAD_NEED_RESCHED, which is acted upon at the return to
 * user mode, when a spinlock-free kernel thread calls thread_resched_point(),
 * or when something sleeps.
 */
#pragma once

#include <sys/queue.h>
#include <sys/tree.h>

#include <lib/atomic.h>
#include <lib/types.h>

struct hart;
struct mm;
struct trap_frame;

enum thread_state {
	THREAD_RUNNABLE,        /* running, or in a run queue */
	THREAD_INTERRUPTIBLE,   /* asleep; any signal wakes it */
	THREAD_KILLABLE,        /* asleep; only a fatal signal wakes it */
	THREAD_UNINTERRUPTIBLE, /* asleep; only its event wakes it */
	THREAD_STOPPED,         /* job control */
	THREAD_DEAD             /* never runs again */
};

/* thread->flags, set from anywhere, looked at on the way to user mode. */
#define THREAD_NEED_RESCHED (1u << 0) /* let another run */
#define THREAD_SIGNAL       (1u << 1) /* signals may be pending */
#define THREAD_KILLED       (1u << 2) /* a fatal signal is pending */
#define THREAD_TRACE        (1u << 3) /* reserved for ptrace(2) */
#define THREAD_USER_WORK    0xfu /* any of the above: take the slow way out */

/*
 * The head is known to arch/entry.S through generated offsets; keep what it
 * touches first.
 *
 * [o] the thread itself or the scheduler on its hart, [r] run queue lock of
 * thread->hart, [a] atomic, [I] immutable after creation
 */
struct thread {
	/* [I] top of the kernel stack, where traps from U start */
	uintptr_t kernel_sp;
	uintptr_t user_sp;     /* [o] scratch of the trap entry */
	uintptr_t context[14]; /* [o] ra, sp, s0-s11 while switched out */
	struct hart *hart;     /* [r] where it runs, or ran last */
	atomic_t flags;        /* [a] THREAD_* */
	int state;             /* [r] enum thread_state */
	struct mm *mm;  /* [o] user address space, NULL in kernel threads */
	uint64_t *root; /* [o] page-table root that satp holds while it runs */
	atomic64_t *mm_harts; /* [o] mm->harts, or NULL: told where it runs */
	/* [o] f0-f31, fcsr while switched out and used */
	uint64_t fp_state[33];
	/* [o] whose FP registers may still be this thread's */
	struct hart *fp_hart;
	bool fp_used;     /* [o] fp_state is valid */
	bool is_user;     /* [I] embedded in a struct task */
	bool queued;      /* [r] in the class's run queue */
	uintptr_t stack;  /* [I] lowest usable address of the kernel stack */
	const char *name; /* [I] for messages; a task's is its comm */

	/* For the scheduling class. */
	RB_ENTRY(thread) run_link;     /* [r] */
	TAILQ_ENTRY(thread) run_entry; /* [r] */
	uint64_t vruntime_ns;          /* [r] */
	uint64_t run_start_ns;         /* [r] when it was put on the hart */
	uint64_t runtime_ns;           /* [r] CPU time in all */
	uint64_t user_ns;       /* [r] of which in user mode, sampled by tick */
	uint32_t weight;        /* [r] of its nice value */
	int8_t nice;            /* [r] -20 .. 19 */
	uint8_t policy;         /* [r] SCHED_* */
	uint8_t rt_priority;    /* [r] 1 .. 99 for SCHED_FIFO and SCHED_RR */
	uint64_t affinity;      /* [r] bit n: may run on the hart of index n */
	void *fs_transaction;   /* [o] file-system update it is in, or NULL */
	uint64_t nr_voluntary;  /* [r] context switches */
	uint64_t nr_preempted;  /* [r] */
	bool sleeping_on_timer; /* [o] */

#if KEEL_DEBUG
	struct lock_held {
		uint16_t depth;
		uint16_t ranks[16];
	} locks; /* [o] sleeping locks held, for the order check */
	/* [I] see core/stack_depth.h */
	bool stack_painted;
#endif
};

/*
 * The policy.  Functions are called with the run queue of the hart (or of
 * thread->hart) locked and interrupts off.
 */
struct sched_class {
	/* Ready to run (again); wakeup: it comes from sleep. */
	void (*enqueue)(struct hart *hart, struct thread *thread, bool wakeup);
	void (*dequeue)(struct hart *hart, struct thread *thread);
	/* Take the best thread out of the queue; NULL: none. */
	struct thread *(*pick_next)(struct hart *hart);
	/* The running thread has had the hart for ran_ns more. */
	void (*charge)(struct hart *hart, struct thread *thread,
		       uint64_t ran_ns);
	/* After charge(), every tick: true if another should run. */
	bool (*tick)(struct hart *hart, struct thread *thread);
	bool (*should_preempt)(struct hart *hart, struct thread *running,
			       struct thread *woken);
	/* The running thread wants to go behind the others. */
	void (*yield)(struct hart *hart, struct thread *thread);
	/* Where a woken thread should run.  Takes no lock: only a hint. */
	struct hart *(*select_hart)(struct thread *thread);
	/*
	 * Take a thread that may run on thief out of the queue of hart, or
	 * NULL.
	 */
	struct thread *(*steal)(struct hart *hart, struct hart *thief);
	/* The thread, in no queue, moves from one hart to another. */
	void (*migrate)(struct thread *thread, struct hart *from,
			struct hart *to);
	/* A tick hit a user's thread, which ran for ran_ns since it was charged
	 * last, now in user mode or not.  Interrupts off, no lock held. */
	void (*account)(struct thread *thread, uint64_t ran_ns, bool user);
	/* It will never run again and is off its stack: interrupts off, no
	 * lock held, may not sleep.  Only for threads with is_user. */
	void (*on_dead)(struct thread *thread);
};
void sched_class_register(const struct sched_class *ops);

/*
 * Give this hart, which runs on its idle thread, a run queue; scheduling works
 * after.  Needs kmalloc() and the scheduling class.
 */
void thread_init_hart(void);
/*
 * What an idle thread does for ever: run what is ready, else wait.  The caller
 * has set hart->online.
 */
__noreturn void thread_idle_loop(void);

/*
 * Make a kernel thread that runs fn(arg) and ends when fn returns.  Not started
 * before thread_wake().  NULL: no memory.  Context: thread; may sleep.
 */
struct thread *thread_create(void (*fn)(void *arg), void *arg,
			     const char *name);

/*
 * Set up an embedded thread whose first switch goes to entry(arg) in arch
 * code.
 */
__must_check int thread_init(struct thread *thread, void (*entry)(void *arg),
			     void *arg);
void thread_release(struct thread *thread); /* frees the stack; not on it */

/* Give up the hart according to the thread's state.  Context: thread, no
 * spinlock held; interrupts may be off and are restored. */
void schedule(void);
/* Stay runnable but let others go first; sched_yield(2). */
void thread_yield(void);
/* Let it run only on the harts of the mask, of which one is online.  Moves it
 * where that is needed; the caller itself before this returns. */
void thread_set_affinity(struct thread *thread, uint64_t affinity);
/* In long kernel loops: schedule if THREAD_NEED_RESCHED is set.  May sleep. */
void thread_resched_point(void);

/*
 * Sleep in the state that waitq_prepare() or thread_set_state() set, for at
 * most *left_ns (< 0: for ever), which is updated.  Returns 0 (woken, maybe
 * for nothing), -EINTR (signal, by state) or -ETIMEDOUT.
 */
int thread_sleep(int64_t *left_ns);
void thread_set_state(
	enum thread_state state); /* of the caller; full barrier */

/*
 * Make a sleeping thread runnable.  True when it was asleep.  A thread that is
 * just about to sleep is handled: the wake-up is not lost.  Context: any.
 */
bool thread_wake(struct thread *thread);
/* The same, only if its state's bit is in states (1u << THREAD_x). */
bool thread_wake_state(struct thread *thread, unsigned states);
/* Make it look at thread->flags soon, wherever it runs (IPI).  Context: any. */
void thread_kick(struct thread *thread);
/* Never returns; the scheduler drops the stack afterwards through on_dead. */
__noreturn void thread_exit(void);

/*
 * A new thread starts here, called by the first switch to it (arch/switch.S).
 */
void thread_first_run(void);

register struct thread *thread_pointer __asm__("tp");
static inline struct thread *current_thread(void)
{
	return thread_pointer;
}
