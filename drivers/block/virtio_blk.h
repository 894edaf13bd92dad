// SPDX-License-Identifier: MIT
#pragma once

struct virtio_driver;

/* For the list in virtio_mmio.c. */
extern const struct virtio_driver virtio_blk_driver;
