// SPDX-License-Identifier: MIT
/* See options.h.  One table gives what is read and what is printed. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

enum kind { FLAG, NUMBER, TEXT, LIST };

struct row {
	const char *name;
	enum kind kind;
	size_t member; /* offset in struct options */
	const char *argument;
	const char *help;
};

#define MEMBER(name) offsetof(struct options, name)

/* clang-format off */
static const struct row rows[] = {
	{ "flash", TEXT, MEMBER(flash), "IMAGE", "boot this flash image (header, body, SHA-256)" },
	{ "flash-save", FLAG, MEMBER(flash_save), NULL, "write what became of the flash back to IMAGE" },
	{ "turbo", TEXT, MEMBER(turbo), "ON", "off: the ROM leaves ACLK at 26 MHz; on: at 390 MHz" },
	{ "sd", TEXT, MEMBER(sd), "FILE", "an SD card of these blocks" },
	{ "sd-type", TEXT, MEMBER(sd_type), "TYPE", "sdv1, sdsc or sdhc; without it the size decides" },
	{ "sd-readonly", FLAG, MEMBER(sd_readonly), NULL, "the card is write-protected" },
	{ "sd-fault", LIST, MEMBER(sd_faults), "FAULT", "KIND, KIND@N, KIND@N+ or KIND%P: see README.md" },
	{ "sd-cut", NUMBER, MEMBER(sd_cut), "N", "power goes while the card writes the Nth block" },
	{ "sd-whole", FLAG, MEMBER(sd_whole), NULL, "a cut loses blocks, but leaves none half written" },
	{ "sd-remove", NUMBER, MEMBER(sd_remove), "N", "take the card out after N instructions" },
	{ "sd-insert", NUMBER, MEMBER(sd_insert), "N", "put it in, again or not, after N instructions" },
	{ "power-cut", NUMBER, MEMBER(power_cut), "N", "power goes after N instructions, with status 7" },
	{ "board", TEXT, MEMBER(board), "NAME", "maix-bit, maix-dock, maix-go, maixduino or kd233" },
	{ "key", LIST, MEMBER(keys), "NAME", "hold this key of the board (boot, up, down, key)" },
	{ "leds", FLAG, MEMBER(leds), NULL, "say when a LED goes on or off" },
	{ "isp", FLAG, MEMBER(isp), NULL, "let the ROM enter ISP mode: BOOT key held, or no good image" },
	{ "pty", FLAG, MEMBER(pty), NULL, "the terminal is a pseudo terminal, named on standard error" },
	{ "uart1", TEXT, MEMBER(uarts[0]), "FILE", "write what UART1 sends on pads other than IO5" },
	{ "uart2", TEXT, MEMBER(uarts[1]), "FILE", "the same of UART2" },
	{ "uart3", TEXT, MEMBER(uarts[2]), "FILE", "the same of UART3" },
	{ "seed", NUMBER, MEMBER(seed), "N", "what the garbage in memory and registers comes from" },
	{ "limit", NUMBER, MEMBER(limit), "N", "stop after N instructions, with status 3" },
	{ "lenient", FLAG, MEMBER(lenient), NULL, "survive misuse, with a warning" },
	{ "evict", NUMBER, MEMBER(evict), "N", "also evict lines from the caches, by chance, every N cycles or so" },
	{ "illegal-badaddr", FLAG, MEMBER(illegal_badaddr), NULL, "illegal instructions set badaddr to their address" },
	{ "no-caches", FLAG, MEMBER(no_caches), NULL, "let all see the same memory, to tell cache trouble from other" },
	{ "no-tlb", FLAG, MEMBER(no_tlb), NULL, "walk the page tables for every access, likewise" },
	{ "symbols", LIST, MEMBER(symbols), "ELF", "name addresses by its symbols; may be repeated" },
	{ "gdb", NUMBER, MEMBER(gdb), "PORT", "wait on this TCP port for gdb; 0: on any" },
	{ "trace", TEXT, MEMBER(trace), "FILE", "write a line for every instruction and trap" },
	{ "icount", FLAG, MEMBER(icount), NULL, "print the instructions retired, at the end" },
	{ "help", FLAG, MEMBER(help), NULL, "print this" },
};
/* clang-format on */

#define NR_ROWS (sizeof(rows) / sizeof(rows[0]))

void options_print_usage(void)
{
	printf("usage: k210sim --flash IMAGE [OPTION]...\n");
	for (size_t i = 0; i < NR_ROWS; i++)
		printf("  --%-12s %-7s %s\n", rows[i].name,
		       rows[i].argument ? rows[i].argument : "", rows[i].help);
	printf("On a terminal Ctrl-A X quits, Ctrl-A H lists the other keys.\n");
}

static bool parse_number(const char *text, uint64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 0);
	return *text >= '0' && *text <= '9' && !*end && !errno;
}

static bool append(struct option_list *list, const char *value)
{
	if (list->count == OPTION_REPEATS)
		return false;
	list->values[list->count++] = value;
	return true;
}

/* Store an option's value; false if it does not fit the option. */
static bool store(struct options *options, const struct row *row,
		  const char *value)
{
	void *member = (char *)options + row->member;

	switch (row->kind) {
	case FLAG:
		*(bool *)member = true;
		return true;
	case TEXT:
		*(const char **)member = value;
		return true;
	case LIST:
		if (append(member, value))
			return true;
		fprintf(stderr, "k210sim: --%s: more than %d of them\n",
			row->name, OPTION_REPEATS);
		return false;
	default:
		if (parse_number(value, member))
			return true;
		fprintf(stderr, "k210sim: --%s: '%s' is no number\n", row->name,
			value);
		return false;
	}
}

bool options_parse(struct options *options, int argc, char **argv)
{
	struct option long_options[NR_ROWS + 1] = {};
	int chosen = 0;
	int found;

	for (size_t i = 0; i < NR_ROWS; i++) {
		long_options[i].name = rows[i].name;
		long_options[i].has_arg =
			rows[i].kind == FLAG ? no_argument : required_argument;
	}
	do {
		found = getopt_long(argc, argv, "", long_options, &chosen);
		if (found == 0 && !store(options, &rows[chosen], optarg))
			return false;
	} while (found == 0);
	if (found == -1 && optind < argc) {
		fprintf(stderr, "k210sim: '%s' is no option\n", argv[optind]);
		return false;
	}
	return found == -1; /* else getopt_long() has complained */
}
