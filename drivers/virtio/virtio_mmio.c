// SPDX-License-Identifier: MIT
/*
 * Virtio over MMIO (virtio 1.2, section 4.2), modern (version 2) and legacy
 * (version 1, section 4.2.4).
 *
 * A slot of the device tree may be empty: device ID 0, which is -ENODEV and
 * silent.  The interrupt is shared by all queues of a device.  Registers are
 * written during probe by one thread; afterwards only the queue bell and the
 * interrupt acknowledgement are touched, which need no lock.
 */
#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>
#include <linux/virtio_mmio.h>

#include <lib/errno.h>
#include <lib/mmio.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <core/printk.h>
#include <dev/device.h>
#include <dev/irq.h>
#include <drivers/block/virtio_blk.h>
#include <drivers/virtio/virtio.h>
#include <drivers/virtio/virtqueue.h>

#include "virtio_internal.h"

#define VIRTIO_MAGIC          0x74726976 /* "virt" */
#define VIRTIO_VERSION_LEGACY 1
#define VIRTIO_VERSION_MODERN 2

/* Every kind of device that has a driver. */
static const struct virtio_driver *const virtio_drivers[] = {
	&virtio_blk_driver,
};

static uint32_t virtio_read(const struct virtio_device *vdev, unsigned reg)
{
	return mmio_read32((uint8_t __iomem *)vdev->regs + reg);
}

static void virtio_write(struct virtio_device *vdev, unsigned reg,
			 uint32_t value)
{
	mmio_write32(value, (uint8_t __iomem *)vdev->regs + reg);
}

static void virtio_add_status(struct virtio_device *vdev, uint32_t bits)
{
	virtio_write(vdev, VIRTIO_MMIO_STATUS,
		     virtio_read(vdev, VIRTIO_MMIO_STATUS) | bits);
}

void virtio_notify(struct virtio_device *vdev, unsigned queue)
{
	virtio_write(vdev, VIRTIO_MMIO_QUEUE_NOTIFY, queue);
}

void virtio_device_reset(struct virtio_device *vdev)
{
	virtio_write(vdev, VIRTIO_MMIO_STATUS, 0);
}

void virtio_device_ready(struct virtio_device *vdev)
{
	virtio_add_status(vdev, VIRTIO_CONFIG_S_DRIVER_OK);
}

static uint64_t virtio_offered_features(struct virtio_device *vdev)
{
	uint64_t features;

	virtio_write(vdev, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 1);
	features = (uint64_t)virtio_read(vdev, VIRTIO_MMIO_DEVICE_FEATURES)
		   << 32;
	virtio_write(vdev, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 0);
	return features | virtio_read(vdev, VIRTIO_MMIO_DEVICE_FEATURES);
}

int virtio_negotiate(struct virtio_device *vdev, uint64_t wanted)
{
	uint64_t offered = virtio_offered_features(vdev);

	if (vdev->legacy)
		offered &= UINT32_MAX;
	else if (!(offered >> VIRTIO_F_VERSION_1 & 1))
		return -ENODEV;
	else
		wanted |= 1ull << VIRTIO_F_VERSION_1;
	vdev->features = offered & wanted;

	virtio_write(vdev, VIRTIO_MMIO_DRIVER_FEATURES_SEL, 1);
	virtio_write(vdev, VIRTIO_MMIO_DRIVER_FEATURES,
		     (uint32_t)(vdev->features >> 32));
	virtio_write(vdev, VIRTIO_MMIO_DRIVER_FEATURES_SEL, 0);
	virtio_write(vdev, VIRTIO_MMIO_DRIVER_FEATURES,
		     (uint32_t)vdev->features);
	if (vdev->legacy)
		return 0;
	virtio_add_status(vdev, VIRTIO_CONFIG_S_FEATURES_OK);
	if (!(virtio_read(vdev, VIRTIO_MMIO_STATUS) &
	      VIRTIO_CONFIG_S_FEATURES_OK))
		return -ENODEV;
	return 0;
}

void virtio_config_read(struct virtio_device *vdev, unsigned offset,
			uint32_t *words, size_t nr_words)
{
	uint32_t before, after;

	/* A device that never comes to rest gets eight tries, not all day. */
	for (int tries = 0; tries < 8; tries++) {
		before = vdev->legacy
				 ? 0
				 : virtio_read(vdev,
					       VIRTIO_MMIO_CONFIG_GENERATION);
		for (size_t i = 0; i < nr_words; i++)
			words[i] = virtio_read(vdev, VIRTIO_MMIO_CONFIG +
							     offset + 4 * i);
		after = vdev->legacy
				? 0
				: virtio_read(vdev,
					      VIRTIO_MMIO_CONFIG_GENERATION);
		if (before == after)
			break;
	}
}

static void virtio_write_addr(struct virtio_device *vdev, unsigned reg_low,
			      const void *addr)
{
	paddr_t pa = virt_to_phys(addr);

	virtio_write(vdev, reg_low, (uint32_t)pa);
	virtio_write(vdev, reg_low + 4, (uint32_t)(pa >> 32));
}

static void virtio_queue_enable(struct virtio_device *vdev,
				const struct virtqueue *vq)
{
	virtio_write(vdev, VIRTIO_MMIO_QUEUE_NUM, vq->num);
	if (vdev->legacy) {
		virtio_write(vdev, VIRTIO_MMIO_QUEUE_ALIGN, PAGE_SIZE);
		virtio_write(
			vdev, VIRTIO_MMIO_QUEUE_PFN,
			(uint32_t)(virt_to_phys(vq->memory) >> PAGE_SHIFT));
		return;
	}
	virtio_write_addr(vdev, VIRTIO_MMIO_QUEUE_DESC_LOW, vq->ring.desc);
	virtio_write_addr(vdev, VIRTIO_MMIO_QUEUE_AVAIL_LOW, vq->ring.avail);
	virtio_write_addr(vdev, VIRTIO_MMIO_QUEUE_USED_LOW, vq->ring.used);
	virtio_write(vdev, VIRTIO_MMIO_QUEUE_READY, 1);
}

int virtio_queue_create(struct virtio_device *vdev, unsigned index,
			unsigned max, void (*done)(struct virtqueue *vq),
			struct virtqueue **result)
{
	struct virtqueue *vq;
	uint32_t limit;
	unsigned num;
	int ret;

	ASSERT(index < VIRTIO_QUEUES_MAX);
	virtio_write(vdev, VIRTIO_MMIO_QUEUE_SEL, index);
	limit = MIN(virtio_read(vdev, VIRTIO_MMIO_QUEUE_NUM_MAX), max);
	if (!limit)
		return -ENOENT;
	for (num = 1; num <= limit / 2; num *= 2)
		;
	vq = kzalloc(sizeof(*vq));
	if (!vq)
		return -ENOMEM;
	ret = virtqueue_init(vq, num);
	if (ret) {
		kfree(vq);
		return ret;
	}
	vq->vdev = vdev;
	vq->index = index;
	vq->done = done;
	vdev->queues[index] = vq;
	virtio_queue_enable(vdev, vq);
	*result = vq;
	return 0;
}

void virtio_queue_destroy(struct virtqueue *vq)
{
	vq->vdev->queues[vq->index] = NULL;
	virtqueue_exit(vq);
	kfree(vq);
}

static void virtio_interrupt(void *arg)
{
	struct virtio_device *vdev = arg;
	uint32_t status = virtio_read(vdev, VIRTIO_MMIO_INTERRUPT_STATUS);

	virtio_write(vdev, VIRTIO_MMIO_INTERRUPT_ACK, status);
	if (status & VIRTIO_MMIO_INT_VRING) {
		for (unsigned i = 0; i < VIRTIO_QUEUES_MAX; i++) {
			struct virtqueue *vq = vdev->queues[i];

			if (vq && vq->done)
				vq->done(vq);
		}
	}
	if (status & VIRTIO_MMIO_INT_CONFIG && vdev->driver->config_changed)
		vdev->driver->config_changed(vdev);
}

static const struct virtio_driver *virtio_find_driver(uint32_t device_id)
{
	for (size_t i = 0; i < ARRAY_SIZE(virtio_drivers); i++) {
		if (virtio_drivers[i]->device_id == device_id)
			return virtio_drivers[i];
	}
	return NULL;
}

/* Is there a device, of a version and kind that we know? */
static int virtio_identify(struct virtio_device *vdev)
{
	uint32_t version = virtio_read(vdev, VIRTIO_MMIO_VERSION);

	if (virtio_read(vdev, VIRTIO_MMIO_MAGIC_VALUE) != VIRTIO_MAGIC)
		return -ENODEV;
	if (version != VIRTIO_VERSION_LEGACY &&
	    version != VIRTIO_VERSION_MODERN)
		return -ENODEV;
	vdev->legacy = version == VIRTIO_VERSION_LEGACY;
	vdev->driver =
		virtio_find_driver(virtio_read(vdev, VIRTIO_MMIO_DEVICE_ID));
	return vdev->driver ? 0 : -ENODEV;
}

static int virtio_start_driver(struct virtio_device *vdev)
{
	int ret;

	virtio_device_reset(vdev);
	virtio_add_status(vdev, VIRTIO_CONFIG_S_ACKNOWLEDGE);
	virtio_add_status(vdev, VIRTIO_CONFIG_S_DRIVER);
	if (vdev->legacy)
		virtio_write(vdev, VIRTIO_MMIO_GUEST_PAGE_SIZE, PAGE_SIZE);
	ret = vdev->driver->probe(vdev);
	if (ret)
		virtio_add_status(vdev, VIRTIO_CONFIG_S_FAILED);
	return ret;
}

static int virtio_mmio_probe(struct device *dev)
{
	struct virtio_device *vdev;
	int ret;

	vdev = kzalloc(sizeof(*vdev));
	if (!vdev)
		return -ENOMEM;
	vdev->dev = dev;

	ret = device_map_reg(dev, 0, &vdev->regs);
	if (ret)
		goto err_free;
	ret = virtio_identify(vdev);
	if (ret)
		goto err_unmap_regs;
	ret = irq_request(dev, 0, virtio_interrupt, vdev);
	if (ret)
		goto err_unmap_regs;
	ret = virtio_start_driver(vdev);
	if (ret)
		goto err_free_irq;
	dev->private = vdev;
	return 0;

err_free_irq:
	irq_free(dev, 0);
err_unmap_regs:
	device_unmap_reg(dev, 0, vdev->regs);
err_free:
	kfree(vdev);
	return ret;
}

/* Memory is about to be given to somebody else: no DMA from here on. */
static void virtio_mmio_shutdown(struct device *dev)
{
	virtio_device_reset(dev->private);
}

static const struct of_match virtio_mmio_match[] = {
	{ .compatible = "virtio,mmio" },
	{},
};

static const struct driver virtio_mmio_driver = {
	.name = "virtio-mmio",
	.match = virtio_mmio_match,
	.probe = virtio_mmio_probe,
	.shutdown = virtio_mmio_shutdown,
};
DRIVER_DECLARE(virtio_mmio_driver);
