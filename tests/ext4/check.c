// SPDX-License-Identifier: MIT
/*
 * ext4 against a model: random operations on an image that mke2fs made, each
 * compared with what a file system in plain memory says; e2fsck judges the
 * image afterwards (tests/test_ext4.py).
 *
 *     check random IMAGE SEED COUNT   operations, then all is compared
 *     check walk IMAGE SEED COUNT     spoil some bytes, then read and change
 *                                     whatever is there; the image stays spoiled
 *     check visit IMAGE SEED          the same with a spoiled image as it is
 *     check replace IMAGE SEED        files that replace others, loss of power
 *     check orphans IMAGE SEED        files without a name, loss of power
 *     check names IMAGE SEED COUNT    a directory with that many names
 *     check crash IMAGE SEED COUNT    operations, sync, loss of power, mount
 *     check order IMAGE SEED          what has to be written before what
 *     check sync IMAGE SEED COUNT     sync while others write back, that often
 *     check fault IMAGE SEED COUNT    operations while memory and disk fail
 *     check replay IMAGE SEED         mount read-only, and say how it went
 *     check unlock IMAGE SEED         the same; then the disk becomes writable
 *     check mount IMAGE SEED          mount writable, and say how it went
 *     check probe IMAGE SEED          the same when the type is a guess
 *     check spoil IMAGE SEED COUNT    spoil the journal and mount
 *     check cuts IMAGE SEED COUNT [N] operations of several threads; loss of
 *                                     power at one of N transfers of the disk
 *     check break IMAGE SEED COUNT [N] the same, and the disk fails
 *
 * The image is written back.
 */
#include <string.h>

#include <fs/ext4/ext4.h>

#include "model.h"
#include "modes.h"

int main(int argc, char **argv)
{
	static struct host_disk disk; /* reachable at exit: not a leak */
	unsigned count = argc > 4 ? (unsigned)atoi(argv[4]) : 1000;
	unsigned every = argc > 5 ? (unsigned)atoi(argv[5]) : 100;

	CHECK(argc > 3, "usage: check MODE IMAGE SEED [COUNT]; see check.c");
	CHECK(!host_disk_open(&disk, argv[2]), "cannot open %s", argv[2]);
	random_state = strtoull(argv[3], NULL, 0);
	host_verbose = !!getenv("VERBOSE");
	ext4_init();
	if (!strcmp(argv[1], "random"))
		run_random(&disk, count, false, false);
	else if (!strcmp(argv[1], "crash"))
		run_random(&disk, count, false, true);
	else if (!strcmp(argv[1], "fault"))
		run_random(&disk, count, true, false);
	else if (!strcmp(argv[1], "order"))
		run_order(&disk);
	else if (!strcmp(argv[1], "visit"))
		run_visit(&disk);
	else if (!strcmp(argv[1], "sync"))
		run_sync(&disk, count);
	else if (!strcmp(argv[1], "replay"))
		run_replay(&disk);
	else if (!strcmp(argv[1], "unlock"))
		run_unlock(&disk);
	else if (!strcmp(argv[1], "mount"))
		run_mount(&disk, false);
	else if (!strcmp(argv[1], "probe"))
		run_mount(&disk, true);
	else if (!strcmp(argv[1], "spoil"))
		run_spoil(&disk, count);
	else if (!strcmp(argv[1], "names"))
		run_names(&disk, count);
	else if (!strcmp(argv[1], "replace"))
		run_replace(&disk);
	else if (!strcmp(argv[1], "orphans"))
		run_orphans(&disk);
	else if (!strcmp(argv[1], "cuts"))
		run_cuts(&disk, argv[2], count, every, false);
	else if (!strcmp(argv[1], "break"))
		run_cuts(&disk, argv[2], count, every, true);
	else
		run_walk(&disk, count);
	CHECK(!host_disk_save(&disk, argv[2]), "cannot save");
	return 0;
}
