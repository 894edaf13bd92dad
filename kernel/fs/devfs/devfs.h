// SPDX-License-Identifier: MIT
/* /dev: a tmpfs that the kernel fills with the nodes of its devices. */
#pragma once

/* Registers type "devtmpfs" and the memory devices.  Needs the caches. */
void devfs_init(void);
/* Make the nodes of what is registered and of all that will be: needs a root. */
void devfs_start(void);
/* mem.c: null, zero, full, random ... as character devices. */
void mem_devices_init(void);

/*
 * Files of what drivers have found, by class: calls those below.  Needs all
 * devices probed; without memory for a device's file the boot goes on without.
 */
void device_files_init(void);
/* gpiochipN for each GPIO controller: <linux/gpio.h>. */
void gpio_files_init(void);
/* input/eventN for each input device: <linux/input.h>. */
void input_files_init(void);
/* leds/NAME for each LED. */
void led_files_init(void);
/* watchdogN, and watchdog for the first: <linux/watchdog.h>. */
void watchdog_files_init(void);
