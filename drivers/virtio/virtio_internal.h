// SPDX-License-Identifier: MIT
/* Between the queues and the transport. */
#pragma once

struct virtio_device;

/* Ring the device's bell for a queue.  Context: any. */
void virtio_notify(struct virtio_device *vdev, unsigned queue);
