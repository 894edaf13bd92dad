// SPDX-License-Identifier: MIT
/* Pieces of /proc/PID: what pid.c and pid_files.c share. */
#pragma once

struct mm;
struct path;
struct proc_dynamic;
struct proc_node;
struct proc_text;
struct task;

/* The thread that the node is about: the process's first, unless it says. */
struct task *proc_node_task(const struct proc_node *node);
/* Its memory, referenced; NULL: none any more. */
struct mm *proc_node_mm(const struct proc_node *node);

/* proc_entry.follow of cwd: an owned path, or -ENOENT (the process is gone). */
int proc_follow_cwd(const struct proc_node *node, struct path *result);
/* The same of root. */
int proc_follow_root(const struct proc_node *node, struct path *result);
/* Of exe; -ENOENT also for a program without a place in the name space. */
int proc_follow_exe(const struct proc_node *node, struct path *result);
/*
 * proc_entry.show of maps: an area at a time under mm->lock, so a process that
 * maps meanwhile may show old and new.  Nothing without memory.  0 or -ENOMEM.
 */
int proc_show_maps(struct proc_text *text, const struct proc_node *node);
/* The names in fd/: its open descriptors. */
extern const struct proc_dynamic proc_descriptors;
