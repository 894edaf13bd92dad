// SPDX-License-Identifier: MIT
/* Faults of the SD card, at will: see sdcard.h for what each of them does. */
#include "sdcard.h"

#include <stdlib.h>
#include <string.h>

#include "machine.h"

static const char *const names[] = {
	[SD_READ_CRC] = "read-crc",         [SD_READ_ERROR] = "read-error",
	[SD_READ_TIMEOUT] = "read-timeout", [SD_WRITE_CRC] = "write-crc",
	[SD_WRITE_ERROR] = "write-error",   [SD_WRITE_STATUS] = "write-status",
	[SD_WRITE_BUSY] = "write-busy",     [SD_NO_RESPONSE] = "no-response",
	[SD_COMMAND_CRC] = "command-crc",
};

#define NR_KINDS (sizeof(names) / sizeof(names[0]))

/* The kind whose name is the text up to len, or SD_NO_FAULT. */
static enum sd_fault_kind find_kind(const char *text, size_t len)
{
	for (unsigned int i = SD_NO_FAULT + 1; i < NR_KINDS; i++)
		if (strlen(names[i]) == len &&
		    strncmp(names[i], text, len) == 0)
			return i;
	return SD_NO_FAULT;
}

/* What stands behind the name. */
static bool parse_when(struct sd_fault *fault, const char *text)
{
	char *end;
	uint64_t number;

	if (!*text)
		return true;
	if (text[1] < '0' || text[1] > '9')
		return false;
	number = strtoull(text + 1, &end, 10);
	if (*text == '%') {
		fault->percent = number;
		fault->last = 0;
		return !*end && number <= 100;
	}
	fault->first = number;
	if (!*end)
		fault->last = number;
	return *text == '@' && number && (!*end || strcmp(end, "+") == 0);
}

bool sdcard_add_fault(struct sdcard *card, const char *text)
{
	size_t len = strcspn(text, "@%");
	struct sd_fault fault = {
		.kind = find_kind(text, len),
		.first = 1,
		.last = UINT64_MAX,
	};

	if (fault.kind == SD_NO_FAULT || !parse_when(&fault, text + len) ||
	    card->nr_faults == SD_FAULTS)
		return false;
	card->faults[card->nr_faults++] = fault;
	return true;
}

static bool strikes(struct machine *machine, struct sd_fault *fault)
{
	fault->seen++;
	if (fault->seen >= fault->first && fault->seen <= fault->last)
		return true;
	return fault->percent && machine_random(machine) % 100 < fault->percent;
}

enum sd_fault_kind sdcard_strike(struct machine *machine, unsigned int kinds)
{
	struct sdcard *card = &machine->sdcard;
	enum sd_fault_kind struck = SD_NO_FAULT;

	/* All of them count, whichever strikes. */
	for (unsigned int i = 0; i < card->nr_faults; i++)
		if (kinds >> card->faults[i].kind & 1 &&
		    strikes(machine, &card->faults[i]) && !struck)
			struck = card->faults[i].kind;
	return struck;
}
