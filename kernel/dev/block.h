// SPDX-License-Identifier: MIT
/*
 * Block devices: whole disks and partitions, and the requests (bios) to them.
 *
 * Sectors are 512 bytes, whatever the device's own block size is; transfers
 * must be multiples of the device's block size.
 *
 * Life of a bio: its submitter fills it and gives it away with bio_submit();
 * it comes back through end_io, in any context, maybe before bio_submit()
 * returns.  Nothing orders two bios that are on their way at the same time.
 */
#pragma once

#include <sys/queue.h>

#include <lib/atomic.h>
#include <lib/types.h>

struct bio;
struct block_device;
struct page;

enum bio_op {
	BIO_READ,
	BIO_WRITE,
	BIO_FLUSH,  /* writes that ended before are stable when this ends */
	BIO_DISCARD /* the contents do not matter any more */
};

/* Bytes that are contiguous in memory; they may run on into the next frame. */
struct bio_vec {
	struct page *page;
	uint32_t offset; /* from the start of the page, below PAGE_SIZE */
	uint32_t len;    /* bytes */
};

/*
 * [s] the submitter's, unchanged while it is on its way; [b] whoever has the
 * bio now: block layer, then driver
 */
struct bio {
	STAILQ_ENTRY(bio) link;    /* [b] */
	struct block_device *bdev; /* [b] in: disk or partition; out: disk */
	enum bio_op op;            /* [s] */
	uint64_t sector;           /* [b] in: of bdev; out: of the disk */
	uint64_t nr_sectors; /* [s] flush: 0; read, write: what vecs hold */
	const struct bio_vec *vecs; /* [s] */
	unsigned nr_vecs;           /* [s] */
	int status;                 /* [b] out: 0 or -errno */
	/* Any context, also interrupts and within bio_submit(). */
	void (*end_io)(struct bio *bio); /* [s] */
	void *private;                   /* [s] */
};

struct block_device_ops {
	/*
	 * Start it, and call bio_end() when it is done.  The bio fits the
	 * device.  Context: thread; may sleep until there is room for it.
	 */
	void (*submit)(struct block_device *bdev, struct bio *bio);
	/*
	 * For media that come and go, else NULL: is there one now?  0 or
	 * -ENOMEDIUM; tells of changes by block_media_changed().
	 * Context: thread; may sleep.
	 */
	int (*check)(struct block_device *disk);
};

/*
 * Registered once and never freed.
 *
 * [I] immutable after registration, [a] atomic, [B] the list's lock in block.c
 */
struct block_device {
	char name[16];               /* [I] "vda", "vda1", "mmcblk0p1" */
	uint64_t dev;                /* [I] makedev() number; the core's */
	atomic64_t nr_sectors;       /* [a] 0: no medium */
	uint32_t block_size;         /* [I] 512 or 4096 bytes */
	uint32_t max_sectors;        /* [I] of one bio to the driver */
	uint32_t max_vecs;           /* [I] of one bio to the driver */
	bool read_only;              /* [I] */
	bool has_flush, has_discard; /* [I] */
	const struct block_device_ops *ops; /* [I] */
	void *private;                      /* [I] the driver's */
	struct block_device *disk;          /* [I] itself for a whole disk */
	uint64_t start;                     /* [I] sector in its disk */
	atomic64_t reads, writes;           /* [a] bios, for /proc/diskstats */
	atomic64_t read_sectors, write_sectors; /* [a] */
	atomic_t claimed;                       /* [a] 1: mounted */
	atomic_t media;   /* [a] how often the medium has changed */
	int cached_media; /* [fs/blockdev.c] whose contents it caches */
	TAILQ_ENTRY(block_device) link; /* [B] */
};

/*
 * Announce a whole disk; then read its partition table and announce the
 * partitions, too.  The driver has set name to nr_sectors, limits, ops.
 * 0, -EINVAL (senseless limits), -ENOSPC (too many disks).
 * Context: thread; may sleep.
 */
int block_device_register(struct block_device *bdev);

/* By "vda" or "/dev/vda", by number, in order of registration; NULL: none. */
struct block_device *block_device_find(const char *name);
struct block_device *block_device_by_dev(uint64_t dev);
struct block_device *block_device_nth(unsigned n);

/* Mark as mounted: 0 or -EBUSY. */
int block_device_claim(struct block_device *bdev);
void block_device_release(struct block_device *bdev);
/* Is the disk mounted, or any of its partitions? */
bool block_disk_is_claimed(const struct block_device *disk);
/* Is this a whole disk with a partition that is not empty? */
bool block_disk_has_partitions(const struct block_device *disk);

/*
 * Before a device is used anew: 0, or -ENOMEDIUM where the driver finds no
 * medium.  Context: thread; may sleep.
 */
int block_device_check(struct block_device *bdev);

/*
 * By drivers: the disk's medium is another one now, of that size, or gone (0).
 * Its partitions are found anew; those of before have no sectors any more.
 * Context: thread; may sleep.  Reads from the disk, but not if it is gone.
 */
void block_media_changed(struct block_device *disk, uint64_t nr_sectors);

/*
 * Start a bio.  One that does not suit the device ends at once: -EINVAL (not
 * whole blocks), -EROFS, -ENXIO (beyond the end), -EOPNOTSUPP (discard).  What
 * is too long for the driver goes in pieces.  A flush of a device without
 * write cache ends with 0.
 * Context: thread; may sleep.
 */
void bio_submit(struct bio *bio);

/* The same, and wait for the end: its status.  Uses end_io and private. */
int bio_submit_wait(struct bio *bio);

/* By drivers: this bio is done.  Context: any. */
void bio_end(struct bio *bio, int status);

/*
 * Move whole sectors between the device and the direct map, and wait.
 * 0 or as bio_submit().  Context: thread; may sleep.
 */
int block_read(struct block_device *bdev, uint64_t sector, void *buf,
	       size_t len);
int block_write(struct block_device *bdev, uint64_t sector, const void *buf,
		size_t len);
int block_flush(struct block_device *bdev);

static inline uint64_t block_device_sectors(const struct block_device *bdev)
{
	return (uint64_t)atomic64_load(&bdev->nr_sectors);
}
