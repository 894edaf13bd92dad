// SPDX-License-Identifier: MIT
/*
 * Credentials.  A task reads its own without a lock, as only it replaces them;
 * others look under its process's signal_lock (task_get_cred()).
 */
#include <proc/cred.h>

#include <linux/capability.h>

#include <core/alloc.h>
#include <core/panic.h>

#include "proc_internal.h"

#define CAP_FULL (BIT(CAP_LAST_CAP + 1) - 1)

/* The first process and all kernel threads; its one reference stays. */
struct cred init_cred = {
	.refs = REFCOUNT_INIT(1),
	.cap_effective = CAP_FULL,
	.cap_permitted = CAP_FULL,
	.cap_bounding = CAP_FULL,
};

const struct cred *current_cred(void)
{
	struct thread *thread = current_thread();

	return thread->is_user ? task_of_thread(thread)->cred : &init_cred;
}

void cred_put(const struct cred *cred)
{
	struct cred *writable = (struct cred *)cred;

	if (refcount_put(&writable->refs))
		kfree(writable);
}

bool cred_in_group(const struct cred *cred, uint32_t gid)
{
	if (cred->fsgid == gid)
		return true;
	for (uint32_t i = 0; i < cred->nr_groups; i++) {
		if (cred->groups[i] == gid)
			return true;
	}
	return false;
}

bool capable(unsigned cap)
{
	return current_cred()->cap_effective >> cap & 1;
}

struct cred *cred_copy(const struct cred *cred)
{
	struct cred *copy = kmalloc(sizeof(*copy));

	if (!copy)
		return NULL;
	*copy = *cred;
	refcount_set(&copy->refs, 1);
	return copy;
}

void cred_install(const struct cred *cred)
{
	struct task *task = current;
	spinlock_t *lock = &task->process->signal_lock;
	const struct cred *old = task->cred;
	unsigned long flags = spin_lock_irqsave(lock);

	task->cred = cred;
	spin_unlock_irqrestore(lock, flags);
	cred_put(old);
}

void cred_fix_capabilities(struct cred *cred, const struct cred *old)
{
	bool was_root = !old->uid || !old->euid || !old->suid;
	bool is_root = !cred->uid || !cred->euid || !cred->suid;

	if (was_root && !is_root) {
		cred->cap_permitted = 0;
		cred->cap_effective = 0;
		cred->cap_ambient = 0;
	}
	if (!old->euid && cred->euid)
		cred->cap_effective = 0;
	if (old->euid && !cred->euid)
		cred->cap_effective = cred->cap_permitted;
}

void cred_become(struct cred *cred, uint32_t euid, uint32_t egid)
{
	cred->euid = cred->suid = cred->fsuid = euid;
	cred->egid = cred->sgid = cred->fsgid = egid;
	/*
	 * Root gets everything that the bounding set leaves, others nothing
	 * new.
	 */
	if (!cred->uid || !euid)
		cred->cap_permitted = cred->cap_bounding;
	else
		cred->cap_permitted = cred->cap_ambient;
	cred->cap_effective = euid ? cred->cap_ambient : cred->cap_permitted;
}
