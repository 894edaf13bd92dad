// SPDX-License-Identifier: MIT
/*
 * Memory: mmap(2), brk(2) and their kin.  The work is done in mm/.
 */
#include <syscall/handlers.h>

#include <linux/capability.h>
#include <linux/membarrier.h>
#include <linux/mman.h>
#include <linux/resource.h>

#include <lib/errno.h>

#include <arch/hart.h>
#include <core/alloc.h>
#include <core/thread.h>
#include <core/time.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <lib/barrier.h>
#include <mm/advise.h>
#include <mm/mm.h>
#include <mm/protect.h>
#include <mm/remap.h>
#include <mm/usercopy.h>
#include <proc/task.h>

#define MINCORE_BATCH 64

/* brk(2): the new break, or the old one when it could not be moved. */
long sys_brk(const struct syscall_args *args)
{
	return mm_brk(current_thread()->mm, args->arg[0]);
}

/* mmap(2): the address, or as that page lists. */
long sys_mmap(const struct syscall_args *args)
{
	unsigned flags = (unsigned)args->arg[3];
	struct file *file = NULL;
	long ret;

	if (!(flags & MAP_ANONYMOUS)) {
		file = fd_get((int)args->arg[4]);
		if (!file)
			return -EBADF;
	}
	ret = mm_map(current_thread()->mm, args->arg[0], args->arg[1],
		     (unsigned)args->arg[2], flags, file, args->arg[5]);
	if (file)
		fd_put(file);
	return ret;
}

/*
 * munmap(2), number 215: 0, also where nothing is mapped; -EINVAL (not a page's
 * address, length 0, outside of user space) or -ENOMEM (a split area).
 */
long sys_munmap(const struct syscall_args *args)
{
	return mm_unmap(current_thread()->mm, args->arg[0], args->arg[1]);
}

/* mprotect(2): 0, -EINVAL, -ENOMEM or -EACCES. */
long sys_mprotect(const struct syscall_args *args)
{
	unsigned prot = (unsigned)args->arg[2];

	if (prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM))
		return -EINVAL;
	return mm_protect(current_thread()->mm, args->arg[0], args->arg[1],
			  prot & (PROT_READ | PROT_WRITE | PROT_EXEC));
}

/*
 * mremap(2), number 216: the new address, -EINVAL, -EFAULT, -ENOMEM or
 * -EAGAIN.
 */
long sys_mremap(const struct syscall_args *args)
{
	return mm_remap(current_thread()->mm, args->arg[0], args->arg[1],
			args->arg[2], (unsigned)args->arg[3], args->arg[4]);
}

/* The page-aligned range [addr, addr + len): 0, -EINVAL or -ENOMEM. */
static int range_from_user(uintptr_t addr, size_t len, uintptr_t *end)
{
	if (!IS_ALIGNED(addr, PAGE_SIZE))
		return -EINVAL;
	if (len > USER_TOP || addr > USER_TOP - ALIGN_UP(len, PAGE_SIZE))
		return -ENOMEM;
	*end = addr + ALIGN_UP(len, PAGE_SIZE);
	return 0;
}

/* madvise(2), number 233: 0, -EINVAL, -ENOMEM or -EAGAIN. */
long sys_madvise(const struct syscall_args *args)
{
	uintptr_t end;

	if (range_from_user(args->arg[0], args->arg[1], &end))
		return -EINVAL;
	return mm_advise(current_thread()->mm, args->arg[0], end,
			 (int)args->arg[2]);
}

/* msync(2): 0, -EINVAL, -ENOMEM, -EBUSY or -EIO. */
long sys_msync(const struct syscall_args *args)
{
	unsigned flags = (unsigned)args->arg[2];
	uintptr_t end;
	int ret;

	if (flags & ~(unsigned)(MS_ASYNC | MS_INVALIDATE | MS_SYNC) ||
	    (flags & MS_ASYNC && flags & MS_SYNC))
		return -EINVAL;
	ret = range_from_user(args->arg[0], args->arg[1], &end);
	if (ret)
		return ret;
	return mm_sync(current_thread()->mm, args->arg[0], end, flags);
}

/* mincore(2): a byte for each page; bit 0: it is in memory. */
long sys_mincore(const struct syscall_args *args)
{
	unsigned char __user *vec = (unsigned char __user *)args->arg[2];
	uintptr_t addr = args->arg[0];
	unsigned char batch[MINCORE_BATCH];
	uintptr_t end;
	int ret;

	ret = range_from_user(addr, args->arg[1], &end);
	if (ret)
		return ret;
	while (addr < end) {
		size_t nr = MIN((end - addr) >> PAGE_SHIFT, sizeof(batch));

		ret = mm_pages_present(current_thread()->mm, addr, nr, batch);
		if (!ret)
			ret = copy_to_user(vec, batch, nr);
		if (ret)
			return ret;
		addr += nr << PAGE_SHIFT;
		vec += nr;
	}
	return 0;
}

/* The pages that [addr, addr + len) touches: 0 or -ENOMEM. */
static int lock_range_from_user(uintptr_t addr, size_t len, uintptr_t *start,
				uintptr_t *end)
{
	*start = ALIGN_DOWN(addr, PAGE_SIZE);
	if (len > USER_TOP)
		return -ENOMEM;
	return range_from_user(*start, len + (addr - *start), end);
}

static long lock_range(uintptr_t addr, size_t len, bool populate)
{
	struct mm *mm = current_thread()->mm;
	uint64_t limit = rlimit_get(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	uintptr_t start, end;
	int ret;

	ret = lock_range_from_user(addr, len, &start, &end);
	if (ret || start == end)
		return ret;
	if (!limit)
		return -EPERM;
	ret = mm_lock_range(mm, start, end, limit);
	if (!ret && populate)
		mm_populate(mm, start, end);
	return ret;
}

/*
 * mlock(2), number 228: pages stay in memory, and come in now as far as they
 * can.  0, -ENOMEM (not all mapped, over RLIMIT_MEMLOCK) or -EPERM (limit 0).
 */
long sys_mlock(const struct syscall_args *args)
{
	return lock_range(args->arg[0], args->arg[1], true);
}

/* mlock2(2), number 284: the same; with MLOCK_ONFAULT pages come as touched. */
long sys_mlock2(const struct syscall_args *args)
{
	if (args->arg[2] & ~(unsigned long)MLOCK_ONFAULT)
		return -EINVAL;
	return lock_range(args->arg[0], args->arg[1], !args->arg[2]);
}

/* munlock(2), number 229: 0 or -ENOMEM (not all mapped). */
long sys_munlock(const struct syscall_args *args)
{
	uintptr_t start, end;
	int ret;

	ret = lock_range_from_user(args->arg[0], args->arg[1], &start, &end);
	if (ret || start == end)
		return ret;
	return mm_change_flags(current_thread()->mm, start, end, VMA_LOCKED,
			       false);
}

/*
 * mlockall(2), number 230: areas are marked, what is not in memory comes as it
 * is touched.  0, -EINVAL or -ENOMEM (over RLIMIT_MEMLOCK).
 */
long sys_mlockall(const struct syscall_args *args)
{
	unsigned flags = (unsigned)args->arg[0];

	if (!flags ||
	    flags & ~(unsigned)(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) ||
	    flags == MCL_ONFAULT)
		return -EINVAL;
	return mm_lock_all(current_thread()->mm, flags & MCL_CURRENT,
			   flags & MCL_FUTURE,
			   rlimit_get(RLIMIT_MEMLOCK) >> PAGE_SHIFT);
}

/* munlockall(2), number 231: 0; ends MCL_FUTURE, too. */
long sys_munlockall(const struct syscall_args *args)
{
	(void)args;
	mm_unlock_all(current_thread()->mm);
	return 0;
}

static void membarrier_here(void *arg)
{
	(void)arg;
	smp_mb();
}

/* membarrier(2): 0, the mask of what there is (QUERY), or -EINVAL. */
long sys_membarrier(const struct syscall_args *args)
{
	const unsigned known = MEMBARRIER_CMD_GLOBAL |
			       MEMBARRIER_CMD_GLOBAL_EXPEDITED |
			       MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED |
			       MEMBARRIER_CMD_PRIVATE_EXPEDITED |
			       MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED;
	unsigned command = (unsigned)args->arg[0];

	if (args->arg[1])
		return -EINVAL;
	switch (command) {
	case MEMBARRIER_CMD_QUERY:
		return known;
	case MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED:
	case MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED:
		return 0;
	case MEMBARRIER_CMD_GLOBAL:
	case MEMBARRIER_CMD_GLOBAL_EXPEDITED:
	case MEMBARRIER_CMD_PRIVATE_EXPEDITED:
		smp_mb();
		hart_call_others(membarrier_here, NULL);
		return 0;
	default:
		return -EINVAL;
	}
}
