/* SPDX-License-Identifier: MIT */
/*
 * Drivers of what firmware itself needs, found by the device tree.
 *
 * A driver is const data: the compatible strings that it takes and a probe.
 * device.c lists the drivers; they live in drivers/ and register what they
 * found with console.h, timer.h, ipi.h or reset.h.
 */
#pragma once

#include <lib/types.h>

struct fw_match {
	const char *compatible; /* NULL ends the list */
	const void *data;       /* what is special about it, for probe */
};

struct fw_driver {
	const struct fw_match *match;

	/*
	 * Take the device of that node.  data is the match's.  A negative
	 * result says that it can't be used.  Context: boot hart.
	 */
	int (*probe)(const void *fdt, int node, const void *data);
};

/* In drivers/. */
extern const struct fw_driver k210_sysctl_fw_driver;
extern const struct fw_driver k210_sram_fw_driver;
extern const struct fw_driver k210_plic_fw_driver;
extern const struct fw_driver ns16550_fw_driver;
extern const struct fw_driver sifive_uart_fw_driver;
extern const struct fw_driver htif_console_fw_driver;
extern const struct fw_driver htif_reset_fw_driver;
extern const struct fw_driver clint_fw_driver;
extern const struct fw_driver aclint_mswi_fw_driver;
extern const struct fw_driver aclint_mtimer_fw_driver;
extern const struct fw_driver sifive_test_fw_driver;
extern const struct fw_driver syscon_reset_fw_driver;
extern const struct fw_driver gpio_restart_fw_driver;

/*
 * What a failing boot needs: clocks (of an embedded tree; else they are as the
 * loader set them), the console, which is what /chosen/stdout-path
 * names or, if that is not to be had, the first device in the tree that has a
 * driver; the devices that end the machine; and memory that has to be switched
 * on.
 */
void device_init_early(const void *fdt);

/* Timers and software interrupts.  Needs the table of harts. */
void device_init_harts(const void *fdt);

/*
 * Registers that only M-mode may touch, noted by the drivers and guarded by
 * pmp.c.  Returns NULL when there are more than MAX_GUARDED_DEVICES.
 */
#define MAX_GUARDED_DEVICES 4
struct device_guard {
	uint64_t start;
	uint64_t size;
};
extern struct device_guard device_guards[MAX_GUARDED_DEVICES];
extern unsigned int nr_device_guards;

void device_guard_add(uint64_t start, uint64_t size);
