// SPDX-License-Identifier: MIT
/*
 * Bios: checks, remapping of partitions, splitting, and waiting for them.
 *
 * A bio that its driver can take as it is passes through without allocation.
 * One that is too long becomes a chain of pieces, each with its own vectors;
 * the last piece that ends ends the whole.  There is no queue and no elevator
 * here: the page cache and the buffer cache submit long sorted runs, and the
 * driver keeps many requests in flight.
 */
#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <core/waitq.h>
#include <dev/block.h>
#include <mm/page.h>

#define SECTOR_SIZE  512u
#define SECTOR_SHIFT 9

/* Counts the pieces of one long bio that are still on their way. */
struct bio_split {
	struct bio *whole;
	atomic_t pending;
	atomic_t status; /* of the first piece that failed */
};

struct bio_piece {
	struct bio bio;
	struct bio_split *split;
	struct bio_vec vecs[];
};

/* Where the next piece starts. */
struct bio_cursor {
	unsigned vec;
	uint32_t offset; /* bytes into that vector */
	uint64_t sector;
};

/*
 * Waiters sleep here and not in the bio: the submitter may free that as soon
 * as it sees the end, while the waker still needs the queue.
 */
static struct waitq bio_waitqs[4] = {
	WAITQ_INIT(bio_waitqs[0]),
	WAITQ_INIT(bio_waitqs[1]),
	WAITQ_INIT(bio_waitqs[2]),
	WAITQ_INIT(bio_waitqs[3]),
};

static struct waitq *bio_waitq(const struct bio *bio)
{
	return &bio_waitqs[(uintptr_t)bio / 64 % ARRAY_SIZE(bio_waitqs)];
}

static bool bio_has_data(const struct bio *bio)
{
	return bio->op == BIO_READ || bio->op == BIO_WRITE;
}

static uint64_t bio_vec_bytes(const struct bio *bio)
{
	uint64_t bytes = 0;

	for (unsigned i = 0; i < bio->nr_vecs; i++)
		bytes += bio->vecs[i].len;
	return bytes;
}

static int bio_check(const struct bio *bio)
{
	const struct block_device *bdev = bio->bdev;
	uint64_t limit = block_device_sectors(bdev);
	uint32_t block_sectors = bdev->block_size / SECTOR_SIZE;

	if (bio->op == BIO_FLUSH)
		return 0;
	if (bio->op != BIO_READ && bdev->read_only)
		return -EROFS;
	if (bio->op == BIO_DISCARD && !bdev->has_discard)
		return -EOPNOTSUPP;
	if (bio->sector > limit || bio->nr_sectors > limit - bio->sector)
		return -ENXIO;
	if (!bio->nr_sectors || (bio->sector | bio->nr_sectors) % block_sectors)
		return -EINVAL;
	if (bio_has_data(bio) && bio_vec_bytes(bio) != bio->nr_sectors
							       << SECTOR_SHIFT)
		return -EINVAL;
	return 0;
}

static void bio_account(struct bio *bio)
{
	struct block_device *bdev = bio->bdev;

	if (bio->op == BIO_READ) {
		atomic64_add_relaxed(&bdev->reads, 1);
		atomic64_add_relaxed(&bdev->read_sectors,
				     (int64_t)bio->nr_sectors);
	} else if (bio->op == BIO_WRITE) {
		atomic64_add_relaxed(&bdev->writes, 1);
		atomic64_add_relaxed(&bdev->write_sectors,
				     (int64_t)bio->nr_sectors);
	}
}

static void bio_split_put(struct bio_split *split, int status)
{
	int none = 0;

	if (status)
		atomic_cmpxchg(&split->status, &none, status);
	if (atomic_sub_return(&split->pending, 1))
		return;
	bio_end(split->whole, atomic_load(&split->status));
	kfree(split);
}

static void bio_piece_end(struct bio *bio)
{
	struct bio_piece *piece = container_of(bio, struct bio_piece, bio);
	struct bio_split *split = piece->split;
	int status = bio->status;

	kfree(piece);
	bio_split_put(split, status);
}

/* Fill the piece from the cursor on, as far as the device's limits allow. */
static void bio_piece_fill(struct bio_piece *piece, const struct bio *whole,
			   struct bio_cursor *at)
{
	const struct block_device *disk = whole->bdev;
	uint64_t room = (uint64_t)disk->max_sectors << SECTOR_SHIFT;
	uint64_t bytes = 0;
	unsigned n = 0;

	while (at->vec < whole->nr_vecs && n < disk->max_vecs && room) {
		const struct bio_vec *vec = &whole->vecs[at->vec];
		uint32_t start = vec->offset + at->offset;
		uint32_t len = (uint32_t)MIN(vec->len - at->offset, room);

		piece->vecs[n].page = vec->page + start / PAGE_SIZE;
		piece->vecs[n].offset = start % PAGE_SIZE;
		piece->vecs[n].len = len;
		n++;
		bytes += len;
		room -= len;
		at->offset += len;
		if (at->offset == vec->len) {
			at->offset = 0;
			at->vec++;
		}
	}
	piece->bio.sector = at->sector;
	piece->bio.nr_sectors = bytes >> SECTOR_SHIFT;
	piece->bio.nr_vecs = n;
	at->sector += piece->bio.nr_sectors;
}

static int bio_submit_piece(struct bio_split *split, struct bio_cursor *at)
{
	struct bio *whole = split->whole;
	struct block_device *disk = whole->bdev;
	unsigned nr_vecs = MIN(disk->max_vecs, whole->nr_vecs - at->vec);
	struct bio_piece *piece;

	piece = kzalloc(sizeof(*piece) + nr_vecs * sizeof(piece->vecs[0]));
	if (!piece)
		return -ENOMEM;
	piece->split = split;
	piece->bio.bdev = disk;
	piece->bio.op = whole->op;
	piece->bio.vecs = piece->vecs;
	piece->bio.end_io = bio_piece_end;
	bio_piece_fill(piece, whole, at);
	/* Vectors that end within a device block leave no valid piece. */
	if (piece->bio.nr_sectors % (disk->block_size / SECTOR_SIZE) ||
	    !piece->bio.nr_sectors) {
		kfree(piece);
		return -EINVAL;
	}
	atomic_add(&split->pending, 1);
	disk->ops->submit(disk, &piece->bio);
	return 0;
}

static void bio_submit_split(struct bio *bio)
{
	struct bio_cursor at = { .sector = bio->sector };
	struct bio_split *split;
	int ret = 0;

	split = kzalloc(sizeof(*split));
	if (!split) {
		bio_end(bio, -ENOMEM);
		return;
	}
	split->whole = bio;
	/* One for ourselves, so that it cannot end before all have started. */
	atomic_store(&split->pending, 1);
	while (!ret && at.vec < bio->nr_vecs)
		ret = bio_submit_piece(split, &at);
	bio_split_put(split, ret);
}

void bio_submit(struct bio *bio)
{
	struct block_device *disk = bio->bdev->disk;
	int ret = bio_check(bio);

	if (ret || (bio->op == BIO_FLUSH && !disk->has_flush)) {
		bio_end(bio, ret);
		return;
	}
	bio_account(bio);
	if (bio->bdev != disk) {
		bio->sector += bio->bdev->start;
		bio->bdev = disk;
		bio_account(bio);
	}
	if (bio_has_data(bio) && (bio->nr_sectors > disk->max_sectors ||
				  bio->nr_vecs > disk->max_vecs))
		bio_submit_split(bio);
	else
		disk->ops->submit(disk, bio);
}

void bio_end(struct bio *bio, int status)
{
	bio->status = status;
	bio->end_io(bio);
}

static void bio_wake_submitter(struct bio *bio)
{
	struct waitq *wq = bio_waitq(bio);
	atomic_t *done = bio->private;

	atomic_store_release(done, 1);
	waitq_wake_all(wq);
}

int bio_submit_wait(struct bio *bio)
{
	atomic_t done = ATOMIC_INIT(0);

	bio->end_io = bio_wake_submitter;
	bio->private = &done;
	bio_submit(bio);
	waitq_wait(bio_waitq(bio), atomic_load_acquire(&done));
	return bio->status;
}

static int block_transfer(struct block_device *bdev, enum bio_op op,
			  uint64_t sector, const void *buf, size_t len)
{
	struct bio_vec vec = {
		.page = virt_to_page(buf),
		.offset = (uint32_t)((uintptr_t)buf & PAGE_MASK),
		.len = (uint32_t)len,
	};
	struct bio bio = {
		.bdev = bdev,
		.op = op,
		.sector = sector,
		.nr_sectors = len >> SECTOR_SHIFT,
		.vecs = &vec,
		.nr_vecs = 1,
	};

	if (len > UINT32_MAX)
		return -EINVAL;
	return bio_submit_wait(&bio);
}

int block_read(struct block_device *bdev, uint64_t sector, void *buf,
	       size_t len)
{
	return block_transfer(bdev, BIO_READ, sector, buf, len);
}

int block_write(struct block_device *bdev, uint64_t sector, const void *buf,
		size_t len)
{
	return block_transfer(bdev, BIO_WRITE, sector, buf, len);
}

int block_flush(struct block_device *bdev)
{
	struct bio bio = { .bdev = bdev, .op = BIO_FLUSH };

	return bio_submit_wait(&bio);
}
