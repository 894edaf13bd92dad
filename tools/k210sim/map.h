// SPDX-License-Identifier: MIT
/*
 * The memory map: which device answers at an address, and whether it may be
 * asked just now.  k210.md section 1.2.
 *
 * A device is a row of the table in map.c and a struct device_ops in the file
 * that models it; its state is a member of struct machine.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct hart;
struct machine;
struct device;

/* One access to a register. */
struct reg_access {
	struct machine *machine;
	struct hart *hart; /* NULL: DMA */
	const struct device *device;
	uint32_t offset;   /* from the device's base */
	unsigned int size; /* bytes, one of the device's widths, at most 4 */
};

struct device_ops {
	/* An access of 64 bits comes as two of 32, the lower half first. */
	uint32_t (*read)(const struct reg_access *access);
	void (*write)(const struct reg_access *access, uint32_t value);
	/*
	 * To the state in which the boot ROM leaves it, or to which its bit of
	 * peri_reset brings it.  May be NULL, as the next one.
	 */
	void (*reset)(struct machine *machine, const struct device *device);
	/* A clock, gate or PLL of SYSCTL may have changed. */
	void (*clocks_changed)(struct machine *machine,
			       const struct device *device);
};

#define NO_BIT (-1)

struct device {
	const char *name;
	uint32_t base;
	uint32_t size;
	int8_t bus_gate; /* bit of clk_en_cent, or NO_BIT */
	int8_t gate;     /* bit of clk_en_peri, or NO_BIT */
	int8_t reset;    /* bit of peri_reset, or NO_BIT */
	uint8_t widths;  /* of accesses, in bytes, or-ed: 4, 4 | 8 … */
	uint8_t unit;    /* which one, where ops serve several */
	const struct device_ops *ops; /* NULL: not modelled */
};

/*
 * Load or store at an aligned address outside of RAM; hart is NULL for DMA.
 * False: nobody answers, or not this way, and the misuse has been reported.
 */
bool map_load(struct machine *machine, struct hart *hart, uint32_t address,
	      unsigned int size, uint64_t *value);
bool map_store(struct machine *machine, struct hart *hart, uint32_t address,
	       unsigned int size, uint64_t value);

/* Reset every device, in the order of the table. */
void map_reset(struct machine *machine);

/* SYSCTL holds the devices with these bits of peri_reset in reset. */
void map_reset_devices(struct machine *machine, uint32_t bits);

/* Tell every device that clocks may have changed. */
void map_clocks_changed(struct machine *machine);

/* The guest broke a rule of the device: as report_misuse(). */
void access_misuse(const struct reg_access *access, const char *rule, ...)
	__attribute__((format(printf, 2, 3)));

/* access_misuse() for an offset at which the device has nothing. */
void access_no_register(const struct reg_access *access);
