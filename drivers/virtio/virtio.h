// SPDX-License-Identifier: MIT
/*
 * Virtio devices (Virtual I/O Device specification 1.2): what a device driver
 * sees of its device and its queues, whatever bus and version lie beneath.
 *
 * A driver's probe() gets a device that was reset and acknowledged.  It
 * negotiates features, makes its queues, calls virtio_device_ready(), and only
 * then announces what it drives.
 *
 * The device is not trusted: what it writes into a ring is checked, and one
 * that breaks the rules is marked broken, after which nothing it says counts.
 */
#pragma once

#include <linux/virtio_types.h>

#include <lib/types.h>

/*
 * Numbers in structures that the device sees: little-endian in modern devices,
 * the guest's order in legacy ones, which for us is the same.
 */
static inline __virtio16 cpu_to_virtio16(uint16_t v)
{
	return (__force __virtio16)v;
}

static inline __virtio32 cpu_to_virtio32(uint32_t v)
{
	return (__force __virtio32)v;
}

static inline __virtio64 cpu_to_virtio64(uint64_t v)
{
	return (__force __virtio64)v;
}

struct device;
struct virtio_device;
struct virtqueue;

/* A kind of device; listed in virtio_mmio.c. */
struct virtio_driver {
	const char *name;
	uint32_t device_id; /* VIRTIO_ID_* */
	/* As struct driver's probe(); undoes what it did when it fails. */
	int (*probe)(struct virtio_device *vdev);
	/* The device's configuration changed.  Interrupts off.  Optional. */
	void (*config_changed)(struct virtio_device *vdev);
};

#define VIRTIO_QUEUES_MAX 8

/*
 * Made by the transport's probe and never freed once the driver took it.
 * [I] immutable after probe
 */
struct virtio_device {
	struct device *dev; /* [I] */
	void __iomem *regs; /* [I] */
	bool legacy;        /* [I] */
	uint64_t features;  /* [I] negotiated, bit n: feature n */
	const struct virtio_driver *driver;          /* [I] */
	void *private;                               /* [I] the driver's */
	struct virtqueue *queues[VIRTIO_QUEUES_MAX]; /* [I] by index or NULL */
};

/*
 * Take those of the wanted features (bit n: feature n) that the device
 * offers.  0, or -ENODEV when the device refuses.  Context: thread, once.
 */
int virtio_negotiate(struct virtio_device *vdev, uint64_t wanted);

static inline bool virtio_has_feature(const struct virtio_device *vdev,
				      unsigned feature)
{
	return vdev->features >> feature & 1;
}

/*
 * Read 32-bit words of the configuration space, low one first, all of them at
 * one moment of the device.  offset: bytes, a multiple of 4.  Context: any.
 */
void virtio_config_read(struct virtio_device *vdev, unsigned offset,
			uint32_t *words, size_t nr_words);

/*
 * Make queue number index with at most max entries.  done is called in
 * interrupt context when buffers were used.
 * 0, -ENOENT (the device has no such queue), -ENOMEM.
 */
int virtio_queue_create(struct virtio_device *vdev, unsigned index,
			unsigned max, void (*done)(struct virtqueue *vq),
			struct virtqueue **result);
void virtio_queue_destroy(struct virtqueue *vq); /* only before ready */

/* From here on the device may work, and interrupt. */
void virtio_device_ready(struct virtio_device *vdev);

/* Stop it for good: it forgets its queues and touches no memory any more. */
void virtio_device_reset(struct virtio_device *vdev);
