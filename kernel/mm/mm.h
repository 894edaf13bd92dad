// SPDX-License-Identifier: MIT
/*
 * User address spaces.
 *
 * struct mm is shared by the threads of a process (clone(CLONE_VM)) and holds a
 * page-table root and a tree of areas (struct vma), ordered by address.  Pages
 * appear on first touch (fault.c); fork copies the areas and shares the pages,
 * write-protected, until one side writes.
 */
#pragma once

#include <sys/tree.h>

#include <lib/types.h>

#include <arch/pgtable.h>
#include <arch/trap.h>
#include <core/mutex.h>
#include <core/refcount.h>

struct file;
struct mapping;
struct vma;

/*
 * [I] immutable, [a] atomic, [lock] mm->lock held for writing to change it
 */
struct mm {
	refcount_t users;  /* [a] threads and borrowers (/proc, ptrace) */
	struct rwsem lock; /* areas; read by faults, written by mmap & co. */
	RB_HEAD(vma_tree, vma) areas; /* [lock] */
	struct vma *hint; /* [lock, racy] the area of the last fault, or NULL */
	pte_t *root;      /* [I] */
	spinlock_t pt_lock; /* leaf entries; rank LOCK_VM_TLB */
	atomic64_t harts; /* [a] bit per hart index that may hold TLB entries */
	uintptr_t brk_start, brk; /* [lock] */
	uintptr_t mmap_top;  /* [I] areas without a wish go below, top down */
	uintptr_t stack_top; /* [I] */
	uintptr_t arg_start, arg_end, env_start, env_end; /* [lock] */
	atomic64_t rss;                                   /* [a] pages mapped */
	uint64_t total_pages;  /* [lock] sum of the areas */
	uint64_t data_pages;   /* [lock] of which private and writable */
	uint64_t locked_pages; /* [lock] */
	unsigned nr_areas;     /* [lock] */
	unsigned unpruned;     /* [lock] page tables that may be empty */
	unsigned map_flags;    /* [lock] VMA_LOCKED: mlockall(MCL_FUTURE) */
	struct file *exe; /* [lock] the program: a reference, writers denied */
	unsigned long asid; /* [owned by arch/] */
	uint64_t auxv[48];  /* [I] after exec: for /proc/PID/auxv */
};

/*
 * One area: pages that are alike.  Born by mm_map() and its sisters, by fork
 * or by a split; freed by the unmapping of its last page.  Areas of a file are
 * also on mapping->vmas, so start, end and pgoff of these change only with
 * mapping->vmas_lock held, too.
 */
struct vma {
	RB_ENTRY(vma) link;   /* [mm->lock] */
	uintptr_t start, end; /* [mm->lock] page-aligned, end exclusive */
	uintptr_t gap;        /* [mm->lock] bytes free below start */
	uintptr_t max_gap;    /* [mm->lock] the largest gap of the subtree */
	unsigned prot;        /* [mm->lock] PROT_* */
	unsigned flags;       /* [mm->lock] VMA_*; VMA_HAS_ANON: mm->pt_lock */
	struct mm *mm;        /* [I] */
	struct file *file;    /* [I] one reference, or NULL: anonymous */
	struct mapping *mapping; /* [I] the page cache that it shows, or NULL */
	uint64_t pgoff;          /* [mm->lock] file page at start */
	const struct vma_ops *ops; /* [I] or NULL: page cache or anonymous */
	void *private;             /* [I] for ops */
	TAILQ_ENTRY(vma) mapping_link; /* [mapping->vmas_lock] rmap of files */
};

enum vma_flag {
	VMA_SHARED = 1 << 0,    /* MAP_SHARED */
	VMA_GROWSDOWN = 1 << 1, /* a stack */
	VMA_MAYWRITE = 1 << 2,  /* mprotect() may allow writing */
	VMA_LOCKED = 1 << 3,    /* mlock() */
	VMA_DONTFORK = 1 << 4,
	VMA_IO = 1 << 5,    /* device memory: no struct page, no COW */
	VMA_STACK = 1 << 6, /* for /proc/PID/maps */
	VMA_HEAP = 1 << 7,
	VMA_HAS_ANON = 1 << 8,   /* holds private pages: fork must copy */
	VMA_WIPEONFORK = 1 << 9, /* the child starts with zeros */
	VMA_NOCHANGE = 1 << 10 /* the vDSO: neither merged nor moved in part */
};

/* For what is not simply a file's page cache: shared memory, devices, vDSO. */
struct vma_ops {
	/* Find the page at pgoff with a reference, locked or not: 0 or -errno. */
	int (*fault)(struct vma *vma, uint64_t pgoff, bool write,
		     struct page **page);
	void (*open)(struct vma *vma); /* copied by fork or split */
	void (*close)(struct vma *vma);
	const char *name; /* in /proc/PID/maps, e.g. "[vdso]" */
};

/*
 * What mm/ asks of open files and of limits, which it knows by name only.
 * fs/ and proc/ register these at boot.
 */
struct mm_file_ops {
	struct file *(*get)(struct file *file); /* one more reference */
	void (*put)(struct file *file);         /* may sleep */
	/* May it be mapped like this?  0, -EACCES, -EPERM or -ENODEV. */
	int (*check_map)(const struct file *file, unsigned prot, bool shared);
	bool (*may_write)(const struct file *file);
	/* Set vma->mapping or vma->ops of a new area of it.  0 or -errno. */
	int (*map)(struct file *file, struct vma *vma);
	/* Write [from, to] in bytes back and wait: msync(2).  0 or -errno. */
	int (*sync)(struct file *file, off_t from, off_t to);
	/*
	 * One more reference on a program that runs, and so cannot be written;
	 * and to drop one.
	 */
	struct file *(*get_program)(struct file *file);
	void (*put_program)(struct file *file);
};
void mm_register_files(const struct mm_file_ops *ops);
/* limit: of the current process, by RLIMIT_*, as getrlimit(2) has it. */
void mm_register_limits(uint64_t (*limit)(unsigned resource));

/* Boot: caches and the zero page.  Needs kmalloc_init(). */
void mm_init(void);

struct mm *mm_create(void);            /* empty; NULL: no memory */
struct mm *mm_fork(struct mm *parent); /* copy-on-write; NULL: no memory */
static inline void mm_get(struct mm *mm)
{
	refcount_get(&mm->users);
}
void mm_put(struct mm *mm); /* thread context, may sleep */

/*
 * mmap(2) with a file already resolved (NULL: anonymous).  prot, flags as the
 * call has them; result: address or -errno.  Takes mm->lock.
 */
long mm_map(struct mm *mm, uintptr_t addr, size_t len, unsigned prot,
	    unsigned flags, struct file *file, uint64_t offset);
int mm_unmap(struct mm *mm, uintptr_t addr, size_t len);
int mm_protect(struct mm *mm, uintptr_t addr, size_t len, unsigned prot);
long mm_brk(struct mm *mm, uintptr_t brk); /* the new (or old) break */
/* exec: place an area that must not exist yet, of kernel-made kind. */
int mm_map_special(struct mm *mm, uintptr_t addr, size_t len, unsigned prot,
		   unsigned vma_flags, const struct vma_ops *ops,
		   void *private);
/* exec: the growing stack, size limited by RLIMIT_STACK. */
int mm_map_stack(struct mm *mm, uintptr_t top, size_t initial, bool executable);

/* Find the area holding addr, or the first above.  mm->lock held. */
struct vma *mm_find_vma(struct mm *mm, uintptr_t addr);

/*
 * Resolve a fault of the current thread; the page_fault of struct trap_ops.
 * -EACCES: the area does not permit it.
 */
int mm_fault(uintptr_t addr, enum fault_access access);

/*
 * Copy to or from another process's memory (ptrace, /proc/PID/mem, exec's
 * argument pages).  Bytes copied, or -EFAULT.  May sleep.
 */
ssize_t mm_access(struct mm *mm, uintptr_t addr, void *buf, size_t len,
		  bool write);

/* Remove the user mappings of file pages [first, last] (truncate, reclaim). */
void mapping_unmap_range(struct mapping *mapping, uint64_t first,
			 uint64_t last);
