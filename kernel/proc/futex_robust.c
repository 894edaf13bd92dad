// SPDX-License-Identifier: MIT
/*
 * Robust futexes: mutexes whose owner died are marked and their waiters woken.
 *
 * The list is in user memory and may be anything: it is walked for at most
 * ROBUST_LIST_LIMIT entries, and any fault ends the walk.
 */
#include <proc/futex.h>

#include <linux/futex.h>

#include <arch/uaccess.h>
#include <mm/usercopy.h>
#include <proc/task.h>

/* One mutex: if the task owns it, say that its owner died.  0 or -EFAULT. */
static int futex_owner_died(uint32_t __user *word, uint32_t tid)
{
	uint32_t seen, dead;
	uint32_t value;
	int ret;

	if ((uintptr_t)word % sizeof(*word) ||
	    !user_range_ok(word, sizeof(*word)))
		return -EFAULT;
	ret = uaccess_load32(&value, word);
	while (!ret && (value & FUTEX_TID_MASK) == tid) {
		dead = (value & FUTEX_WAITERS) | FUTEX_OWNER_DIED;
		seen = value;
		ret = uaccess_cmpxchg32(word, &seen, dead);
		if (ret)
			break;
		if (seen == value) {
			if (value & FUTEX_WAITERS)
				futex_wake_user((int __user *)word, 1);
			return 0;
		}
		value = seen;
	}
	return ret;
}

/* Bit 0 of an entry marks a priority-inheriting mutex; there are none here. */
static uint32_t __user *entry_word(uintptr_t entry, long offset)
{
	return (uint32_t __user *)((entry & ~1ul) + offset);
}

void futex_exit_robust_list(struct task *task)
{
	struct robust_list_head __user *user_head = task->robust_list;
	struct robust_list_head head;
	struct robust_list next;
	uintptr_t entry, pending;
	unsigned limit;

	if (!user_head || copy_from_user(&head, user_head, sizeof(head)))
		return;
	task->robust_list = NULL;
	pending = (uintptr_t)head.list_op_pending;
	entry = (uintptr_t)head.list.next;
	for (limit = 0; limit < ROBUST_LIST_LIMIT; limit++) {
		/* The list is a ring: it ends where it began. */
		if (entry == (uintptr_t)&user_head->list)
			break;
		if (copy_from_user(&next, (void __user *)(entry & ~1ul),
				   sizeof(next)))
			break;
		if (entry != pending &&
		    futex_owner_died(entry_word(entry, head.futex_offset),
				     task->pid))
			break;
		entry = (uintptr_t)next.next;
	}
	if (pending)
		(void)futex_owner_died(entry_word(pending, head.futex_offset),
				       task->pid);
}
