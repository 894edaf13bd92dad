// SPDX-License-Identifier: MIT
/* What the two files about terminals share: ttyfile.c and ttyioctl.c. */
#pragma once

struct file;
struct tty;

/* ioctl(2) on a terminal: ioctl_tty(2).  Thread context; may sleep. */
long ttyfile_ioctl(struct file *file, unsigned cmd, unsigned long arg);

/*
 * May the current process use its terminal, or is it in the background?  Then
 * its group gets signo (SIGTTIN, SIGTTOU).  0, -EIO or -ERESTARTSYS.
 */
int ttyfile_check_foreground(struct tty *tty, int signo);

/*
 * Make it the controlling terminal of the current session, if the caller leads
 * one that has none and the terminal is free.  0 or -EPERM.
 */
int ttyfile_acquire(struct tty *tty);
