/* SPDX-License-Identifier: MIT */
/*
 * Linux error numbers.  Include this, never <errno.h>: the C library's numbers
 * are newlib's, and they differ from 35 up.
 */
#pragma once

#include <asm/errno.h>

/*
 * Numbers of Linux that never reach user space, so that the UAPI headers leave
 * them out.
 */
#define ERESTARTSYS           512 /* a signal: restart if SA_RESTART is set */
#define ERESTARTNOINTR        513 /* a signal: always restart */
#define ERESTARTNOHAND        514 /* a signal: restart if no handler runs */
#define ERESTART_RESTARTBLOCK 516 /* restart with the time that is left */
#define EPROBE_DEFER          517 /* a driver: ask me again later */
