// SPDX-License-Identifier: MIT
/* Pipes and FIFOs: pipe(7). */
#pragma once

#include <lib/types.h>

struct file;
struct path;
struct pipe;

/* Both ends, the read end first; flags O_NONBLOCK.  0 or -ENOMEM. */
int pipe_create(unsigned flags, struct file *ends[2]);

/* F_GETPIPE_SZ: how many bytes fit, or -EBADF (no pipe). */
long pipe_get_size(struct file *file);
/*
 * F_SETPIPE_SZ: at least size bytes, which become a power of two of pages;
 * returns how many bytes fit then.  -EBADF (no pipe), -EINVAL, -EPERM (more
 * than 1 MiB), -EBUSY (not empty), -ENOMEM.  Takes pipe->lock; may sleep.
 */
long pipe_set_size(struct file *file, unsigned size);
/* Bytes that it would take now, or -EBADF. */
long pipe_get_room(struct file *file);

/*
 * A place from which a pipe without a name can be opened again, owned:
 * /proc/PID/fd leads there.  0, -ENXIO (no such pipe) or -ENOMEM.
 */
int pipe_make_path(struct file *file, struct path *result);
/* Drop a reference; by inodes that keep one in inode->private. */
void pipe_unref(struct pipe *pipe);

/* The slab of struct pipe.  Once at boot; needs kmalloc. */
void pipe_init(void);
