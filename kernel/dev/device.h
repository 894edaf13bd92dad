// SPDX-License-Identifier: MIT
/*
 * Devices and drivers.
 *
 * Each enabled node of the device tree with a compatible string becomes a
 * struct device.  Drivers are const data in a linker-section table; for each
 * device the most specific compatible string that some driver names wins.
 * A probe that needs something not there yet returns -EPROBE_DEFER and is asked
 * again after others succeeded, so nothing depends on link order.
 */
#pragma once

#include <sys/queue.h>

#include <lib/types.h>

struct device;
struct driver;
struct irq;

#define EPROBE_DEFER 517 /* as Linux numbers it; never seen by users */

struct of_match {
	const char *compatible;
	const void *data; /* what this variant needs */
};

struct driver {
	const char *name;
	const struct of_match *match; /* ends with {} */
	/*
	 * 0: the device works.  -EPROBE_DEFER: ask again.  -ENODEV: nothing
	 * there (silent).  Else: reported once.  Thread context; may sleep.
	 */
	int (*probe)(struct device *dev);
	/* Before poweroff or reboot: quiesce.  Optional. */
	void (*shutdown)(struct device *dev);
};

#define DRIVER_DECLARE(drv)                                             \
	static const struct driver *const drv##_entry                   \
		__attribute__((used, section(".rodata.drivers"))) = &(drv)

struct device {
	TAILQ_ENTRY(device) link;   /* [device lock] all, in tree order */
	struct device *parent;      /* [I] or NULL */
	const char *name;           /* [I] node name, "serial@10000000" */
	int node;                   /* [I] offset in the device tree; -1: none */
	const struct driver *driver; /* [device lock] bound, or NULL */
	const struct of_match *match; /* [device lock] which line matched */
	void *private;              /* [I] after probe: the driver's */
	int probe_error;            /* [device lock] */
};

/* The tree; valid and constant after boot. */
const void *device_tree(void);

/* Make devices of the tree, probe until nothing changes, report what failed. */
void device_init(void);
void device_shutdown_all(void);

/* Variant data of the match that bound this device. */
const void *device_match_data(const struct device *dev);
/* Map reg[index]: 0, -ENOENT (no such entry), -EINVAL (bad), -ENOMEM. */
int device_map_reg(struct device *dev, unsigned index, void __iomem **regs);
int device_get_reg(struct device *dev, unsigned index, paddr_t *base, size_t *size);
void device_unmap_reg(struct device *dev, void __iomem *regs);
bool device_has_prop(const struct device *dev, const char *name);
uint32_t device_get_u32(const struct device *dev, const char *name, uint32_t fallback);
