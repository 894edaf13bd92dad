// SPDX-License-Identifier: MIT
/*
 * Tasks: threads of user processes, and the processes that they form.
 *
 * A task is a thread with identity: pid, parent, credentials and references to
 * what clone(2) shares or copies (address space, files, working directory,
 * signal handlers).  Tasks that share a struct process are the threads of one
 * process: one pid to the outside (tgid), one parent, one exit status.
 *
 * Life of a process: task_clone() -> runs -> the last task_exit() leaves a
 * zombie, which is its struct process, its leader without a stack, and its
 * number -> wait4() of the parent (or nobody, if the parent does not care)
 * frees it.  Other threads than the leader vanish as they exit.
 */
#pragma once

#include <sys/queue.h>
#include <sys/tree.h>

#include <core/mutex.h>
#include <core/refcount.h>
#include <core/thread.h>
#include <core/time.h>
#include <core/waitq.h>
#include <proc/cred.h>
#include <proc/itimer.h>
#include <proc/limits.h>
#include <proc/signal.h>

struct files;
struct fs_context;
struct mm;
struct process;
struct tty;

#define TASK_COMM_LEN 16

/*
 * [o] the task itself, [t] tasklist lock, [s] process->signal_lock,
 * [I] immutable, [a] atomic.  What is "[o, s]" only the task changes, holding
 * the lock; it reads without, others with the lock.
 */
struct task {
	struct thread thread; /* first: current_thread() is current */
	/* [a] running, leader of a process, finders */
	refcount_t refs;
	/* [t] of this thread (gettid); exec may change it */
	int pid;
	struct process *process; /* [I] one reference */
	struct files *files;     /* [o, s] NULL once it exits */
	struct fs_context *fs;   /* [o, s] NULL once it exits */
	const struct cred *cred; /* [o, s] replaced, never changed */
	sigset_t blocked;        /* [o, s] */
	/* [o] sigsuspend, ppoll: restore on the way out */
	sigset_t saved_blocked;
	bool restore_blocked;      /* [o] */
	uint64_t awaited;          /* [o, s] sigtimedwait(2) waits for these */
	struct sigpending pending; /* [s] for this thread alone */
	stack_t sigaltstack;       /* [o] */
	char comm[TASK_COMM_LEN];  /* [o, s] */
	/* [s] past the point where it can take signals */
	bool exiting;
	int __user *clear_child_tid;        /* [o] */
	void __user *robust_list;           /* [o] struct robust_list_head */
	long (*restart)(struct task *task); /* [o] restart_syscall(2) */
	uint64_t restart_data[4];           /* [o] its arguments */
	bool in_vfork;           /* [a] the parent waits for exec or exit */
	struct waitq vfork_wait; /* the parent, while in_vfork */
	unsigned personality;    /* [o] */
	/* [o] prctl(PR_SET_TIMERSLACK); only remembered */
	unsigned timer_slack_ns;
	int parent_death_signal;                   /* [o] PR_SET_PDEATHSIG */
	bool no_new_privs;                         /* [o] */
	uint64_t nr_major_faults, nr_minor_faults; /* [o] for getrusage(2) */
	TAILQ_ENTRY(task) thread_link; /* [t and s] of process->threads */
	LIST_ENTRY(task) pid_link;     /* [t] pid hash */
};

struct process {
	refcount_t refs; /* [a] */
	int pid;         /* [I] getpid() */
	/* [t] one reference; never NULL until reaped */
	struct task *leader;
	struct process *parent;         /* [t] NULL: init, or reaped */
	TAILQ_HEAD(, process) children; /* [t] */
	TAILQ_ENTRY(process) sibling;   /* [t] */
	/* [t and s to change, either to look] live ones */
	TAILQ_HEAD(, task) threads;
	unsigned nr_threads; /* [t and s, as threads] */
	int pgid, sid;       /* [t] */
	struct tty *tty;     /* [t] controlling terminal, or NULL */
	/* [o by the last thread] shared by CLONE_SIGHAND */
	struct sighand *sighand;
	spinlock_t signal_lock;    /* rank LOCK_SIGHAND; irqsave */
	struct sigpending pending; /* [s] for the whole process */
	/* [s] siginfo held by both kinds of pending */
	unsigned nr_sigqueued;
	/* wait4() sleeps here, exec for other threads */
	struct waitq child_wait;
	bool exiting;        /* [s] all threads are to end */
	int group_exit_code; /* [s] */
	/* [s] the thread that outlives its siblings, or NULL */
	struct task *exec_task;
	/* [s] a stop signal was taken and no SIGCONT has come since */
	bool stop_taken;
	/* [s] threads stop on the way to user mode */
	bool stopped;
	/* [s] signal to report by WUNTRACED, 0: reported */
	int stop_code;
	bool continued;      /* [s] to report by WCONTINUED */
	bool tell_continued; /* [s] a thread is to send SIGCHLD for it */
	/* [t] all threads are gone, waiting for wait4() */
	bool zombie;
	int exit_code;        /* [t] as wait4() reports it */
	int exit_signal;      /* [t] to the parent */
	bool did_exec;        /* [t] for setpgid() */
	bool is_subreaper;    /* [t] orphans below come to it */
	bool dumpable;        /* [racy] */
	struct limits limits; /* [s to change] */
	uint64_t start_ns;    /* [I] */
	uint64_t dead_runtime_ns, dead_user_ns;  /* [t] of ended threads */
	uint64_t dead_voluntary, dead_preempted; /* [t] their switches */
	uint64_t dead_minor_faults, dead_major_faults; /* [t] */
	/* [t] of waited-for children */
	uint64_t child_runtime_ns, child_user_ns;
	uint64_t child_minor_faults, child_major_faults; /* [t] */
	uint64_t max_rss_pages, child_max_rss_pages;     /* [t] */
	struct timer itimer_real;                        /* [own] */
	uint64_t itimer_real_interval_ns;                /* [s] 0: once */
	struct itimer itimer_prof, itimer_virtual;       /* [s] */
	uint64_t limited_cpu_ns;         /* [s] for RLIMIT_CPU */
	struct mutex timers_lock;        /* over calls about timers */
	LIST_HEAD(, posix_timer) timers; /* [timers_lock and s] */
	unsigned nr_timers;              /* [timers_lock and s] */
	int next_timer_id;               /* [timers_lock and s] */
	RB_ENTRY(process) link;          /* [t] all processes in order of pid */
	int oom_score_adj;               /* [racy] */
};

static inline struct task *task_of_thread(struct thread *thread)
{
	return (struct task *)thread;
}
/* The running task; only in threads that belong to one (thread.is_user). */
#define current task_of_thread(current_thread())

/*
 * Guards the tree of processes, the groups and the pid hash.  Not for
 * interrupts.
 */
extern spinlock_t tasklist_lock;

/* A live thread or a process by number, with a reference; NULL: no such.
 * Thread context; take the tasklist lock. */
struct task *task_find(int pid);
struct process *process_find(int pid);
void task_put(struct task *task);
void process_put(struct process *process);
static inline void task_get(struct task *task)
{
	refcount_get(&task->refs);
}
static inline void process_get(struct process *process)
{
	refcount_get(&process->refs);
}
/*
 * The process with the smallest pid >= pid, referenced; NULL: none.  For
 * procfs.
 */
struct process *process_next(int pid);
/* The live thread with the smallest pid >= pid, referenced; NULL: none. */
struct task *process_next_thread(struct process *process, int pid);

/* Another task's address space, files or working directory with a reference
 * (NULL: it has none any more).  Thread context; signal_lock is taken. */
struct mm *task_get_mm(struct task *task);
struct files *task_get_files(struct task *task);
struct fs_context *task_get_fs(struct task *task);
const struct cred *task_get_cred(struct task *task);
/* Replace what the current task has; the old one is the caller's to put. */
void task_set_files(struct files *files);
void task_set_fs(struct fs_context *fs);

/* CPU time in nanoseconds: all, and in user mode, of live and ended threads. */
void process_cpu_time(struct process *process, uint64_t *total_ns,
		      uint64_t *user_ns);

/*
 * What clone(2), fork and vfork come to.  args as clone3(2); the new pid or
 * -errno.
 */
struct clone_args; /* <linux/sched.h> */
long task_clone(const struct clone_args *args);
/*
 * execve(2); argv, envp are user pointers.  0 (the user frame is set) or
 * -errno; past the point of no return an error kills the process.
 */
long task_exec(int dirfd, const char __user *name,
	       const char __user *const __user *argv,
	       const char __user *const __user *envp, int flags);
/* The same from the kernel, for the first process. */
int task_exec_kernel(const char *name, const char *const *argv,
		     const char *const *envp);
/* this thread; code as wait4() has it */
__noreturn void task_exit(int code);
__noreturn void task_exit_group(int code); /* the whole process */

/*
 * Start pid 1 from the root file system: init= option, /sbin/init, /etc/init,
 * /bin/init, /bin/sh; rdinit= or /init on the initramfs.  Panics when none can
 * be started, saying what was tried.
 */
void proc_start_init(void);
void proc_init(void); /* caches, pid 1's credentials, trap ops */

/* --- Job control (process_group.c); thread context ------------------- */

/* getppid(2), setpgid(2), setsid(2): a number, 0, or their errors. */
int process_parent_pid(struct process *process);
int process_set_pgid(int pid, int pgid);
int process_start_session(void);
/* Signal every process of a group; 0, -ESRCH. */
int pgrp_signal(int pgid, int signo);
/* Is there any process in the group? */
bool pgrp_exists(int pgid);
/* Does the group exist in session sid? */
bool pgrp_is_in_session(int pgid, int sid);
/* The controlling terminal of the current process, and a new one for it (NULL:
 * none).  Take the tasklist lock. */
struct tty *process_tty(void);
void process_set_tty(struct tty *tty);
/* True if background job control rules make the group orphaned. */
bool pgrp_is_orphaned(int pgid);
