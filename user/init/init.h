/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * The parts of init, process 1.
 */

/* Write a line to the console, as "init: message". */
void init_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Mount what every system has: /proc, /dev, /tmp.  Reports what fails. */
void init_mount_all(void);

/*
 * Say why we run from the initramfs instead of a root disk: try to mount the
 * disk that the command line names, on /mnt, and report the result.
 */
void init_explain_rescue(void);

/*
 * End everything: SIGTERM, SIGKILL, sync, unmount, then reboot(2) with how
 * (RB_POWER_OFF ...).  Only calls that a signal handler may make; does not
 * return.
 */
void init_shut_down(int how);
