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
#include <lib/types.h>

/* Outermost first.  In brackets: who nests the next inner one under it. */
enum lock_rank {
	/* Sleeping locks. */
	LOCK_FILE_POS,    /* file->pos_lock: read(2), write(2), lseek(2) */
	LOCK_MOUNT,       /* the mount tree while it changes */
	LOCK_SB_RENAME,   /* super->rename_lock: directory moves, one at a time */
	LOCK_INODE,       /* inode->lock; parents before children, else by address */
	LOCK_INODE_CHILD, /* inode->lock of what a directory operation acts on */
	LOCK_MM,          /* mm->lock (rwsem); a user copy may fault under LOCK_INODE */
	LOCK_PIPE,        /* pipe->lock, never over a user copy */
	LOCK_PAGE,        /* the page lock bit */
	LOCK_FS_TREE,     /* a file's block map, an fs's allocator [pagecache writeback] */
	LOCK_FS_GROUP,    /* ext4 block group */
	LOCK_BUFFER,      /* metadata buffers */
	LOCK_DEVICE,      /* device list, probing, clocks, tty settings */
	LOCK_SLEEP_LEAF,  /* sleeping locks that hold no other */

	/* Spinlocks. */
	LOCK_TASKLIST, /* the tree of processes, groups and sessions */
	LOCK_SIGHAND,  /* a process's signal state */
	LOCK_FDTABLE,  /* files->lock */
	LOCK_DCACHE,   /* dentry hash buckets and LRU */
	LOCK_DENTRY,   /* dentry->lock */
	LOCK_ICACHE,   /* inode hash buckets */
	LOCK_MAPPING,  /* page cache tree of one file */
	LOCK_LRU,      /* page lists for reclaim */
	LOCK_FUTEX,    /* futex hash buckets */
	LOCK_TTY,      /* line discipline buffers */
	LOCK_BLOCK,    /* a block device's queue; its driver's ring */
	LOCK_POLL,     /* poll tables */
	LOCK_WAITQ,    /* waitq->lock */
	LOCK_TIMER,    /* a hart's timer queue */
	LOCK_RUNQUEUE, /* a hart's run queue; two: lower hart index first */
	LOCK_VM_TLB,   /* page tables of one mm, kernel map */
	LOCK_SLAB,     /* one slab cache */
	LOCK_PAGES,    /* the page allocator */
	LOCK_IRQ,      /* interrupt controllers and descriptors */
	LOCK_LEAF,     /* spinlocks that hold no other */
	LOCK_LOG,      /* the kernel log, consoles: anyone may print */
	LOCK_RANKS
};

/* Ticket lock: fair, so that no hart starves. */
typedef struct spinlock {
	uint16_t next;  /* [atomic] the ticket that the next comer draws */
	uint16_t owner; /* [atomic] the ticket that holds the lock */
	uint16_t rank;  /* [I] enum lock_rank */
	uint16_t hart;  /* index + 1 of the holder in debug builds, else 0 */
} spinlock_t;

#define SPINLOCK_INIT(lock_rank) { .rank = (lock_rank) }

static inline void spin_init(spinlock_t *lock, enum lock_rank rank)
{
	*lock = (spinlock_t)SPINLOCK_INIT(rank);
}

/*
 * Take and release.  Pre-emption is off while a spinlock is held.
 * Context: any in which the rank allows it; interrupt handlers only for locks
 * that everyone takes with the irqsave pair.
 */
void spin_lock(spinlock_t *lock);
bool spin_trylock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);

/* The same with this hart's interrupts off; returns what to restore. */
__must_check unsigned long spin_lock_irqsave(spinlock_t *lock);
void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags);

/* For ASSERT(): held by this hart (debug builds; else held by anyone). */
bool spin_is_held(const spinlock_t *lock);
