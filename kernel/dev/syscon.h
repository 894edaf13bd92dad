// SPDX-License-Identifier: MIT
/*
 * System controllers: a block of registers with bits for many drivers, who all
 * change them through here.
 */
#pragma once

#include <core/lock.h>
#include <dev/provider.h>

struct device;

/* Made by the syscon driver, never freed. */
struct syscon {
	struct provider provider;
	uint8_t __iomem *regs; /* [I] */
	size_t size;           /* [I] bytes */
	spinlock_t lock;       /* irqsave; rank LOCK_LEAF: read-modify-write */
};

void syscon_register(struct syscon *syscon);

/*
 * The system controller that the device's node lies in, or that the phandle in
 * its property name means, whose one argument is the register's offset.
 * 0, -ENOENT, -EINVAL or -EPROBE_DEFER.  Context: thread.
 */
int syscon_get_parent(const struct device *dev, struct syscon **syscon);
int syscon_get(const struct device *dev, const char *name,
	       struct syscon **syscon, uint32_t *offset);

/* A register; offset is a multiple of 4 below the size.  Context: any. */
uint32_t syscon_read(struct syscon *syscon, uint32_t offset);
/* Change the bits of mask to those of value, in one write. */
void syscon_update(struct syscon *syscon, uint32_t offset, uint32_t mask,
		   uint32_t value);
