// SPDX-License-Identifier: MIT
/* Structures of the ABI that grow: openat2(2), clone3(2) pass their size. */
#pragma once

#include <lib/types.h>

/*
 * Copy a structure of user_size bytes into one of ours of size bytes: what the
 * user's lacks is zero, what ours lacks must be.  0, -EINVAL (shorter than the
 * first version, min_size), -E2BIG or -EFAULT.
 */
__must_check int copy_struct_from_user(void *dst, size_t size,
				       unsigned long user, size_t user_size,
				       size_t min_size);
