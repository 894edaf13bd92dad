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

#define EPROBE_DEFER 517 /* as Linux numbers it; never seen by users */

/* One variant that a driver serves; lists of them end with {}. */
struct of_match {
	const char *compatible;
	const void *data; /* what this variant needs */
};

struct driver {
	const char *name;
	const struct of_match *match;
	/*
	 * 0: the device works.  -EPROBE_DEFER: ask again.  -ENODEV: nothing is
	 * there (silent).  Anything else is reported, once.  May sleep.
	 */
	int (*probe)(struct device *dev);
	/* Quiesce before poweroff or reboot; may be NULL.  May sleep. */
	void (*shutdown)(struct device *dev);
};

#define DRIVER_DECLARE(drv)                                                    \
	static const struct driver *const drv##_entry                          \
		__attribute__((used, section(".rodata.drivers"))) = &(drv)

/* Made by device_init(), never freed.  [I] immutable, [p] only while probing,
 * which one thread does */
struct device {
	TAILQ_ENTRY(device) link;     /* [p] all, in the order of the tree */
	struct device *parent;        /* [I] or NULL */
	const char *name;             /* [I] node name, "serial@10000000" */
	int node;                     /* [I] offset in the device tree */
	const struct driver *driver;  /* [p] that serves it, or NULL */
	const struct of_match *match; /* [p] the line that matched */
	void *private;                /* [p] the driver's */
	int probe_error;              /* [p] of the last try; 0: it works */
	bool probed;                  /* [p] nothing more will be tried */
};

/* The tree that device_init() was given; constant. */
const void *device_tree(void);

/*
 * Make devices of the tree, probe until nothing changes, report what failed.
 * fdt has been checked and stays mapped for ever.
 * Context: thread at boot; may sleep.
 */
void device_init(const void *fdt);

/*
 * Make and probe the devices below a bus that is not memory-mapped (an SPI
 * controller's slaves); for its driver, at the end of probe.
 */
int device_probe_children(struct device *bus);

/* The device of that node; NULL: it has none (yet).  Context: thread at boot. */
struct device *device_find(int node);

/* Quiesce all devices, last probed first.  Context: thread; may sleep. */
void device_shutdown_all(void);

/* .data of the line that matched. */
const void *device_match_data(const struct device *dev);

/*
 * Registers: entry index of reg, as CPU addresses.  0, -ENOENT (no such
 * entry), -EINVAL (malformed) and for device_map_reg() -ENOMEM.
 * Context: thread; mapping may sleep.
 */
int device_get_reg(const struct device *dev, unsigned index, paddr_t *base,
		   size_t *size);
int device_map_reg(struct device *dev, unsigned index, void __iomem **regs);
void device_unmap_reg(struct device *dev, unsigned index, void __iomem *regs);

bool device_has_prop(const struct device *dev, const char *name);
uint32_t device_get_u32(const struct device *dev, const char *name,
			uint32_t fallback);
