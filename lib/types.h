/* SPDX-License-Identifier: MIT */
/*
 * The words that every other header speaks: fixed-width and address types,
 * endian types that sparse tells apart, and the handful of macros that C
 * itself lacks.  Nothing here depends on firmware or kernel.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/cdefs.h> /* its attribute macros first: ours replace them */

#ifdef __CHECKER__
#define __user  __attribute__((noderef, address_space(1)))
#define __iomem __attribute__((noderef, address_space(2)))
#define __force __attribute__((force))
#undef __bitwise
#define __bitwise __attribute__((bitwise))
#else
#define __user
#define __iomem
#define __force
#undef __bitwise
#define __bitwise
#endif

/* The C library's <sys/cdefs.h> has some of these too, with other spellings. */
#undef __printf
#undef __noreturn
#undef __must_check
#undef __aligned
#undef __packed
#undef __section
#undef __used
#undef __weak
#undef __noinline
#undef __always_inline
#define __printf(fmt, args) __attribute__((format(printf, fmt, args)))
#define __noreturn          __attribute__((noreturn))
#define __must_check        __attribute__((warn_unused_result))
#define __aligned(n)        __attribute__((aligned(n)))
#define __packed            __attribute__((packed))
#define __section(name)     __attribute__((section(name)))
#define __used              __attribute__((used))
#define __weak              __attribute__((weak))
#define __maybe_unused      __attribute__((unused))
#define __noinline          __attribute__((noinline))
#define __always_inline     inline __attribute__((always_inline))

/* C11 has it in <assert.h>, with much that we do not want. */
#undef static_assert
#define static_assert _Static_assert

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define ARRAY_SIZE(a)         (sizeof(a) / sizeof((a)[0]))
#define BIT(n)                (1ul << (n))
#define MIN(a, b)             ((a) < (b) ? (a) : (b))
#define MAX(a, b)             ((a) > (b) ? (a) : (b))
#define DIV_ROUND_UP(n, unit) (((n) + (unit)-1) / (unit))

/* unit is a power of two; ALIGN_UP wraps to 0 beyond the type's last unit. */
#define ALIGN_DOWN(n, unit) ((n) & ~((__typeof__(n))(unit)-1))
#define ALIGN_UP(n, unit)   ALIGN_DOWN((n) + (unit)-1, unit)
#define IS_ALIGNED(n, unit) (((n) & ((__typeof__(n))(unit)-1)) == 0)

/* The structure that has ptr as the address of its member. */
#define container_of(ptr, type, member)                                        \
	((type *)((char *)(ptr)-offsetof(type, member)))

typedef uint64_t paddr_t; /* physical address */
typedef uint64_t vaddr_t; /* virtual address, of the kernel or of a user */

/* As picolibc's headers declare them, so that both may be seen together. */
typedef long ssize_t;
typedef int64_t off_t;

/* Integers as a disk, a wire or a device tree stores them. */
typedef uint16_t __bitwise le16;
typedef uint32_t __bitwise le32;
typedef uint64_t __bitwise le64;
typedef uint16_t __bitwise be16;
typedef uint32_t __bitwise be32;
typedef uint64_t __bitwise be64;

static inline uint16_t le16_to_cpu(le16 v)
{
	return (__force uint16_t)v;
}

static inline uint32_t le32_to_cpu(le32 v)
{
	return (__force uint32_t)v;
}

static inline uint64_t le64_to_cpu(le64 v)
{
	return (__force uint64_t)v;
}

static inline le16 cpu_to_le16(uint16_t v)
{
	return (__force le16)v;
}

static inline le32 cpu_to_le32(uint32_t v)
{
	return (__force le32)v;
}

static inline le64 cpu_to_le64(uint64_t v)
{
	return (__force le64)v;
}

static inline uint16_t be16_to_cpu(be16 v)
{
	return __builtin_bswap16((__force uint16_t)v);
}

static inline uint32_t be32_to_cpu(be32 v)
{
	return __builtin_bswap32((__force uint32_t)v);
}

static inline uint64_t be64_to_cpu(be64 v)
{
	return __builtin_bswap64((__force uint64_t)v);
}

static inline be16 cpu_to_be16(uint16_t v)
{
	return (__force be16)__builtin_bswap16(v);
}

static inline be32 cpu_to_be32(uint32_t v)
{
	return (__force be32)__builtin_bswap32(v);
}

static inline be64 cpu_to_be64(uint64_t v)
{
	return (__force be64)__builtin_bswap64(v);
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	       "the conversions above are for little-endian machines");
_Static_assert(sizeof(void *) == 8, "paddr_t and vaddr_t fit a pointer");
