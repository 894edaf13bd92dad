// SPDX-License-Identifier: MIT
/* The calling chain of kernel code, for panic() and debugging. */
#pragma once

struct trap_frame;

/* Print the chain that led to an exception, one function a line.
 * Context: any; reads only the stack that the frame's sp lies in. */
void backtrace_frame(const struct trap_frame *frame);
