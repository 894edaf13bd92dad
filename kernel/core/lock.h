// SPDX-License-Identifier: MIT
/*
 * Spinlocks, and the order of all locks of the kernel.
 *
 * A lock is initialised with its rank.  A hart (for spinlocks) or a thread (for
 * sleeping locks) that holds a lock may take only locks of a higher rank, or of
 * the same rank where the comment below says how equals are ordered; debug
 * builds check that at every acquisition.  A new lock is a new line here.
 *
 * Spinlocks are held over memory accesses, never over I/O, user copies or
 * anything that sleeps.  A lock that an interrupt handler takes is taken with
 * spin_lock_irqsave() everywhere; the others with spin_lock(), which leaves
 * interrupts as they are but keeps the holder on its hart.
 */
#pragma once

#include <lib/atomic.h>
#include <lib/csr.h>
#include <lib/types.h>

/* Outermost first.  In brackets: who nests the next inner one under it. */
enum lock_rank {
	/* Sleeping locks. */
	LOCK_FILE_POS,  /* file->pos_lock: read(2), write(2), lseek(2) */
	LOCK_TTY_WRITE, /* tty->write_lock: one write(2) at a time */
	LOCK_MOUNT,     /* the mount tree while it changes */
	LOCK_SUPERS,    /* the list of mounted super blocks [fs_sync_all] */
	LOCK_SYNC,      /* super->sync_lock: one sync at a time */
	LOCK_SB_RENAME, /* super->rename_lock: directory moves, one at a time */
	LOCK_INODE, /* inode->lock; parents before children, else by address */
	LOCK_INODE_CHILD, /* inode->lock of what a directory operation acts on */
	LOCK_PIPE, /* pipe->lock, over user copies; faults need no pipe */
	LOCK_MM, /* mm->lock (rwsem); a user copy may fault under LOCK_INODE */
	LOCK_PAGE, /* the page lock bit */
	LOCK_FS_TREE, /* a file's block map, an fs's allocator [pagecache writeback] */
	LOCK_FS_GROUP,    /* ext4 block group */
	LOCK_BUFFER,      /* metadata buffers */
	LOCK_EPOLL_WATCH, /* which files are in interest lists */
	LOCK_EPOLL,       /* an interest list [files are asked under it] */
	LOCK_DEVICE,      /* device list, probing, clocks, tty settings */
	LOCK_SPI,         /* an SPI bus; its driver sleeps for the controller */
	LOCK_OOM,         /* who is to die; only tried, from page_alloc() */
	LOCK_SLEEP_LEAF,  /* sleeping locks that hold no other */

	/* Spinlocks. */
	LOCK_TASKLIST,      /* the tree of processes, groups and sessions */
	LOCK_SIGHAND,       /* a process's signal state */
	LOCK_FDTABLE,       /* files->lock */
	LOCK_DCACHE,        /* dentry hash buckets */
	LOCK_DENTRY,        /* dentry->lock */
	LOCK_DCACHE_LRU,    /* unused dentries */
	LOCK_ICACHE,        /* inode hash buckets */
	LOCK_ICACHE_LRU,    /* unused inodes */
	LOCK_MAPPING,       /* page cache tree of one file */
	LOCK_LRU,           /* page lists for reclaim */
	LOCK_FUTEX,         /* futex hash buckets; two: by address */
	LOCK_TTY,           /* line discipline buffers */
	LOCK_BUFFER_CACHES, /* the list of caches [buffer_cache_shrink()] */
	LOCK_BUFFER_CACHE, /* one cache's buffers; frees them to the allocator */
	LOCK_BLOCK,        /* a block device's queue; its driver's ring */
	LOCK_INPUT,        /* an input device; its readers are woken under it */
	LOCK_POLL,         /* poll tables */
	LOCK_WAITQ,        /* waitq->lock */
	LOCK_EPOLL_READY,  /* ready items; woken under a file's queue */
	LOCK_TIMER,        /* a hart's timer queue */
	LOCK_RUNQUEUE,     /* a hart's run queue; two: lower hart index first */
	LOCK_VM_TLB,       /* page tables of one mm, kernel map */
	LOCK_SLAB,         /* one slab cache */
	LOCK_PAGES,        /* the page allocator */
	LOCK_IRQ,          /* interrupt controllers and descriptors */
	LOCK_GPIO,         /* a GPIO controller's registers and lines */
	LOCK_LEAF,         /* spinlocks that hold no other */
	LOCK_LOG,          /* the kernel log, consoles: anyone may print */
	LOCK_UART,         /* a serial device's registers */
	LOCK_RANKS
};

/*
 * Whoever swaps a 1 for the 0 has the lock.  That is not fair, on purpose: with
 * tickets each hand-over waits for one certain hart, and where harts are threads
 * of an emulator that has fewer processors, that one mostly does not run.  Eight
 * programs that stop and continue their children took 38 s on four harts so,
 * and 0.7 s with this.  What is done under spinlocks is short, so that waiters
 * have their turn soon.
 */
typedef struct spinlock {
	uint32_t locked; /* [atomic] 0 or 1 */
	uint16_t rank;   /* [I] enum lock_rank */
	uint16_t hart;   /* [holder] its index + 1, debug builds only */
} spinlock_t;

#define SPINLOCK_INIT(lock_rank)                                               \
	{                                                                      \
		.rank = (lock_rank)                                            \
	}

static inline void spin_init(spinlock_t *lock, enum lock_rank rank)
{
	*lock = (spinlock_t)SPINLOCK_INIT(rank);
}

/* The slow path and the debug checks, in lock.c; only for what follows here. */
void spin_wait(spinlock_t *lock);
#if KEEL_DEBUG
void spin_debug_check(const spinlock_t *lock);
void spin_debug_acquired(spinlock_t *lock);
void spin_debug_release(spinlock_t *lock);
/*
 * Around an interrupt handler: what the interrupted code holds is not in the
 * order of what the handler takes.  Pass on what enter returned.
 */
unsigned spin_debug_irq_enter(void);
void spin_debug_irq_exit(unsigned base);
#else
static inline unsigned spin_debug_irq_enter(void)
{
	return 0;
}
static inline void spin_debug_irq_exit(unsigned base)
{
	(void)base;
}
static inline void spin_debug_check(const spinlock_t *lock)
{
	(void)lock;
}
static inline void spin_debug_acquired(spinlock_t *lock)
{
	(void)lock;
}
static inline void spin_debug_release(spinlock_t *lock)
{
	(void)lock;
}
#endif

/*
 * Take and release.  Pre-emption is off while a spinlock is held.
 * Context: any in which the rank allows it; interrupt handlers only for locks
 * that everyone takes with the irqsave pair.
 */
static inline void spin_lock(spinlock_t *lock)
{
	spin_debug_check(lock);
	if (unlikely(__atomic_exchange_n(&lock->locked, 1, __ATOMIC_ACQUIRE)))
		spin_wait(lock);
	spin_debug_acquired(lock);
}

static inline bool spin_trylock(spinlock_t *lock)
{
	if (__atomic_exchange_n(&lock->locked, 1, __ATOMIC_ACQUIRE))
		return false;
	spin_debug_acquired(lock);
	return true;
}

static inline void spin_unlock(spinlock_t *lock)
{
	spin_debug_release(lock);
	__atomic_store_n(&lock->locked, 0, __ATOMIC_RELEASE);
}

/* The same with this hart's interrupts off; returns what to restore. */
static inline __must_check unsigned long spin_lock_irqsave(spinlock_t *lock)
{
	unsigned long flags =
		csr_read_clear(CSR_SSTATUS, SSTATUS_SIE) & SSTATUS_SIE;

	spin_lock(lock);
	return flags;
}

static inline void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
	spin_unlock(lock);
	csr_set(CSR_SSTATUS, flags);
}

/* For ASSERT(): held by this hart (debug builds; else held by anyone). */
bool spin_is_held(const spinlock_t *lock);
