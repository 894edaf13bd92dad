// SPDX-License-Identifier: MIT
/*
 * See cut.h.
 *
 * What is left must mount, with a journal, as one of the states that it may
 * have, and e2fsck must find nothing to mend in it then; and e2fsck's replay of
 * the same disk must give one of them as well.  While the child mounts, compares
 * and unmounts the power may go again.  Without a journal e2fsck has to mend it.
 */
#include "cut.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/wait.h>

#include <fs/ext4/layout.h>

#include "model.h"
#include "settled.h"
#include "snapshot.h"

#define MAX_DEPTH    3  /* losses of power, one within what the other left */
#define NESTED_CUTS  2  /* of each */
#define NESTED_EVERY 30 /* of its transfers */

#define E2FSCK_MENDED    1
#define E2FSCK_CANNOT_DO 8

static struct cuts cuts;
static char image[4096];
static char backup[64]; /* what e2fsck is told if the super block is spoiled */
static bool may_spoil_super;
static unsigned depth, cuts_left = UINT_MAX;
static unsigned nr_events;
static unsigned *nr_cuts; /* in memory that the children share */
static bool has_garbage;  /* one of the cuts so far has left some */
/* From another source than operations, so that those do not depend on it. */
static uint64_t cut_state;

static unsigned cut_lot(unsigned n)
{
	cut_state = cut_state * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned)((cut_state >> 33) % n);
}

/* --- e2fsck --- */

static int e2fsck(const char *options)
{
	char command[3 * sizeof(image)];
	int status;

	snprintf(command, sizeof(command), "e2fsck -f %s %s >%s.log 2>&1",
		 options, image, image);
	status = system(command);
	CHECK(WIFEXITED(status), "e2fsck: status %#x", status);
	return WEXITSTATUS(status);
}

static void e2fsck_finds_nothing(void)
{
	int status = e2fsck("-n");

	CHECK(!status, "e2fsck -n: %d, see %s.log", status, image);
}

static void e2fsck_mends(void)
{
	int status = e2fsck("-y");

	/* It only knows where copies are by default. */
	if (status == E2FSCK_CANNOT_DO)
		status = e2fsck(backup);
	CHECK(status <= E2FSCK_MENDED, "e2fsck -y: %d, see %s.log", status,
	      image);
}

/*
 * The super block may be nonsense if that shows, and if there is a copy where it
 * is found without the sizes that the super block has.
 */
static void backup_find(const struct host_disk *disk)
{
	const struct ext4_super_block *sb =
		(const void *)(disk->data + EXT4_SUPER_OFFSET);
	uint32_t per_group = le32_to_cpu(sb->s_blocks_per_group);

	snprintf(backup, sizeof(backup), "-y -b %u -B %u",
		 per_group + le32_to_cpu(sb->s_first_data_block),
		 1024u << le32_to_cpu(sb->s_log_block_size));
	may_spoil_super = per_group == 8192 &&
			  le32_to_cpu(sb->s_blocks_count_lo) > per_group + 1 &&
			  le32_to_cpu(sb->s_feature_ro_compat) &
				  EXT4_RO_COMPAT_METADATA_CSUM;
}

/* --- after the cut --- */

static void mount_and_compare(struct host_disk *disk)
{
	struct super *super;
	int ret = host_mount(disk, "ext4", false, &super);

	CHECK(!ret, "mount: %d", ret);
	if (cuts.has_journal)
		snapshots_compare(super, has_garbage);
	else
		settled_compare(super);
	ret = host_unmount(super);
	CHECK(!ret, "unmount: %d", ret);
}

static void check_own_replay(struct host_disk *disk)
{
	if (depth < MAX_DEPTH) {
		cuts.every = NESTED_EVERY;
		cuts_left = NESTED_CUTS;
		host_disk_add_cache(disk);
	}
	mount_and_compare(disk);
	if (disk->cache)
		host_disk_remove_cache(disk);
	CHECK(!host_disk_save(disk, image), "cannot save");
	e2fsck_finds_nothing();
}

static void check_e2fsck(struct host_disk *disk)
{
	struct host_disk other;

	host_disk_event = NULL;
	CHECK(!host_disk_save(disk, image), "cannot save");
	e2fsck_mends();
	e2fsck_finds_nothing();
	CHECK(!host_disk_open(&other, image), "cannot open");
	mount_and_compare(&other);
}

static void check_cut(struct host_disk *before)
{
	static const unsigned percents[] = { 0, 10, 50, 90, 100 };
	struct host_cut cut = {
		.percent = percents[cut_lot(5)],
		.torn = cut_lot(4) != 0,
		.garbage = cut_lot(4) == 0 && cuts.has_journal,
		.spared_from = EXT4_SUPER_OFFSET,
		.spared_end = may_spoil_super ? 0 : EXT4_SUPER_OFFSET + 1024,
	};
	struct host_disk after;
	size_t len = strlen(image);

	sprintf(image + len, ".cut%u", depth);
	if (host_verbose)
		printf("cut %u: %u%%%s%s\n", *nr_cuts, cut.percent,
		       cut.torn ? ", torn" : "",
		       cut.garbage ? ", garbage" : "");
	has_garbage |= cut.garbage;
	host_disk_cut(before, &cut, &after);
	host_fibers_abandon();
	if (cuts.has_journal && cut_lot(3))
		check_own_replay(&after);
	else
		check_e2fsck(&after);
	unlink(image);
	strcat(image, ".log");
	unlink(image);
}

/* --- before it --- */

void cut_now(struct host_disk *disk)
{
	int status;
	pid_t child;

	++*nr_cuts;
	fflush(stdout);
	child = fork();
	CHECK(child >= 0, "cannot fork");
	if (!child) {
		depth++;
		snapshots_stop();
		check_cut(disk);
		fflush(stdout);
		_exit(0);
	}
	waitpid(child, &status, 0);
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		printf("cut %u at event %u, depth %u, status %#x\n", *nr_cuts,
		       nr_events, depth, status);
		fflush(stdout);
		_exit(1);
	}
}

/* As host_disk_event. */
static void maybe_cut(struct host_disk *disk)
{
	nr_events++;
	if (!cuts_left || cut_lot(cuts.every))
		return;
	cuts_left--;
	cut_now(disk);
}

void cuts_start(struct host_disk *disk, const struct cuts *how, uint64_t seed)
{
	cuts = *how;
	strcpy(image, cuts.image);
	backup_find(disk);
	cut_state = seed;
	nr_cuts = mmap(NULL, sizeof(*nr_cuts), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(nr_cuts != MAP_FAILED, "no memory");
	host_disk_event = maybe_cut;
}

void cuts_stop(void)
{
	host_disk_event = NULL;
	printf("%u cuts\n", *nr_cuts);
}
