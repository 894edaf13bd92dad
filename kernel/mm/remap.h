// SPDX-License-Identifier: MIT
/* mremap(2), for syscall/memory.c. */
#pragma once

#include <mm/mm.h>

/* As the call: the new address, or -EINVAL, -EFAULT, -ENOMEM, -EAGAIN. */
long mm_remap(struct mm *mm, uintptr_t addr, size_t len, size_t new_len,
	      unsigned flags, uintptr_t to);
