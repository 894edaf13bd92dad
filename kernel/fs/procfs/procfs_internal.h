// SPDX-License-Identifier: MIT
/* What the files of procfs share: entries, nodes, and text that grows. */
#pragma once

#include <lib/types.h>

#include <fs/inode.h>

struct file;
struct path;
struct process;
struct task;
struct proc_node;

/* Text that is being made; after a failure nothing is added any more. */
struct proc_text {
	char *buf;
	size_t len, cap;
	bool failed; /* no memory */
};
/*
 * Add formatted text.  Too long (1 MiB) or no memory: text->failed, and the
 * read that made the text fails with -ENOMEM.  Context: thread.
 */
__printf(2, 3) void proc_printf(struct proc_text *text, const char *fmt, ...);
/* Bytes as they are. */
void proc_write(struct proc_text *text, const void *data, size_t len);

/*
 * One name in a directory.  Exactly one of show, link, children and is_fds,
 * is_tasks, is_root makes its kind.
 */
struct proc_entry {
	const char *name;
	uint16_t mode; /* permission bits */
	/* A file: its text.  0, or -ESRCH: the process is gone. */
	int (*show)(struct proc_text *text, const struct proc_node *node);
	/* What is written to it, NUL-terminated, without a last newline. */
	int (*store)(const struct proc_node *node, const char *value);
	/* A symbolic link: its text ... */
	ssize_t (*link)(const struct proc_node *node, char *buf, size_t len);
	/* ... and, if it is more than text, where it leads. */
	int (*follow)(const struct proc_node *node, struct path *result);
	/* A directory of fixed names, ending in {}. */
	const struct proc_entry *children;
	/* Has also (or only) names that come and go. */
	const struct proc_dynamic *dynamic;
};

/* Names that are numbers: processes, threads, descriptors. */
struct proc_dynamic {
	/*
	 * The number's node, whose objects are referenced then: 0 or -ENOENT.
	 * It comes with the parent's objects, unreferenced.
	 */
	int (*find)(const struct proc_node *dir, unsigned number,
		    struct proc_node *child);
	/* The first number >= *number that is there; false: none. */
	bool (*next)(const struct proc_node *dir, unsigned *number);
};

/* inode->private. [I] */
struct proc_node {
	const struct proc_entry *entry;
	struct process *process; /* referenced, or NULL */
	struct task *task;       /* the thread, referenced, or NULL */
	int fd;                  /* of an entry in fd/ */
};

extern const struct proc_entry proc_root_entries[];
extern const struct proc_dynamic proc_processes;

/* An inode of that entry below dir (NULL: the root).  Takes over references. */
int proc_inode_make(struct super *super, const struct inode *dir,
		    const struct proc_node *node, unsigned number,
		    struct inode **result);

extern const struct inode_ops proc_dir_ops, proc_file_inode_ops, proc_link_ops,
	proc_magic_ops;
extern const struct file_ops proc_dir_file_ops, proc_file_ops;

/* /proc/sys (system.c). */
extern const struct proc_entry proc_sys_entries[];

/*
 * proc_entry.show of /proc/PID/mounts (mounts.c): what the reader can reach
 * from its root, whoever the node is about.  0 or -ENOMEM.
 */
int proc_show_mounts(struct proc_text *text, const struct proc_node *node);
/* The same for /proc/PID/mountinfo. */
int proc_show_mountinfo(struct proc_text *text, const struct proc_node *node);
