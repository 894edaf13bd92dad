// SPDX-License-Identifier: MIT
/*
 * The whole board: harts, memory, devices and time.
 *
 * One thread runs it, so nothing needs a lock.  Each hart executes at most one
 * instruction a cycle of ACLK; event.h ties cycles to time.
 */
#pragma once

#include <stddef.h>
#include <stdio.h>

#include "aes.h"
#include "board.h"
#include "bus.h"
#include "clint.h"
#include "dcache.h"
#include "debug.h"
#include "dmac.h"
#include "event.h"
#include "flash.h"
#include "fpioa.h"
#include "gpio.h"
#include "gpiohs.h"
#include "hart.h"
#include "i2c.h"
#include "icache.h"
#include "image.h"
#include "map.h"
#include "otp.h"
#include "plic.h"
#include "random.h"
#include "report.h"
#include "rtc.h"
#include "sdcard.h"
#include "sha.h"
#include "spi.h"
#include "symbols.h"
#include "sysctl.h"
#include "timer.h"
#include "trace.h"
#include "uart.h"
#include "uarths.h"
#include "wdt.h"

#define NR_HARTS   2
#define ROM_BASE   0x88000000u
#define ROM_PANIC  0x8800008cu
#define ROM_DATA   0x805f8000u
#define ROM_STACKS 0x80600000u

/* Exit statuses of the program. */
enum status {
	STATUS_PARKED = 0,   /* the guest switched both harts off */
	STATUS_MISUSE = 1,   /* the guest broke a rule */
	STATUS_USAGE = 2,    /* wrong options or image */
	STATUS_LIMIT = 3,    /* --limit was reached */
	STATUS_QUIT = 4,     /* Ctrl-A X */
	STATUS_DEADLOCK = 5, /* both harts wait for what cannot come */
	STATUS_FAILED = 6,   /* parked, and one of them says: by a failure */
	STATUS_POWER_CUT = 7 /* --power-cut or --sd-cut */
};

/* Instructions of both harts after which something happens; 0: it does not. */
struct plan {
	uint64_t limit;
	uint64_t power_cut;
	uint64_t sd_remove;
	uint64_t sd_insert;
};

struct machine {
	struct hart hart[NR_HARTS];
	struct icache icache[NR_HARTS];
	struct dcache dcache;
	struct clint clint;
	struct plic plic;
	struct uarths uarths;
	struct sysctl sysctl;
	struct fpioa fpioa;
	struct gpiohs gpiohs;
	struct board board;
	struct timer timer[NR_TIMERS];
	struct wdt wdt[NR_WDTS];
	struct dmac dmac;
	struct gpio gpio;
	struct rtc rtc;
	struct spi spi[NR_SPIS];
	struct flash flash;
	struct sdcard sdcard;
	struct plan plan;
	struct uart uart[NR_UARTS];
	FILE *uart_files[NR_UARTS]; /* what leaves on their pads, or NULL */
	struct sha sha;
	struct aes aes;
	struct i2c i2c[NR_I2CS];
	struct image image;
	struct symbols symbols;
	struct debugger debugger;
	struct trace trace;
	struct reports reports;
	struct timeline timeline;
	uint8_t *ram;       /* RAM_SIZE bytes */
	uint64_t cycles;    /* of ACLK, since power came */
	uint64_t round_end; /* the cycle up to which the harts take turns */
	unsigned int turn[NR_HARTS]; /* cycles left to each of its turn */
	bool busy;                   /* a hart ran in this round */
	uint64_t idle;         /* ps since a hart last ran; 0 with input open */
	uint64_t unpaced;      /* ps of idle time that the host did not wait */
	uint64_t random_state; /* of machine_random() */
	bool has_isp;          /* the ROM may enter its ISP mode */
	bool is_slow;          /* no turbo fuse: the ROM leaves 26 MHz */
	uint64_t evict;       /* cycles between forced evictions, about; or 0 */
	bool illegal_badaddr; /* illegal instructions set badaddr to pc */
	bool no_caches;       /* all see the same memory at once */
	bool no_tlb;          /* tables are walked for every access */
	bool lenient;         /* misuse is reported and survived */
	bool reset_wanted;    /* after the current round */
	enum reset_cause reset_cause;
	bool stopped;
	enum status status;
};

/* A fresh board that has just run its boot ROM on machine->flash. */
void machine_power_on(struct machine *machine, uint64_t seed);

/* Run until it stops, by itself or by machine->plan. */
enum status machine_run(struct machine *machine);

/* Run for some cycles, fewer if it stops or pauses. */
void machine_run_round(struct machine *machine);

/* Stop after the current instruction. */
void machine_stop(struct machine *machine, enum status status);

/* Break a round off after the current instruction; the next call goes on. */
void machine_pause(struct machine *machine);

/* The board loses its power, and the card what it had not finished. */
void machine_cut_power(struct machine *machine);

/* Reset the chip, not the board, after the current instructions. */
void machine_want_reset(struct machine *machine, enum reset_cause cause);

/*
 * A hart has reached this cycle of its turn and is about to be seen by
 * devices: let time pass up to it.  It never goes back, though the other
 * hart's turn of the same cycles comes afterwards.
 */
void machine_reach(struct machine *machine, uint64_t cycle);

/* The next of the random numbers that the seed began. */
uint64_t machine_random(struct machine *machine);

/* Instructions that both harts retired. */
uint64_t machine_instret(const struct machine *machine);
