// SPDX-License-Identifier: MIT
/*
 * Who asks the shadow: what -fsanitize=kernel-address calls before each load
 * and store (outline instrumentation; names are GCC's libsanitizer interface),
 * and functions in assembly, which no compiler instruments.  For those the
 * linker puts __wrap_NAME() in front (--wrap, kernel/SConscript).
 *
 * This file is not instrumented, or it would ask itself.
 */
#include "kasan_internal.h"

#include <arch/uaccess.h>

#define CALLER ((uintptr_t)__builtin_return_address(0))

#define ACCESS(name, size, is_write)                                           \
	void __asan_##name##_noabort(const void *addr);                        \
	void __asan_##name##_noabort(const void *addr)                         \
	{                                                                      \
		kasan_check(addr, size, is_write, CALLER);                     \
	}

ACCESS(load1, 1, false)
ACCESS(load2, 2, false)
ACCESS(load4, 4, false)
ACCESS(load8, 8, false)
ACCESS(load16, 16, false)
ACCESS(store1, 1, true)
ACCESS(store2, 2, true)
ACCESS(store4, 4, true)
ACCESS(store8, 8, true)
ACCESS(store16, 16, true)

void __asan_loadN_noabort(const void *addr, size_t size);
void __asan_storeN_noabort(const void *addr, size_t size);
void __asan_handle_no_return(void);

void __asan_loadN_noabort(const void *addr, size_t size)
{
	kasan_check(addr, size, false, CALLER);
}

void __asan_storeN_noabort(const void *addr, size_t size)
{
	kasan_check(addr, size, true, CALLER);
}

/* Would clean the shadow of the stack, which has none. */
void __asan_handle_no_return(void)
{
}

void *__real_memcpy(void *dst, const void *src, size_t n);
void *__real_memmove(void *dst, const void *src, size_t n);
int __real_memcmp(const void *a, const void *b, size_t n);
size_t __real_strlen(const char *s);
size_t __real_uaccess_copy_in(void *dst, const void __user *src, size_t n);
size_t __real_uaccess_copy_out(void __user *dst, const void *src, size_t n);

void *__wrap_memcpy(void *dst, const void *src, size_t n);
void *__wrap_memmove(void *dst, const void *src, size_t n);
void *__wrap_memset(void *dst, int c, size_t n);
int __wrap_memcmp(const void *a, const void *b, size_t n);
size_t __wrap_strlen(const char *s);
size_t __wrap_uaccess_copy_in(void *dst, const void __user *src, size_t n);
size_t __wrap_uaccess_copy_out(void __user *dst, const void *src, size_t n);

void *__wrap_memcpy(void *dst, const void *src, size_t n)
{
	kasan_check(src, n, false, CALLER);
	kasan_check(dst, n, true, CALLER);
	return __real_memcpy(dst, src, n);
}

void *__wrap_memmove(void *dst, const void *src, size_t n)
{
	kasan_check(src, n, false, CALLER);
	kasan_check(dst, n, true, CALLER);
	return __real_memmove(dst, src, n);
}

void *__wrap_memset(void *dst, int c, size_t n)
{
	kasan_check(dst, n, true, CALLER);
	return __real_memset(dst, c, n);
}

/* All of both is promised to be there, wherever they differ (C11, 7.24.4.1). */
int __wrap_memcmp(const void *a, const void *b, size_t n)
{
	kasan_check(a, n, false, CALLER);
	kasan_check(b, n, false, CALLER);
	return __real_memcmp(a, b, n);
}

size_t __wrap_strlen(const char *s)
{
	size_t len = __real_strlen(s);

	kasan_check(s, len + 1, false, CALLER);
	return len;
}

size_t __wrap_uaccess_copy_in(void *dst, const void __user *src, size_t n)
{
	kasan_check(dst, n, true, CALLER);
	return __real_uaccess_copy_in(dst, src, n);
}

size_t __wrap_uaccess_copy_out(void __user *dst, const void *src, size_t n)
{
	kasan_check(src, n, false, CALLER);
	return __real_uaccess_copy_out(dst, src, n);
}
