// SPDX-License-Identifier: MIT
/* The file system in memory; devfs is one, too. */
#pragma once

struct super;

void tmpfs_init(void);
/* The mount function of struct fs_type. */
int tmpfs_mount(struct super *super, const char *options);
