/* SPDX-License-Identifier: MIT */
#pragma once

/* Number of "INT", "SIGINT" or "2"; -1 for what is none. */
int signal_from_name(const char *name);

/* "INT" for 2; a number's own text where it has no name. */
const char *signal_to_name(int sig);

/* kill -l: all names, or that of one number (or exit status). */
int signal_print_names(const char *number);
