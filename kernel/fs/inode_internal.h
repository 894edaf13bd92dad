// SPDX-License-Identifier: MIT
/* What inode.c and writeback.c share. */
#pragma once

#include <lib/types.h>

struct inode;

/*
 * A reference, also where there was none: 0, -ENOENT (it is being freed) or
 * -EAGAIN (its bucket is locked, which the caller must not wait for now).
 * super->inodes_lock held, so that its memory stays.
 */
int inode_try_get(struct inode *inode);
/* It goes: nothing of it is to be written any more.  super->inodes_lock held. */
void inode_unqueue_locked(struct inode *inode);
