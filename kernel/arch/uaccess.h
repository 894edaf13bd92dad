// SPDX-License-Identifier: MIT
/*
 * The two loops that touch user memory, in assembly, with fix-ups: each returns
 * the bytes that it could NOT copy.  SUM is set just around them.  They may sleep (page
 * faults).  Everyone calls mm/usercopy.h instead, which checks ranges.
 */
#pragma once

#include <lib/types.h>

size_t uaccess_copy_in(void *dst, const void __user *src, size_t n);
size_t uaccess_copy_out(void __user *dst, const void *src, size_t n);
size_t uaccess_clear(void __user *dst, size_t n);
/* Bytes up to and without the NUL, or n if there is none, or -EFAULT. */
ssize_t uaccess_copy_string(char *dst, const char __user *src, size_t n);

/* 32-bit atomics on user words, for futexes: 0 or -EFAULT. */
int uaccess_load32(uint32_t *value, const uint32_t __user *addr);
int uaccess_store32(uint32_t __user *addr, uint32_t value);
int uaccess_cmpxchg32(uint32_t __user *addr, uint32_t *expected,
		      uint32_t desired);

/*
 * Here for their fix-ups.  Write scounteren, which version 1.9.1 lacks (there
 * firmware may emulate it); 0 if this hart may read stimecmp, else -EIO.
 */
void csr_try_scounteren(unsigned long value);
int csr_probe_stimecmp(void);
