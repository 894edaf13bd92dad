// SPDX-License-Identifier: MIT
/* /dev: a tmpfs that the kernel fills with the nodes of its devices. */
#pragma once

/* Registers type "devtmpfs" and the memory devices.  Needs the caches. */
void devfs_init(void);
/* Make the nodes of what is registered and of all that will be: needs a root. */
void devfs_start(void);
void mem_devices_init(void);

/* Files of what drivers have found, by class.  Needs all devices probed. */
void device_files_init(void);
void gpio_files_init(void);
void input_files_init(void);
void led_files_init(void);
void watchdog_files_init(void);
