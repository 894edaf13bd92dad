// SPDX-License-Identifier: MIT
/* What inode.c and writeback.c share. */
#pragma once

#include <lib/types.h>

struct inode;

/*
 * A reference, also where there was none; false: it is being freed, or might
 * be.  super->inodes_lock held, so that its memory stays.
 */
bool inode_try_get(struct inode *inode);
/* It goes: nothing of it is to be written any more.  super->inodes_lock held. */
void inode_unqueue_locked(struct inode *inode);
