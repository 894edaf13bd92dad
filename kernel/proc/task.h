// SPDX-License-Identifier: MIT
/*
 * Tasks: threads of user processes, and the processes that they form.
 *
 * A task is a thread with identity: pid, parent, credentials and references to
 * what clone(2) shares or copies (address space, files, working directory,
 * signal handlers).  Tasks that share a struct process are the threads of one
 * process: one pid to the outside (tgid), one parent, one exit status.
 *
 * Life: task_clone() -> runs -> task_exit() leaves a zombie that only holds its number and
 * status -> wait4() of the parent (or nobody, for threads) frees it.
 */
#pragma once

#include <sys/queue.h>

#include <core/thread.h>
#include <core/waitq.h>
#include <core/refcount.h>
#include <proc/cred.h>
#include <proc/signal.h>

struct files;
struct fs_context;
struct mm;
struct process;
struct tty;

#define TASK_COMM_LEN 16

/*
 * [o] the task itself, [t] tasklist lock, [s] process->signal_lock,
 * [I] immutable, [a] atomic
 */
struct task {
	struct thread thread;      /* first: current_thread() is current */
	refcount_t refs;           /* [a] */
	int pid;                   /* [I] of this thread (gettid) */
	struct process *process;   /* [I] */
	struct files *files;       /* [o; s for others to look] */
	struct fs_context *fs;     /* [o; s for others to look] */
	const struct cred *cred;   /* [o; s for others to look] replaced, never changed */
	sigset_t blocked;          /* [s for writing] */
	sigset_t saved_blocked;    /* [o] sigsuspend, ppoll: restore on the way out */
	bool restore_blocked;      /* [o] */
	struct sigpending pending; /* [s] for this thread alone */
	stack_t sigaltstack;       /* [o] */
	char comm[TASK_COMM_LEN];  /* [s] */
	bool kernel_copying;       /* [o] */
	int exit_code;             /* [t] as wait4() reports it */
	int __user *clear_child_tid; /* [o] */
	void __user *robust_list;  /* [o] */
	long (*restart)(struct task *task); /* [o] restart_syscall(2) */
	uint64_t restart_data[4];  /* [o] its arguments */
	TAILQ_ENTRY(task) thread_link; /* [t] of process->threads */
	LIST_ENTRY(task) pid_link; /* [pid hash] */
};

struct process {
	refcount_t refs;           /* [a] */
	int pid;                   /* [I] getpid() */
	struct task *leader;       /* [t] */
	struct process *parent;    /* [t] */
	TAILQ_HEAD(, process) children; /* [t] */
	TAILQ_ENTRY(process) sibling;   /* [t] */
	TAILQ_HEAD(, task) threads; /* [t] */
	unsigned nr_threads;       /* [t] */
	int pgid, sid;             /* [t] */
	struct tty *tty;           /* [t] controlling terminal, or NULL */
	struct sighand *sighand;   /* [I] shared by CLONE_SIGHAND */
	spinlock_t signal_lock;    /* rank LOCK_SIGHAND; irqsave */
	struct sigpending pending; /* [s] for the whole process */
	struct waitq child_wait;   /* wait4() sleeps here */
	bool exiting;              /* [s] group exit in progress */
	int group_exit_code;       /* [s] */
	bool stopped;              /* [s] */
	int stop_code;             /* [s] signal to report by WUNTRACED, 0: reported */
	bool continued;            /* [s] to report by WCONTINUED */
	bool zombie;               /* [t] all threads are gone, waiting for wait4() */
	int exit_signal;           /* [I] to the parent */
	bool did_exec;             /* [t] for setpgid() */
	struct rlimit64_table *limits; /* [s] */
	uint64_t start_ns;         /* [I] */
	uint64_t dead_runtime_ns, dead_user_ns;   /* [t] of ended threads */
	uint64_t child_runtime_ns, child_user_ns; /* [t] of waited-for children */
	struct timer *itimer_real; /* [s] */
	TAILQ_ENTRY(process) link; /* [t] all processes in order of pid, for procfs */
	int oom_score_adj;         /* [racy] */
};

static inline struct task *task_of_thread(struct thread *thread)
{
	return (struct task *)thread;
}
/* The running task; only in threads that belong to one (thread.is_user). */
#define current task_of_thread(current_thread())

/* By pid, with a reference; NULL: no such.  Any thread context. */
struct task *task_find(int pid);
struct process *process_find(int pid);
void task_put(struct task *task);
void process_put(struct process *process);
/* The process with the smallest pid >= pid, referenced; NULL: none.  For procfs. */
struct process *process_next(int pid);

/* What clone(2), fork and vfork come to.  args as clone3(2); the new pid or -errno. */
struct clone_args; /* <linux/sched.h> */
long task_clone(const struct clone_args *args);
/* execve(2); argv, envp are user pointers.  0 (the frame is set) or -errno. */
long task_exec(int dirfd, const char __user *name, const char __user *const __user *argv,
	       const char __user *const __user *envp, int flags);
/* The same from the kernel, for the first process. */
int task_exec_kernel(const char *name, const char *const *argv, const char *const *envp);
__noreturn void task_exit(int code);       /* this thread */
__noreturn void task_exit_group(int code); /* the whole process */

/* Start pid 1 from the root file system: init= option, /sbin/init, /etc/init, /bin/init, /bin/sh; /init on the initramfs. */
void proc_start_init(void);
void proc_init(void); /* caches, pid hash, trap ops, scheduling class */

/* Limits (RLIMIT_*) of the current process. */
uint64_t rlimit_get(unsigned resource);

/* Job control for ttys: foreground group and session checks. */
/* Signal every process of a group; 0, -ESRCH. */
int pgrp_signal(int pgid, int signo);
/* Does the group exist in session sid? */
bool pgrp_is_in_session(int pgid, int sid);
/* True if background job control rules make the group orphaned. */
bool pgrp_is_orphaned(int pgid);
