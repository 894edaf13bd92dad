// SPDX-License-Identifier: MIT
/*
 * Virtio block devices (virtio 1.2, section 5.2).
 *
 * One queue.  A request is a chain of header, data and status byte; its memory
 * comes from a pool made at probe, so that writing dirty pages needs no
 * allocation.  blk->lock (interrupts off) covers queue and pool.  Submitters
 * sleep while either is exhausted.  Completion takes all that the device has
 * finished in one go and ends the bios after dropping the lock.
 *
 * A device that breaks the ring's rules is given up: every request, in flight
 * or to come, ends with -EIO.  Not used: several queues, write zeroes, zones.
 */
#include <stdio.h>

#include <linux/virtio_blk.h>
#include <linux/virtio_ids.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/lock.h>
#include <core/panic.h>
#include <core/printk.h>
#include <core/waitq.h>
#include <dev/block.h>
#include <drivers/block/virtio_blk.h>
#include <drivers/virtio/virtio.h>
#include <drivers/virtio/virtqueue.h>
#include <mm/page.h>

#define VIRTIO_BLK_QUEUE_MAX   256 /* descriptors */
#define VIRTIO_BLK_REQUESTS    64  /* in flight */
#define VIRTIO_BLK_VECS_MAX    32  /* of one request */
#define VIRTIO_BLK_SECTORS_MAX 2048
#define VIRTIO_BLK_NAMES       26

/* [l] blk->lock; the device reads header and discard, and writes status */
struct virtio_blk_request {
	struct virtio_blk_outhdr header;
	struct virtio_blk_discard_write_zeroes discard;
	uint8_t status;
	struct bio *bio;                 /* [l] NULL: free */
	struct virtio_blk_request *next; /* [l] free list */
};

/* [I] immutable after probe, [l] lock */
struct virtio_blk {
	struct block_device bdev;
	struct virtio_device *vdev;      /* [I] */
	struct virtqueue *vq;            /* [I] the pointer */
	spinlock_t lock;                 /* rank LOCK_BLOCK, irqsave */
	struct waitq room;               /* for a request or descriptors */
	struct virtio_blk_request *free; /* [l] */
	struct virtio_blk_request *pool; /* [I] */
	struct virtq_buf bufs[VIRTIO_BLK_VECS_MAX + 3]; /* [l] scratch */
};

STAILQ_HEAD(bio_list, bio);

static unsigned virtio_blk_count; /* [probe, one at a time] */

static int virtio_blk_errno(const struct virtio_blk_request *request)
{
	switch (*(const volatile uint8_t *)&request->status) {
	case VIRTIO_BLK_S_OK:
		return 0;
	case VIRTIO_BLK_S_UNSUPP:
		return -EOPNOTSUPP;
	default:
		return -EIO;
	}
}

static void virtio_blk_fill_header(struct virtio_blk_request *request,
				   const struct bio *bio)
{
	static const uint32_t types[] = {
		[BIO_READ] = VIRTIO_BLK_T_IN,
		[BIO_WRITE] = VIRTIO_BLK_T_OUT,
		[BIO_FLUSH] = VIRTIO_BLK_T_FLUSH,
		[BIO_DISCARD] = VIRTIO_BLK_T_DISCARD,
	};

	request->header.type = cpu_to_virtio32(types[bio->op]);
	request->header.ioprio = cpu_to_virtio32(0);
	/* Discard names its range in the data; for flush it must be 0. */
	request->header.sector =
		cpu_to_virtio64(bio->op <= BIO_WRITE ? bio->sector : 0);
	request->status = VIRTIO_BLK_S_IOERR;
	if (bio->op == BIO_DISCARD) {
		request->discard.sector = (__force __le64)bio->sector;
		request->discard.num_sectors =
			(__force __le32)(uint32_t)bio->nr_sectors;
		request->discard.flags = (__force __le32)0;
	}
}

/* Describe the request's chain in bufs; returns how many the device reads. */
static unsigned virtio_blk_fill_chain(struct virtio_blk_request *request,
				      const struct bio *bio,
				      struct virtq_buf *bufs, unsigned *total)
{
	unsigned n = 0, nr_out;

	bufs[n].addr = &request->header;
	bufs[n++].len = sizeof(request->header);
	if (bio->op == BIO_DISCARD) {
		bufs[n].addr = &request->discard;
		bufs[n++].len = sizeof(request->discard);
	}
	for (unsigned i = 0; bio->op <= BIO_WRITE && i < bio->nr_vecs; i++) {
		const struct bio_vec *vec = &bio->vecs[i];

		bufs[n].addr = (char *)page_to_virt(vec->page) + vec->offset;
		bufs[n++].len = vec->len;
	}
	nr_out = bio->op == BIO_READ ? 1 : n;
	bufs[n].addr = &request->status;
	bufs[n++].len = sizeof(request->status);
	*total = n;
	return nr_out;
}

/* 0, -EAGAIN (no room now) or -EIO (the device is broken). */
static int virtio_blk_start_locked(struct virtio_blk *blk, struct bio *bio)
{
	struct virtio_blk_request *request = blk->free;
	unsigned nr_out, total;
	int ret;

	ASSERT(spin_is_held(&blk->lock));
	if (blk->vq->broken)
		return -EIO;
	if (!request)
		return -EAGAIN;
	virtio_blk_fill_header(request, bio);
	nr_out = virtio_blk_fill_chain(request, bio, blk->bufs, &total);
	ret = virtqueue_add(blk->vq, blk->bufs, nr_out, total - nr_out,
			    request);
	if (ret)
		return ret == -ENOSPC ? -EAGAIN : ret;
	blk->free = request->next;
	request->bio = bio;
	virtqueue_kick(blk->vq);
	return 0;
}

static int virtio_blk_try_start(struct virtio_blk *blk, struct bio *bio)
{
	unsigned long flags = spin_lock_irqsave(&blk->lock);
	int ret = virtio_blk_start_locked(blk, bio);

	spin_unlock_irqrestore(&blk->lock, flags);
	return ret;
}

static void virtio_blk_submit(struct block_device *bdev, struct bio *bio)
{
	struct virtio_blk *blk = bdev->private;
	int ret = virtio_blk_try_start(blk, bio);

	if (ret == -EAGAIN)
		waitq_wait(&blk->room,
			   (ret = virtio_blk_try_start(blk, bio)) != -EAGAIN);
	if (ret)
		bio_end(bio, ret);
}

static void virtio_blk_release_locked(struct virtio_blk *blk,
				      struct virtio_blk_request *request,
				      int status, struct bio_list *done)
{
	request->bio->status = status;
	STAILQ_INSERT_TAIL(done, request->bio, link);
	request->bio = NULL;
	request->next = blk->free;
	blk->free = request;
}

static void virtio_blk_collect_locked(struct virtio_blk *blk,
				      struct bio_list *done)
{
	struct virtio_blk_request *request;
	uint32_t len;

	ASSERT(spin_is_held(&blk->lock));
	while ((request = virtqueue_get(blk->vq, &len)))
		virtio_blk_release_locked(blk, request,
					  virtio_blk_errno(request), done);
	if (!blk->vq->broken)
		return;
	/* No DMA into memory that its owners are about to get back. */
	virtio_device_reset(blk->vdev);
	while ((request = virtqueue_detach(blk->vq)))
		virtio_blk_release_locked(blk, request, -EIO, done);
}

static void virtio_blk_done(struct virtqueue *vq)
{
	struct virtio_blk *blk = vq->private;
	struct bio_list done = STAILQ_HEAD_INITIALIZER(done);
	unsigned long flags = spin_lock_irqsave(&blk->lock);
	struct bio *bio;

	virtio_blk_collect_locked(blk, &done);
	spin_unlock_irqrestore(&blk->lock, flags);

	if (!STAILQ_EMPTY(&done))
		waitq_wake_all(&blk->room);
	while ((bio = STAILQ_FIRST(&done))) {
		STAILQ_REMOVE_HEAD(&done, link);
		bio_end(bio, bio->status);
	}
}

static uint32_t virtio_blk_config32(struct virtio_device *vdev, unsigned offset)
{
	uint32_t value;

	virtio_config_read(vdev, offset, &value, 1);
	return value;
}

static void virtio_blk_read_capacity(struct virtio_blk *blk)
{
	uint32_t words[2];
	uint64_t sectors;

	virtio_config_read(blk->vdev,
			   offsetof(struct virtio_blk_config, capacity), words,
			   ARRAY_SIZE(words));
	/* Partition arithmetic stays clear of overflows below that. */
	sectors = MIN((uint64_t)words[1] << 32 | words[0], 1ull << 54);
	atomic64_store(
		&blk->bdev.nr_sectors,
		(int64_t)ALIGN_DOWN(sectors, blk->bdev.block_size / 512));
}

static void virtio_blk_config_changed(struct virtio_device *vdev)
{
	/* May come before probe is through. */
	if (vdev->private)
		virtio_blk_read_capacity(vdev->private);
}

static int virtio_blk_read_limits(struct virtio_blk *blk)
{
	struct virtio_device *vdev = blk->vdev;
	struct block_device *bdev = &blk->bdev;

	bdev->block_size = 512;
	if (virtio_has_feature(vdev, VIRTIO_BLK_F_BLK_SIZE))
		bdev->block_size = virtio_blk_config32(
			vdev, offsetof(struct virtio_blk_config, blk_size));
	if (bdev->block_size != 512 && bdev->block_size != 4096)
		return -EINVAL;

	bdev->max_sectors = VIRTIO_BLK_SECTORS_MAX;
	if (virtio_has_feature(vdev, VIRTIO_BLK_F_SIZE_MAX)) {
		uint32_t size_max = virtio_blk_config32(
			vdev, offsetof(struct virtio_blk_config, size_max));

		/* Of a segment, but as a limit of the whole it holds, too. */
		if (size_max < PAGE_SIZE)
			return -EINVAL;
		bdev->max_sectors = MIN(bdev->max_sectors,
					ALIGN_DOWN(size_max, 4096) / 512);
	}
	/* Without the feature one segment is all that is promised. */
	bdev->max_vecs = 1;
	if (virtio_has_feature(vdev, VIRTIO_BLK_F_SEG_MAX))
		bdev->max_vecs = virtio_blk_config32(
			vdev, offsetof(struct virtio_blk_config, seg_max));
	bdev->max_vecs = MIN(MAX(bdev->max_vecs, 1), VIRTIO_BLK_VECS_MAX);

	bdev->read_only = virtio_has_feature(vdev, VIRTIO_BLK_F_RO);
	/* Without it, the device writes through (5.2.6.2). */
	bdev->has_flush = virtio_has_feature(vdev, VIRTIO_BLK_F_FLUSH);
	bdev->has_discard = virtio_has_feature(vdev, VIRTIO_BLK_F_DISCARD);
	return 0;
}

static int virtio_blk_make_pool(struct virtio_blk *blk)
{
	blk->pool = kcalloc(VIRTIO_BLK_REQUESTS, sizeof(blk->pool[0]));
	if (!blk->pool)
		return -ENOMEM;
	for (unsigned i = 0; i < VIRTIO_BLK_REQUESTS; i++) {
		blk->pool[i].next = blk->free;
		blk->free = &blk->pool[i];
	}
	return 0;
}

static const struct block_device_ops virtio_blk_ops = {
	.submit = virtio_blk_submit,
};

/* Features, limits, memory and the queue. */
static int virtio_blk_setup(struct virtio_blk *blk)
{
	struct virtio_device *vdev = blk->vdev;
	int ret;

	ret = virtio_negotiate(vdev, 1ull << VIRTIO_BLK_F_SIZE_MAX |
					     1ull << VIRTIO_BLK_F_SEG_MAX |
					     1ull << VIRTIO_BLK_F_RO |
					     1ull << VIRTIO_BLK_F_BLK_SIZE |
					     1ull << VIRTIO_BLK_F_FLUSH |
					     1ull << VIRTIO_BLK_F_DISCARD);
	if (ret)
		return ret;
	ret = virtio_blk_read_limits(blk);
	if (ret)
		return ret;
	virtio_blk_read_capacity(blk);
	ret = virtio_blk_make_pool(blk);
	if (ret)
		return ret;
	ret = virtio_queue_create(vdev, 0, VIRTIO_BLK_QUEUE_MAX,
				  virtio_blk_done, &blk->vq);
	if (ret)
		return ret;
	blk->vq->private = blk;
	/* The longest chain must fit an empty ring, or it would wait for ever. */
	if (blk->vq->num < 4) {
		virtio_queue_destroy(blk->vq);
		return -EINVAL;
	}
	blk->bdev.max_vecs = MIN(blk->bdev.max_vecs, blk->vq->num - 3);
	return 0;
}

static int virtio_blk_probe(struct virtio_device *vdev)
{
	struct virtio_blk *blk;
	int ret;

	if (virtio_blk_count == VIRTIO_BLK_NAMES)
		return -ENOSPC;
	blk = kzalloc(sizeof(*blk));
	if (!blk)
		return -ENOMEM;
	blk->vdev = vdev;
	blk->bdev.ops = &virtio_blk_ops;
	blk->bdev.private = blk;
	spin_init(&blk->lock, LOCK_BLOCK);
	waitq_init(&blk->room);

	ret = virtio_blk_setup(blk);
	if (ret)
		goto err_free;
	snprintf(blk->bdev.name, sizeof(blk->bdev.name), "vd%c",
		 'a' + (int)virtio_blk_count++);
	vdev->private = blk;
	virtio_device_ready(vdev);
	ret = block_device_register(&blk->bdev);
	if (ret)
		goto err_destroy_queue;
	return 0;

err_destroy_queue:
	virtio_device_reset(vdev);
	vdev->private = NULL;
	virtio_queue_destroy(blk->vq);
err_free:
	kfree(blk->pool);
	kfree(blk);
	return ret;
}

const struct virtio_driver virtio_blk_driver = {
	.name = "virtio-blk",
	.device_id = VIRTIO_ID_BLOCK,
	.probe = virtio_blk_probe,
	.config_changed = virtio_blk_config_changed,
};
