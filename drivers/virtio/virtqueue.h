// SPDX-License-Identifier: MIT
/*
 * Split virtqueues (virtio 1.2, section 2.7): a table of descriptors, a ring of
 * chains for the device, a ring of chains that the device has used.
 *
 * A queue has no lock: its driver serialises add, kick and get.
 */
#pragma once

#include <linux/virtio_ring.h>

#include <lib/types.h>

struct virtio_device;

/* One stretch of memory in the direct map. */
struct virtq_buf {
	const void *addr;
	uint32_t len; /* bytes */
};

/* [I] immutable after creation, [d] the driver's lock */
struct virtqueue {
	struct virtio_device *vdev;         /* [I] */
	unsigned index;                     /* [I] number in the device */
	void (*done)(struct virtqueue *vq); /* [I] interrupts off */
	void *private;                      /* [I] the driver's */
	unsigned num;                       /* [I] entries, a power of two */
	void *memory;                       /* [I] the three parts below */
	unsigned memory_order;              /* [I] pages, as page_alloc() */
	struct vring ring;                  /* [I]; contents shared, [d] */
	uint16_t free_head;                 /* [d] chained through next */
	uint16_t nr_free;                   /* [d] */
	uint16_t avail_idx;                 /* [d] that the device may see */
	uint16_t kicked_idx;                /* [d] that it was told of */
	uint16_t used_idx;                  /* [d] up to where we have looked */
	bool broken;                        /* [d] */
	/*
	 * [d] The device can write to the descriptors, so our own copy of the
	 * chain links and lengths is what counts.
	 */
	struct virtq_slot {
		void *token;     /* of the head while in flight, else NULL */
		uint16_t next;   /* in the chain or in the free list */
		uint16_t chain;  /* head: descriptors in the chain */
		uint32_t in_len; /* head: bytes that the device may write */
	} * slots;
};

/* Lay out an empty queue of num entries: 0 or -ENOMEM. */
int virtqueue_init(struct virtqueue *vq, unsigned num);
void virtqueue_exit(struct virtqueue *vq);

/*
 * Offer a chain of nr_out buffers that the device reads, then nr_in that it
 * writes.  token (not NULL) comes back from virtqueue_get().
 * 0, -ENOSPC (no room now), -EIO (broken).
 */
int virtqueue_add(struct virtqueue *vq, const struct virtq_buf *bufs,
		  unsigned nr_out, unsigned nr_in, void *token);

/* Tell the device about what was added since the last kick, if it wants to know. */
void virtqueue_kick(struct virtqueue *vq);

/*
 * The next chain that the device is done with: its token, and in *len how many
 * bytes it claims to have written, at most what the chain has room for.
 * NULL: no more now.  A device that breaks the rules sets vq->broken.
 */
void *virtqueue_get(struct virtqueue *vq, uint32_t *len);

/* Of a broken queue: some token still in flight, or NULL when none is left. */
void *virtqueue_detach(struct virtqueue *vq);
