// SPDX-License-Identifier: MIT
/* Which terminal is the console. */
#pragma once

struct log_sink;
struct tty;

/*
 * A terminal that could be the console, made of device-tree node `node`; sink
 * shows log lines on it.  It becomes the console when the console= option
 * names it; else when /chosen/stdout-path does; where that is missing, the
 * first one is taken.  Context: thread, at probe.
 */
void console_offer(struct tty *tty, int node, struct log_sink *sink);
