// SPDX-License-Identifier: MIT
/* Unpacking of initial file systems into the root. */
#pragma once

#include <lib/types.h>

/*
 * Make what the archive holds below the root.  A member that cannot be made is
 * reported and left out.  0, or -EINVAL (a message says why): what came before
 * the fault is there.  Context: boot thread; may sleep.
 */
int initramfs_unpack(const char *what, const void *data, size_t len);
