// SPDX-License-Identifier: MIT
/*
 * Job control: process groups, sessions and controlling terminals.  POSIX.1,
 * chapter 11 (General Terminal Interface), and setpgid(2), setsid(2).
 *
 * tasklist_lock guards membership.  Groups are not objects: who belongs is
 * found by walking all processes, which only keys typed at a terminal, kill(2)
 * of a group, and the exits of group leaders ask for.
 */
#include <dev/tty.h>
#include <lib/errno.h>

#include "proc_internal.h"

/* Its parent is in the session but not in the group: somebody cares for it. */
static bool process_has_keeper(const struct process *process)
{
	const struct process *parent = process->parent;

	return parent && parent->pgid != process->pgid &&
	       parent->sid == process->sid;
}

bool pgrp_is_orphaned_locked(int pgid, const struct process *leaving)
{
	struct process *process;

	for_each_process_locked (process) {
		if (process->pgid == pgid && process != leaving &&
		    !process->zombie && process_has_keeper(process))
			return false;
	}
	return true;
}

bool pgrp_has_stopped_locked(int pgid)
{
	struct process *process;

	for_each_process_locked (process) {
		if (process->pgid == pgid && process->stopped)
			return true;
	}
	return false;
}

static bool pgrp_signal_found_locked(int pgid, int signo)
{
	struct process *process;
	bool found = false;

	for_each_process_locked (process) {
		if (process->pgid != pgid)
			continue;
		found = true;
		(void)signal_send(process, NULL, signo, NULL);
	}
	return found;
}

void pgrp_signal_locked(int pgid, int signo)
{
	(void)pgrp_signal_found_locked(pgid, signo);
}

int pgrp_signal(int pgid, int signo)
{
	bool found;

	spin_lock(&tasklist_lock);
	found = pgrp_signal_found_locked(pgid, signo);
	spin_unlock(&tasklist_lock);
	return found ? 0 : -ESRCH;
}

bool pgrp_is_in_session(int pgid, int sid)
{
	struct process *process;
	bool found = false;

	spin_lock(&tasklist_lock);
	for_each_process_locked (process) {
		if (process->pgid == pgid) {
			found = process->sid == sid;
			break;
		}
	}
	spin_unlock(&tasklist_lock);
	return found;
}

bool pgrp_is_orphaned(int pgid)
{
	bool orphaned;

	spin_lock(&tasklist_lock);
	orphaned = pgrp_is_orphaned_locked(pgid, NULL);
	spin_unlock(&tasklist_lock);
	return orphaned;
}

struct tty *process_tty(void)
{
	struct tty *tty;

	spin_lock(&tasklist_lock);
	tty = current->process->tty;
	spin_unlock(&tasklist_lock);
	return tty;
}

void process_set_tty(struct tty *tty)
{
	spin_lock(&tasklist_lock);
	current->process->tty = tty;
	spin_unlock(&tasklist_lock);
}
