// SPDX-License-Identifier: MIT
/*
 * Block devices: whole disks and partitions, and the requests (bios) to them.
 *
 * A bio is owned by its submitter until submit and again from its end_io on.
 * Sectors are 512 bytes, whatever the device's own block size is; transfers must be
 * multiples of the device's block size.
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
	BIO_FLUSH,   /* what was completed before is on stable storage after */
	BIO_DISCARD
};
#define BIO_FUA (1u << 0) /* this write is stable when it ends */

struct bio_vec {
	struct page *page;
	uint32_t offset, len;
};

struct bio {
	STAILQ_ENTRY(bio) link;    /* [driver's queue lock] */
	struct block_device *bdev; /* in: remapped to the disk by the core */
	enum bio_op op;
	unsigned flags;
	uint64_t sector;
	uint64_t nr_sectors; /* discard; else the sum of the vectors */
	const struct bio_vec *vecs;
	unsigned nr_vecs;
	int status;                      /* out: 0 or -errno */
	void (*end_io)(struct bio *bio); /* any context, maybe within submit */
	void *private;                   /* of the submitter */
};

struct block_device_ops {
	/* Start it; completion by bio_end().  Interrupts on; may wait for room in the ring. */
	void (*submit)(struct block_device *bdev, struct bio *bio);
};

struct block_device {
	char name[16];            /* [I] "vda", "vda1", "mmcblk0p1" */
	uint64_t dev;             /* [I] makedev() number */
	uint64_t nr_sectors;      /* [a] 0: no medium */
	uint32_t block_size;      /* [I] of the device: 512, 4096 */
	uint32_t max_sectors;     /* [I] of one bio to the driver */
	uint32_t max_vecs;        /* [I] */
	bool read_only;           /* [I] */
	bool has_flush, has_discard; /* [I] */
	const struct block_device_ops *ops; /* [I] */
	void *private;            /* [I] the driver's */
	struct block_device *disk; /* [I] NULL: a whole disk */
	uint64_t start;           /* [I] of a partition in its disk */
	uint64_t reads, writes, read_sectors, write_sectors; /* [racy] /proc/diskstats */
	atomic_t openers;         /* [a] */
	bool claimed;             /* [block lock] mounted */
	TAILQ_ENTRY(block_device) link; /* [block lock] */
};

/* Announce; reads the partition table and announces those too, makes /dev nodes. */
int block_device_register(struct block_device *bdev);
struct block_device *block_device_find(const char *name); /* "vda" or "/dev/vda" */
struct block_device *block_device_by_dev(uint64_t dev);
/* The n-th in order of registration, NULL beyond. */
struct block_device *block_device_nth(unsigned n);

/* Checks range, alignment and read-only (then ends with -EINVAL, -EROFS or -ENXIO), splits where the
 * device's limits demand it, and submits.  Thread context, may sleep. */
void bio_submit(struct bio *bio);
/* Submit and wait: status. */
int bio_submit_wait(struct bio *bio);
void bio_end(struct bio *bio, int status); /* by drivers; any context */

/* Simple synchronous transfers of whole sectors to kernel (direct map) memory. */
int block_read(struct block_device *bdev, uint64_t sector, void *buf, size_t len);
int block_write(struct block_device *bdev, uint64_t sector, const void *buf, size_t len);
int block_flush(struct block_device *bdev);
