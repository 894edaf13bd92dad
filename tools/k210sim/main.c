// SPDX-License-Identifier: MIT
/* k210sim: a simulator of the Kendryte K210.  README.md is its manual. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "console.h"
#include "machine.h"

struct options {
	const char *flash;
	uint64_t seed;
	uint64_t limit; /* instructions; 0: none */
	bool lenient;
	bool icount;
};

static const char usage[] =
	"usage: k210sim --flash IMAGE [--seed N] [--limit N] [--lenient] [--icount]\n"
	"  --flash IMAGE  boot this flash image (header, body, SHA-256)\n"
	"  --seed N       what the garbage in memory and registers comes from\n"
	"  --limit N      stop after N instructions, with status 3\n"
	"  --lenient      survive misuse, with a warning\n"
	"  --icount       print the instructions retired, at the end\n"
	"Ctrl-A X on the terminal quits.\n";

static const struct option long_options[] = {
	{ "flash", required_argument, NULL, 'f' },
	{ "seed", required_argument, NULL, 's' },
	{ "limit", required_argument, NULL, 'l' },
	{ "lenient", no_argument, NULL, 'L' },
	{ "icount", no_argument, NULL, 'i' },
	{ "help", no_argument, NULL, 'h' },
	{},
};

static bool parse_number(const char *text, uint64_t *number)
{
	char *end;

	*number = strtoull(text, &end, 0);
	return *text >= '0' && *text <= '9' && !*end;
}

/* False: something is not as usage says. */
static bool parse_options(struct options *options, int argc, char **argv)
{
	bool good = true;
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) !=
	       -1) {
		switch (option) {
		case 'f':
			options->flash = optarg;
			break;
		case 's':
			good &= parse_number(optarg, &options->seed);
			break;
		case 'l':
			good &= parse_number(optarg, &options->limit);
			break;
		case 'L':
			options->lenient = true;
			break;
		case 'i':
			options->icount = true;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(0);
		default:
			return false;
		}
	}
	return good && options->flash && optind == argc;
}

static void explain(const struct machine *machine)
{
	if (machine->status == STATUS_DEADLOCK)
		fprintf(stderr, "k210sim: both harts wait for an interrupt "
				"that cannot come\n");
	else if (machine->status == STATUS_LIMIT)
		fprintf(stderr,
			"k210sim: limit reached; pc 0x%" PRIx64 ", 0x%" PRIx64
			"\n",
			machine->hart[0].pc, machine->hart[1].pc);
}

int main(int argc, char **argv)
{
	static struct machine machine;
	struct options options = { .seed = 1 };

	if (!parse_options(&options, argc, argv)) {
		fputs(usage, stderr);
		return STATUS_USAGE;
	}
	if (image_load(&machine.image, options.flash) != 0)
		return STATUS_USAGE;
	machine.ram = malloc(RAM_SIZE);
	if (!machine.ram) {
		fprintf(stderr, "k210sim: no memory for the guest's\n");
		return STATUS_USAGE;
	}

	machine.lenient = options.lenient;
	console_start();
	machine_power_on(&machine, options.seed);
	machine_run(&machine, options.limit);
	fflush(stdout);
	explain(&machine);
	if (options.icount)
		fprintf(stderr, "k210sim: %" PRIu64 " instructions\n",
			machine_instret(&machine));
	return (int)machine.status;
}
