// SPDX-License-Identifier: MIT
/*
 * Moving bytes between the kernel and whatever a struct iov_iter names.
 *
 * One segment is handled at a time; a read(2) or write(2) has only one.
 */
#include <mm/iov_iter.h>

#include <string.h>

#include <linux/uio.h>

#include <lib/errno.h>

#include <arch/hart.h>
#include <arch/uaccess.h>
#include <core/alloc.h>
#include <core/panic.h>
#include <mm/usercopy.h>

void iov_iter_user(struct iov_iter *iter, void __user *buf, size_t len)
{
	iter->kind = IOV_USER;
	iter->count = len;
	iter->user = buf;
	iter->nr_segs = 0;
	iter->seg_offset = 0;
}

void iov_iter_kernel(struct iov_iter *iter, void *buf, size_t len)
{
	iter->kind = IOV_KERNEL;
	iter->count = len;
	iter->kernel = buf;
	iter->nr_segs = 0;
	iter->seg_offset = 0;
}

void iov_iter_vec(struct iov_iter *iter, const struct iovec *vec, size_t nr,
		  size_t len)
{
	iter->kind = IOV_USER_VEC;
	iter->count = len;
	iter->vec = vec;
	iter->nr_segs = nr;
	iter->seg_offset = 0;
}

/* The current segment's rest: where it is, and at most n bytes of it. */
static void __user *segment(const struct iov_iter *iter, size_t *n)
{
	const struct iovec *vec = iter->vec;

	if (iter->kind == IOV_USER)
		return (char __user *)iter->user + iter->seg_offset;
	*n = MIN(*n, vec->iov_len - iter->seg_offset);
	return (char __user *)vec->iov_base + iter->seg_offset;
}

void iov_iter_advance(struct iov_iter *iter, size_t n)
{
	ASSERT(n <= iter->count);
	iter->count -= n;
	iter->seg_offset += n;
	if (iter->kind != IOV_USER_VEC)
		return;
	/* Empty segments are skipped, too. */
	while (iter->nr_segs && iter->seg_offset >= iter->vec->iov_len) {
		iter->seg_offset -= iter->vec->iov_len;
		iter->vec++;
		iter->nr_segs--;
	}
}

void iov_iter_revert(struct iov_iter *iter, size_t n)
{
	iter->count += n;
	if (iter->kind == IOV_USER_VEC) {
		while (n > iter->seg_offset) {
			n -= iter->seg_offset;
			iter->vec--;
			iter->nr_segs++;
			iter->seg_offset = iter->vec->iov_len;
		}
	}
	iter->seg_offset -= n;
}

enum move { MOVE_TO, MOVE_FROM, MOVE_FROM_ATOMIC, MOVE_ZERO };

/* Returns the bytes not moved. */
static size_t move_user(enum move move, void __user *user, void *kernel,
			size_t n)
{
	unsigned long irq;
	size_t left;

	if (unlikely(!user_range_ok(user, n)))
		return n;
	switch (move) {
	case MOVE_TO:
		return uaccess_copy_out(user, kernel, n);
	case MOVE_FROM:
		return uaccess_copy_in(kernel, user, n);
	case MOVE_ZERO:
		return uaccess_clear(user, n);
	case MOVE_FROM_ATOMIC:
		break;
	}
	/* With interrupts off a fault is not handled, see arch/trap.c. */
	irq = irq_save();
	left = uaccess_copy_in(kernel, user, n);
	irq_restore(irq);
	return left;
}

static void move_kernel(enum move move, char *place, void *kernel, size_t n)
{
	if (move == MOVE_TO)
		memcpy(place, kernel, n);
	else if (move == MOVE_ZERO)
		memset(place, 0, n);
	else
		memcpy(kernel, place, n);
}

static size_t iov_iter_move(struct iov_iter *iter, enum move move, void *kernel,
			    size_t n)
{
	size_t done = 0;

	n = MIN(n, iter->count);
	if (iter->kind == IOV_KERNEL) {
		move_kernel(move, (char *)iter->kernel + iter->seg_offset,
			    kernel, n);
		iov_iter_advance(iter, n);
		return n;
	}
	while (done < n) {
		size_t part = n - done;
		void __user *user = segment(iter, &part);
		size_t left =
			move_user(move, user, (char *)kernel + done, part);

		iov_iter_advance(iter, part - left);
		done += part - left;
		if (unlikely(left))
			break;
	}
	return done;
}

size_t iov_iter_copy_to(struct iov_iter *iter, const void *src, size_t n)
{
	return iov_iter_move(iter, MOVE_TO, (void *)(uintptr_t)src, n);
}

size_t iov_iter_copy_from(struct iov_iter *iter, void *dst, size_t n)
{
	return iov_iter_move(iter, MOVE_FROM, dst, n);
}

size_t iov_iter_copy_from_atomic(struct iov_iter *iter, void *dst, size_t n)
{
	return iov_iter_move(iter, MOVE_FROM_ATOMIC, dst, n);
}

size_t iov_iter_zero(struct iov_iter *iter, size_t n)
{
	return iov_iter_move(iter, MOVE_ZERO, NULL, n);
}

/* Read a byte of each page of [user, user + n); bytes before a fault. */
static size_t touch_pages(const char __user *user, size_t n)
{
	size_t done = 0;
	char byte;

	while (done < n) {
		if (copy_from_user(&byte, user + done, 1))
			break;
		done += PAGE_SIZE -
			((__force uintptr_t)(user + done) & PAGE_MASK);
	}
	return MIN(done, n);
}

size_t iov_iter_fault_in(struct iov_iter *iter, size_t n)
{
	struct iov_iter at = *iter;
	size_t done = 0;

	n = MIN(n, iter->count);
	if (iter->kind == IOV_KERNEL)
		return n;
	while (done < n) {
		size_t part = n - done;
		const char __user *user = segment(&at, &part);
		size_t there = touch_pages(user, part);

		done += there;
		if (there < part)
			break;
		iov_iter_advance(&at, part);
	}
	return done;
}
