// SPDX-License-Identifier: MIT
/*
 * Fast user-space locking; see futex(2), get_robust_list(2).
 *
 * shared: other address spaces may use the word, too.  All are for thread
 * context and may sleep; user addresses are checked.
 */
#pragma once

#include <lib/types.h>

struct task;

#define FUTEX_NO_DEADLINE UINT64_MAX

void futex_init(void);

/*
 * FUTEX_WAIT: sleep while *uaddr == value, at most until deadline_ns of
 * time_now_ns(), for a wake-up that shares a bit with bitset.
 * 0, -EAGAIN (another value), -ETIMEDOUT, -EINTR, -EFAULT, -EINVAL.
 */
int futex_wait(uint32_t __user *uaddr, bool shared, uint32_t value,
	       uint64_t deadline_ns, uint32_t bitset);
/* FUTEX_WAKE: wake at most nr; how many, or -EFAULT, -EINVAL. */
int futex_wake(uint32_t __user *uaddr, bool shared, int nr, uint32_t bitset);
/*
 * FUTEX_REQUEUE and (expected != NULL) FUTEX_CMP_REQUEUE: wake nr_wake, let
 * nr_move more wait at another word.  How many in all, or -EAGAIN, -EFAULT ...
 */
int futex_requeue(uint32_t __user *from, uint32_t __user *to, bool shared,
		  int nr_wake, int nr_move, const uint32_t *expected);
/* FUTEX_WAKE_OP: change *second, wake at *first, and at *second if its old
 * value compares; op as FUTEX_OP() makes it. */
int futex_wake_op(uint32_t __user *first, uint32_t __user *second, bool shared,
		  int nr_first, int nr_second, uint32_t op);

/*
 * For the exiting thread: wake at a private or shared word; errors are
 * nobody's.
 */
void futex_wake_user(int __user *uaddr, int nr);
/* Mark the robust locks that the exiting thread holds as ownerless. */
void futex_exit_robust_list(struct task *task);
