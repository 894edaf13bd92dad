// SPDX-License-Identifier: MIT
/*
 * Split virtqueues (virtio 1.2, section 2.7).
 *
 * The layout is the legacy one, descriptors, available ring and, on the next
 * page, used ring, which suits modern devices as well.  Indirect descriptors
 * and event indexes are not used: a ring of some hundred entries holds enough
 * requests, and one notification covers all that were added before it.
 */
#include <string.h>

#include <lib/barrier.h>
#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <core/printk.h>
#include <drivers/virtio/virtio.h>
#include <drivers/virtio/virtqueue.h>
#include <mm/page.h>

#include "virtio_internal.h"

/* The device writes these at any moment: one load or store each. */
static uint16_t ring_read16(const __virtio16 *field)
{
	return (__force uint16_t) * (const volatile __virtio16 *)field;
}

static uint32_t ring_read32(const __virtio32 *field)
{
	return (__force uint32_t) * (const volatile __virtio32 *)field;
}

static void ring_write16(__virtio16 *field, uint16_t value)
{
	*(volatile __virtio16 *)field = cpu_to_virtio16(value);
}

int virtqueue_init(struct virtqueue *vq, unsigned num)
{
	size_t bytes = vring_size(num, PAGE_SIZE);
	struct page *pages;

	while (PAGE_SIZE << vq->memory_order < bytes)
		vq->memory_order++;
	vq->slots = kcalloc(num, sizeof(vq->slots[0]));
	if (!vq->slots)
		return -ENOMEM;
	pages = page_alloc(vq->memory_order, ALLOC_ZERO);
	if (!pages) {
		kfree(vq->slots);
		return -ENOMEM;
	}
	vq->memory = page_to_virt(pages);
	vring_init(&vq->ring, num, vq->memory, PAGE_SIZE);
	vq->num = num;
	vq->nr_free = (uint16_t)num;
	for (unsigned i = 0; i < num; i++)
		vq->slots[i].next = (uint16_t)(i + 1);
	return 0;
}

void virtqueue_exit(struct virtqueue *vq)
{
	page_free(virt_to_page(vq->memory), vq->memory_order);
	kfree(vq->slots);
}

/* Take one descriptor off the free list and fill it. */
static uint16_t virtqueue_fill(struct virtqueue *vq,
			       const struct virtq_buf *buf, uint16_t flags)
{
	uint16_t id = vq->free_head;
	struct vring_desc *desc = &vq->ring.desc[id];

	vq->free_head = vq->slots[id].next;
	desc->addr = cpu_to_virtio64(virt_to_phys(buf->addr));
	desc->len = cpu_to_virtio32(buf->len);
	desc->flags = cpu_to_virtio16(flags);
	desc->next = cpu_to_virtio16(vq->slots[id].next);
	return id;
}

int virtqueue_add(struct virtqueue *vq, const struct virtq_buf *bufs,
		  unsigned nr_out, unsigned nr_in, void *token)
{
	unsigned total = nr_out + nr_in;
	uint16_t head = vq->free_head;
	struct virtq_slot *slot;
	uint32_t in_len = 0;

	ASSERT(token && total);
	if (vq->broken)
		return -EIO;
	if (total > vq->nr_free)
		return -ENOSPC;
	for (unsigned i = 0; i < total; i++) {
		uint16_t flags = i + 1 < total ? VRING_DESC_F_NEXT : 0;

		if (i >= nr_out) {
			flags |= VRING_DESC_F_WRITE;
			in_len += bufs[i].len;
		}
		virtqueue_fill(vq, &bufs[i], flags);
	}
	vq->nr_free -= total;
	slot = &vq->slots[head];
	slot->token = token;
	slot->chain = (uint16_t)total;
	slot->in_len = in_len;

	ring_write16(&vq->ring.avail->ring[vq->avail_idx % vq->num], head);
	vq->avail_idx++;
	/* The device that sees the index must see the chain. */
	wmb();
	ring_write16(&vq->ring.avail->idx, vq->avail_idx);
	return 0;
}

void virtqueue_kick(struct virtqueue *vq)
{
	if (vq->kicked_idx == vq->avail_idx)
		return;
	vq->kicked_idx = vq->avail_idx;
	/* Our index before its flag: it looks at them in the other order. */
	mb();
	if (!(ring_read16(&vq->ring.used->flags) & VRING_USED_F_NO_NOTIFY))
		virtio_notify(vq->vdev, vq->index);
}

/* Give the chain back to the free list. */
static void virtqueue_free_chain(struct virtqueue *vq, uint16_t head)
{
	struct virtq_slot *slot = &vq->slots[head];
	uint16_t last = head;

	for (unsigned i = 1; i < slot->chain; i++)
		last = vq->slots[last].next;
	vq->slots[last].next = vq->free_head;
	vq->free_head = head;
	vq->nr_free += slot->chain;
	slot->token = NULL;
}

static void *virtqueue_break(struct virtqueue *vq, const char *why)
{
	pr_err("%s: queue %u: %s; the device is not used any more",
	       vq->vdev->driver->name, vq->index, why);
	vq->broken = true;
	return NULL;
}

void *virtqueue_get(struct virtqueue *vq, uint32_t *len)
{
	uint16_t idx = ring_read16(&vq->ring.used->idx);
	const struct vring_used_elem *elem;
	uint32_t id, used_len;
	void *token;

	if (vq->broken || idx == vq->used_idx)
		return NULL;
	if ((uint16_t)(idx - vq->used_idx) > vq->num - vq->nr_free)
		return virtqueue_break(vq, "more buffers used than offered");
	/* The index before the entry it covers. */
	rmb();
	elem = &vq->ring.used->ring[vq->used_idx % vq->num];
	id = ring_read32(&elem->id);
	used_len = ring_read32(&elem->len);
	if (id >= vq->num || !vq->slots[id].token)
		return virtqueue_break(vq,
				       "a buffer used that was not offered");

	*len = MIN(used_len, vq->slots[id].in_len);
	token = vq->slots[id].token;
	virtqueue_free_chain(vq, (uint16_t)id);
	vq->used_idx++;
	return token;
}

void *virtqueue_detach(struct virtqueue *vq)
{
	ASSERT(vq->broken);
	for (unsigned id = 0; id < vq->num; id++) {
		void *token = vq->slots[id].token;

		if (token) {
			virtqueue_free_chain(vq, (uint16_t)id);
			return token;
		}
	}
	return NULL;
}
