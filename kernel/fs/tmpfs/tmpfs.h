// SPDX-License-Identifier: MIT
/* The file system in memory; devfs is one, too. */
#pragma once

struct file;
struct super;

/*
 * Registers types "tmpfs" and "rootfs", and makes what tmpfs_create_unnamed()
 * uses.  Once at boot; needs the caches of fs/.
 */
void tmpfs_init(void);
/* The mount function of struct fs_type. */
int tmpfs_mount(struct super *super, const char *options);

/* A regular file in memory that has no name, open for reading and writing; it
 * goes with its last user.  0, -ENOMEM or -ENOSPC. */
int tmpfs_create_unnamed(struct file **result);
