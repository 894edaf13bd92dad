// SPDX-License-Identifier: MIT
/* What the files of proc/ share among themselves. */
#pragma once

#include <core/panic.h>
#include <proc/pid.h>
#include <proc/signal.h>
#include <proc/task.h>

/* --- Tasks and processes (task.c, process.c) ------------------------- */

void task_init(void);
/* Zeroed, with one reference and what needs no allocation set up; or NULL. */
struct task *task_alloc(void);
/* Before it was ever visible. */
void task_free(struct task *task);
/* Find a live thread, without a reference; tasklist lock held. */
struct task *task_find_locked(int pid);
void task_hash_locked(struct task *task);
void task_unhash_locked(struct task *task);
/* The scheduler's on_dead: the stack goes, then the task's own reference. */
void task_dead(struct thread *thread);

struct process *process_alloc(void);
/* Tasklist lock held.  Make it visible as a child of parent (NULL: init);
 * forget it for good. */
void process_link_locked(struct process *process, struct process *parent);
void process_unlink_locked(struct process *process);
struct process *process_find_locked(int pid);
struct process *process_next_locked(int pid);
/* All processes in order of pid; tasklist lock held. */
#define for_each_process_locked(p)                                             \
	for ((p) = process_next_locked(1); (p);                                \
	     (p) = process_next_locked((p)->pid + 1))
/* Pid 1; NULL before it exists. */
extern struct process *init_process;
/* Let the page allocator kill (oom.c). */
void oom_init(void);
/* Processes of this user, for RLIMIT_NPROC. */
unsigned process_count_of_user_locked(uint32_t uid);

/* A number stops being the group or session of one process: free it with the
 * last one, unless a process still has it.  Tasklist lock held. */
void process_set_group_locked(struct process *process, int pgid, int sid);
void process_release_number_locked(struct process *process);

/* Its parent is in the session but not in the group: somebody cares for it. */
bool process_has_keeper_locked(const struct process *process);
/*
 * A member other than leaving has a parent in the session, outside the group.
 */
bool pgrp_is_orphaned_locked(int pgid, const struct process *leaving);
bool pgrp_has_stopped_locked(int pgid);
void pgrp_signal_locked(int pgid, int signo);

/* --- Exit and wait --------------------------------------------------- */

/* The zombie has been reported, or nobody cares: forget it.  The references of
 * the tree go, too; the caller needs one of its own to look at it after. */
void process_reap_locked(struct process *process);
/* Kill all other threads of the current process and wait until they are gone,
 * for exec.  0, or -EAGAIN when the process is ending already. */
int process_kill_others(void);
/* Wake a parent in vfork(2): the address space is not needed any more. */
void task_end_vfork(struct task *task);

/* --- Signals --------------------------------------------------------- */

#define SIG_IGNORED_BY_DEFAULT                                                 \
	(SIG_BIT(SIGCHLD) | SIG_BIT(SIGCONT) | SIG_BIT(SIGURG) |               \
	 SIG_BIT(SIGWINCH))
#define SIG_STOPS                                                              \
	(SIG_BIT(SIGSTOP) | SIG_BIT(SIGTSTP) | SIG_BIT(SIGTTIN) |              \
	 SIG_BIT(SIGTTOU))

void sigpending_init(struct sigpending *pending);
/* Drop all that wait there; signal_lock held, or nobody else sees it. */
void sigpending_flush(struct process *process, struct sigpending *pending);
/*
 * Number of the first signal of set in pending, taken out into *info; 0: none.
 */
int sigpending_take(struct process *process, struct sigpending *pending,
		    uint64_t set, siginfo_t *info);
/* Set or clear THREAD_SIGNAL of the current task by what is pending. */
void signal_recalc_locked(void);
/* As signal_send_process(), with tasklist_lock held or not. */
int signal_send(struct process *process, struct task *target, int signo,
		const siginfo_t *info);
/* The user_exception of struct trap_ops: log what nobody handles, send it. */
void signal_user_exception(struct trap_frame *frame, int signo, int si_code,
			   uintptr_t addr);
/* Every thread is to die; signal_lock held. */
void process_start_exit_locked(struct process *process, int code);
/* As signal_send(), signal_lock held. */
int signal_send_locked(struct process *process, struct task *target, int signo,
		       const siginfo_t *info);
/* Tell the parent of a child's end, stop or continuation; tasklist lock held.
 * True: the parent ignores children, the zombie is nobody's. */
bool signal_parent_locked(struct process *child, int si_code, int status);

struct sighand *sighand_alloc(void);
struct sighand *sighand_get(struct sighand *sighand);
void sighand_put(struct sighand *sighand);
/* exec: handlers back to the default, ignored ones stay ignored. */
void sighand_reset(struct sighand *sighand);

/* Build the frame of a handler on the user's stack and point the trap frame at
 * it.  0 or -EFAULT. */
int signal_frame_push(struct trap_frame *frame, const struct sigaction *action,
		      const siginfo_t *info, uint64_t old_blocked);

/* --- Credentials ----------------------------------------------------- */

extern struct cred init_cred; /* root, everything allowed */
/* exec: take on effective ids; capabilities follow (capabilities(7)). */
void cred_become(struct cred *cred, uint32_t euid, uint32_t egid);

/* --- Timers ---------------------------------------------------------- */

void itimer_init(struct process *process);
void itimer_stop(struct process *process);
/* SIGALRM of the process was taken or forgotten; signal_lock held. */
void itimer_taken_locked(struct process *process);
