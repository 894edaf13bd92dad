// SPDX-License-Identifier: MIT
/*
 * Job control: process groups, sessions and controlling terminals.  POSIX.1,
 * chapter 11 (General Terminal Interface), and setpgid(2), setsid(2).
 *
 * tasklist_lock guards membership.  Groups are not objects: who belongs is
 * found by walking all processes, which only keys typed at a terminal, kill(2)
 * of a group, and exits that may leave a group without a keeper ask for.
 */
#include <dev/tty.h>
#include <lib/errno.h>

#include "proc_internal.h"

bool process_has_keeper_locked(const struct process *process)
{
	const struct process *parent = process->parent;

	ASSERT(spin_is_held(&tasklist_lock));
	return parent && parent->pgid != process->pgid &&
	       parent->sid == process->sid;
}

bool pgrp_is_orphaned_locked(int pgid, const struct process *leaving)
{
	struct process *process;

	for_each_process_locked (process) {
		if (process->pgid == pgid && process != leaving &&
		    !process->zombie && process_has_keeper_locked(process))
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

bool pgrp_exists(int pgid)
{
	const struct process *process;

	spin_lock(&tasklist_lock);
	for_each_process_locked (process) {
		if (process->pgid == pgid)
			break;
	}
	spin_unlock(&tasklist_lock);
	return process != NULL;
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

int process_parent_pid(struct process *process)
{
	int pid;

	spin_lock(&tasklist_lock);
	pid = process->parent ? process->parent->pid : 0;
	spin_unlock(&tasklist_lock);
	return pid;
}

static bool group_exists_locked(int pgid, int sid)
{
	struct process *process;

	for_each_process_locked (process) {
		if (process->pgid == pgid && process->sid == sid)
			return true;
	}
	return false;
}

/* May the current process move that one?  The errors are setpgid()'s. */
static int check_group_change_locked(const struct process *process)
{
	const struct process *self = current->process;

	if (!process || (process != self && process->parent != self))
		return -ESRCH;
	if (process->sid != self->sid || process->sid == process->pid)
		return -EPERM;
	if (process != self && process->did_exec)
		return -EACCES;
	return 0;
}

int process_set_pgid(int pid, int pgid)
{
	struct process *process;
	int ret;

	if (pgid < 0)
		return -EINVAL;
	spin_lock(&tasklist_lock);
	process = pid ? process_find_locked(pid) : current->process;
	ret = check_group_change_locked(process);
	if (!ret) {
		if (!pgid)
			pgid = process->pid;
		if (pgid != process->pid &&
		    !group_exists_locked(pgid, process->sid))
			ret = -EPERM;
		else
			process_set_group_locked(process, pgid, process->sid);
	}
	spin_unlock(&tasklist_lock);
	return ret;
}

int process_start_session(void)
{
	struct process *self = current->process;
	struct process *process;
	int ret = self->pid;

	spin_lock(&tasklist_lock);
	for_each_process_locked (process) {
		if (process->pgid == self->pid)
			ret = -EPERM;
	}
	if (ret > 0) {
		process_set_group_locked(self, self->pid, self->pid);
		self->tty = NULL;
	}
	spin_unlock(&tasklist_lock);
	return ret;
}
