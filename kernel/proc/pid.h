// SPDX-License-Identifier: MIT
/* Numbers of threads, processes, groups and sessions. */
#pragma once

#define PID_MAX         32768 /* exclusive, as on Linux */
#define PID_FIRST_AGAIN 300   /* after a round leave the low ones to daemons */

void pid_init(void);
/* A number that nobody has, the one after the last if it is free; -EAGAIN: none
 * left.  Context: any thread; takes a leaf lock. */
int pid_alloc(void);
void pid_free(int pid);
/* How many numbers are in use, as seen without a lock. */
unsigned pid_count(void);
