// SPDX-License-Identifier: MIT
/* The file system of type "proc": proc(5). */
#pragma once

/* Registers the type.  Once at boot, before the first mount; needs kmalloc. */
void procfs_init(void);
