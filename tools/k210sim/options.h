// SPDX-License-Identifier: MIT
/* The command line. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define NO_PORT        UINT64_MAX
#define OPTION_REPEATS 8

/* The values of an option that may be given several times. */
struct option_list {
	const char *values[OPTION_REPEATS];
	unsigned int count;
};

struct options {
	const char *flash;
	const char *board;
	const char *trace;
	const char *turbo;
	const char *sd;
	const char *sd_type;
	struct option_list sd_faults;
	uint64_t sd_cut;
	uint64_t sd_remove;
	uint64_t sd_insert;
	uint64_t power_cut;
	const char *uarts[3]; /* files for what UART1 to UART3 send */
	struct option_list keys;
	struct option_list symbols;
	uint64_t evict;
	uint64_t gdb; /* TCP port, or NO_PORT */
	uint64_t seed;
	uint64_t limit; /* instructions; 0: none */
	bool flash_save;
	bool sd_readonly;
	bool sd_whole;
	bool leds;
	bool isp;
	bool pty;
	bool lenient;
	bool illegal_badaddr;
	bool no_caches;
	bool no_tlb;
	bool icount;
	bool help;
};

/*
 * Read the command line over the defaults.  False: something is not as
 * options_print_usage() says, and standard error has been told.
 */
bool options_parse(struct options *options, int argc, char **argv);

void options_print_usage(void);
