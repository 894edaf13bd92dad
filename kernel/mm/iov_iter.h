// SPDX-License-Identifier: MIT
/*
 * Where the bytes of a read or write go to or come from: one user buffer, an
 * array of them, or kernel memory.  Everything below syscall/ moves data through one
 * of these and does not care which it is.
 */
#pragma once

#include <lib/types.h>

struct page;
struct iovec; /* <linux/uio.h> */

enum iov_kind {
	IOV_USER, /* one user buffer */
	IOV_USER_VEC,
	IOV_KERNEL /* one kernel buffer */
};

struct iov_iter {
	enum iov_kind kind;
	size_t count; /* bytes left */
	union {
		void __user *user;
		void *kernel;
		/* copied in already; segments checked */
		const struct iovec *vec;
	};
	size_t nr_segs;    /* IOV_USER_VEC: left, including the current */
	size_t seg_offset; /* bytes of the current segment (or only buffer) done */
};

void iov_iter_user(struct iov_iter *iter, void __user *buf, size_t len);
void iov_iter_kernel(struct iov_iter *iter, void *buf, size_t len);
/* nr segments of len bytes in all; vec stays the caller's while iter is used. */
void iov_iter_vec(struct iov_iter *iter, const struct iovec *vec, size_t nr,
		  size_t len);

/*
 * Move min(n, iter->count) bytes and advance.  Return the bytes moved: fewer
 * than asked only at the end or where user memory faulted.  May sleep.
 */
size_t iov_iter_copy_to(struct iov_iter *iter, const void *src, size_t n);
size_t iov_iter_copy_from(struct iov_iter *iter, void *dst, size_t n);
size_t iov_iter_zero(struct iov_iter *iter, size_t n);
/*
 * Touch the next n bytes of user memory for reading so that a copy with a page
 * locked will not fault: bytes that are there (0: -EFAULT).
 */
size_t iov_iter_fault_in(struct iov_iter *iter, size_t n);
/* Copies that fail instead of faulting pages in: for use with a page locked. */
size_t iov_iter_copy_from_atomic(struct iov_iter *iter, void *dst, size_t n);
void iov_iter_advance(struct iov_iter *iter, size_t n);
void iov_iter_revert(struct iov_iter *iter, size_t n);
