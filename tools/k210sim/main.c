// SPDX-License-Identifier: MIT
/* k210sim: a simulator of the Kendryte K210.  README.md is its manual. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "gdb.h"
#include "interrupt.h"
#include "machine.h"
#include "options.h"
#include "report.h"

static void explain(const struct machine *machine)
{
	if (machine->status == STATUS_DEADLOCK)
		fprintf(stderr, "k210sim: both harts wait for an interrupt "
				"that cannot come\n");
	else if (machine->status == STATUS_LIMIT)
		fprintf(stderr, "k210sim: limit reached\n");
	else
		return;
	for (int i = 0; i < NR_HARTS; i++)
		report_place(&machine->hart[i]);
}

/* False: the board is not as the options want it, and they were told. */
static bool set_up_board(struct board *board, const struct options *options)
{
	board->tells_leds = options->leds;
	board->wiring = board_find(options->board);
	if (!board->wiring) {
		fprintf(stderr, "k210sim: no board is called '%s'\n",
			options->board);
		return false;
	}
	for (unsigned int i = 0; i < options->keys.count; i++) {
		if (board_press(board, options->keys.values[i]))
			continue;
		fprintf(stderr, "k210sim: %s has no key '%s'\n", options->board,
			options->keys.values[i]);
		return false;
	}
	return true;
}

static bool wants_sd(const struct options *options)
{
	return options->sd_type || options->sd_readonly || options->sd_whole ||
	       options->sd_faults.count || options->sd_cut ||
	       options->sd_remove || options->sd_insert;
}

static bool set_up_sd(struct sdcard *card, const struct options *options)
{
	const struct sdcard_options medium = {
		.path = options->sd,
		.type = options->sd_type,
		.is_readonly = options->sd_readonly,
	};

	if (!options->sd && wants_sd(options)) {
		fprintf(stderr,
			"k210sim: options of an SD card, but no --sd\n");
		return false;
	}
	card->cut_at = options->sd_cut;
	card->is_whole = options->sd_whole;
	for (unsigned int i = 0; i < options->sd_faults.count; i++) {
		if (sdcard_add_fault(card, options->sd_faults.values[i]))
			continue;
		fprintf(stderr, "k210sim: '%s' is no fault of an SD card\n",
			options->sd_faults.values[i]);
		return false;
	}
	if (!sdcard_open(card, &medium))
		return false;
	/* A card that is put in before it is taken out is not there at first. */
	if (options->sd_insert &&
	    (!options->sd_remove || options->sd_insert < options->sd_remove))
		card->is_inserted = false;
	return true;
}

static bool set_up_debugging(struct machine *machine,
			     const struct options *options)
{
	for (unsigned int i = 0; i < options->symbols.count; i++)
		if (!symbols_load(&machine->symbols,
				  options->symbols.values[i]))
			return false;
	if (options->gdb != NO_PORT && options->gdb > UINT16_MAX) {
		fprintf(stderr, "k210sim: --gdb: no such port\n");
		return false;
	}
	return !options->trace || trace_open(&machine->trace, options->trace);
}

/* False: something cannot be had, and standard error has been told. */
static bool set_up(struct machine *machine, const struct options *options)
{
	if (!options->flash) {
		fprintf(stderr, "k210sim: --flash is wanted; see --help\n");
		return false;
	}
	if (!set_up_board(&machine->board, options) ||
	    !set_up_sd(&machine->sdcard, options) ||
	    !flash_open(&machine->flash, options->flash))
		return false;
	machine->is_slow = strcmp(options->turbo, "off") == 0;
	if (!machine->is_slow && strcmp(options->turbo, "on") != 0) {
		fprintf(stderr, "k210sim: --turbo is on or off\n");
		return false;
	}
	machine->ram = malloc(RAM_SIZE);
	if (!machine->ram) {
		fprintf(stderr, "k210sim: no memory for the guest's\n");
		return false;
	}
	machine->plan = (struct plan){
		.limit = options->limit,
		.power_cut = options->power_cut,
		.sd_remove = options->sd_remove,
		.sd_insert = options->sd_insert,
	};
	machine->lenient = options->lenient;
	machine->has_isp = options->isp;
	if (options->pty && !console_open_pty()) {
		fprintf(stderr, "k210sim: no pseudo terminal to be had\n");
		return false;
	}
	machine->evict = options->evict;
	machine->illegal_badaddr = options->illegal_badaddr;
	machine->no_caches = options->no_caches;
	machine->no_tlb = options->no_tlb;
	return set_up_debugging(machine, options) &&
	       uart_open_files(machine, options->uarts);
}

int main(int argc, char **argv)
{
	static struct machine machine;
	struct options options = {
		.seed = 1,
		.board = "maix-bit",
		.turbo = "on",
		.gdb = NO_PORT,
	};

	if (!options_parse(&options, argc, argv))
		return STATUS_USAGE;
	if (options.help) {
		options_print_usage();
		return 0;
	}
	/* While gdb is waited for, nothing would look at them. */
	if (options.gdb == NO_PORT)
		interrupt_catch();
	if (!set_up(&machine, &options))
		return STATUS_USAGE;

	machine_power_on(&machine, options.seed);
	console_start(&machine);
	debug_release(&machine);
	if (options.gdb == NO_PORT)
		machine_run(&machine);
	else
		gdb_run(&machine, (uint16_t)options.gdb);
	fflush(stdout);
	explain(&machine);
	report_repeated(&machine.reports);
	if (options.icount)
		fprintf(stderr, "k210sim: %" PRIu64 " instructions\n",
			machine_instret(&machine));
	if (!trace_close(&machine.trace) ||
	    (options.flash_save && !flash_save(&machine.flash)))
		return STATUS_USAGE;
	return (int)machine.status;
}
