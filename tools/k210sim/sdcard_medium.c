// SPDX-License-Identifier: MIT
/*
 * The blocks of the card, in an image file that tests look at afterwards.
 *
 * Written blocks go to the file at once; what they replaced is kept until the
 * card has told the host that the write is finished.  The SD specification
 * promises nothing of blocks for which power goes before that.
 */
#include "sdcard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "machine.h"

#define UNIT     1024              /* blocks: 512 KiB, a CSD's unit */
#define MAX_SC   (2ull << 30 >> 9) /* 2 GiB in blocks */
#define MAX_SIZE (2ull << 40 >> 9) /* 2 TiB */

static bool refuse(const char *path, const char *why)
{
	fprintf(stderr, "k210sim: %s: %s\n", path, why);
	return false;
}

static bool choose_type(struct sdcard *card,
			const struct sdcard_options *options)
{
	static const char *const names[] = {
		[SD_V1] = "sdv1", [SD_SC] = "sdsc", [SD_HC] = "sdhc"
	};

	card->type = card->blocks > MAX_SC ? SD_HC : SD_SC;
	if (!options->type)
		return true;
	for (unsigned int i = SD_V1; i <= SD_HC; i++) {
		if (strcmp(options->type, names[i]) != 0)
			continue;
		card->type = i;
		if (i != SD_HC && card->blocks > MAX_SC)
			return refuse(options->path,
				      "more than 2 GiB takes an SDHC card");
		return true;
	}
	return refuse(options->type, "no such type: sdv1, sdsc or sdhc");
}

bool sdcard_open(struct sdcard *card, const struct sdcard_options *options)
{
	struct stat status;

	card->file = -1;
	if (!options->path)
		return true;
	card->file =
		open(options->path, options->is_readonly ? O_RDONLY : O_RDWR);
	if (card->file < 0 || fstat(card->file, &status) != 0)
		return refuse(options->path, strerror(errno));
	card->is_readonly = options->is_readonly;
	card->blocks = (uint64_t)status.st_size / SD_BLOCK;
	if (!S_ISREG(status.st_mode))
		return refuse(options->path, "a card's image is a file");
	if (status.st_size == 0 || status.st_size % (UNIT * SD_BLOCK) != 0)
		return refuse(options->path,
			      "a card's size is a multiple of 512 KiB");
	if (card->blocks > MAX_SIZE)
		return refuse(options->path, "larger than any SD card");
	card->is_inserted = true;
	return choose_type(card, options);
}

bool sdcard_read(struct sdcard *card, uint64_t block, uint8_t *data)
{
	return pread(card->file, data, SD_BLOCK, (off_t)(block * SD_BLOCK)) ==
	       SD_BLOCK;
}

static bool put(struct sdcard *card, uint64_t block, const uint8_t *data)
{
	return pwrite(card->file, data, SD_BLOCK, (off_t)(block * SD_BLOCK)) ==
	       SD_BLOCK;
}

bool sdcard_write(struct sdcard *card, uint64_t block, const uint8_t *data)
{
	struct sd_unfinished *entry = card->unfinished;

	if (card->nr_unfinished == SD_UNFINISHED)
		memmove(entry, entry + 1,
			--card->nr_unfinished * sizeof(*entry));
	entry += card->nr_unfinished;
	entry->block = block;
	if (!sdcard_read(card, block, entry->old) || !put(card, block, data))
		return false;
	card->nr_unfinished++;
	return true;
}

void sdcard_commit(struct sdcard *card)
{
	card->nr_unfinished = 0;
}

/* Some bytes of the new block, the old ones or garbage behind them. */
static void tear(struct machine *machine, const struct sd_unfinished *entry)
{
	struct sdcard *card = &machine->sdcard;
	uint64_t kept = sdcard_random(machine, 0, SD_BLOCK);
	bool is_garbage = machine_random(machine) & 1;
	uint8_t data[SD_BLOCK];

	if (!sdcard_read(card, entry->block, data))
		return;
	for (uint64_t i = kept; i < SD_BLOCK; i++)
		data[i] = is_garbage ? (uint8_t)machine_random(machine)
				     : entry->old[i];
	put(card, entry->block, data);
}

/* Newest first, so that a block that was written twice ends with its oldest. */
void sdcard_tear(struct machine *machine)
{
	struct sdcard *card = &machine->sdcard;
	unsigned int torn = 0;

	if (card->state != SD_WRITE_MANY &&
	    time_now(machine) >= card->busy_until)
		sdcard_commit(card);
	if (card->nr_unfinished)
		torn = (unsigned int)sdcard_random(machine, 0,
						   card->nr_unfinished - 1);
	for (unsigned int i = card->nr_unfinished; i-- > 0;) {
		const struct sd_unfinished *entry = &card->unfinished[i];

		if (i == torn && !card->is_whole)
			tear(machine, entry);
		else if (machine_random(machine) & 1)
			put(card, entry->block, entry->old);
	}
	card->nr_unfinished = 0;
}
