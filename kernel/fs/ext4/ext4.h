// SPDX-License-Identifier: MIT
/* The ext4 file system, which also reads and writes ext2 and ext3 layouts. */
#pragma once

/* Register "ext4", "ext3" and "ext2".  At boot, once. */
void ext4_init(void);
