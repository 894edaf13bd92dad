// SPDX-License-Identifier: MIT
/* Advisory locks on files: flock(2), and fcntl(2)'s record locks. */
#pragma once

#include <lib/types.h>

struct file;
struct flock; /* <linux/fcntl.h> */

/* 0, -EWOULDBLOCK (LOCK_NB), -EINTR, -EINVAL, -EBADF or -ENOLCK. */
int file_flock(struct file *file, unsigned operation);
/*
 * Record locks; owner is who the lock belongs to (a descriptor table, or the
 * file itself for F_OFD_*).  0, -EAGAIN, -EINTR, -EINVAL, -EBADF, -ENOLCK,
 * -EOVERFLOW, -EDEADLK is not detected.
 */
int file_lock_set(struct file *file, const struct flock *lock,
		  const void *owner, bool wait);
/* *lock becomes the first lock in the way, or F_UNLCK. */
int file_lock_get(struct file *file, struct flock *lock, const void *owner);
