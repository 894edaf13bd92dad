// SPDX-License-Identifier: MIT
#include <lib/errno.h>

#include <core/panic.h>
#include <fs/buffer_io.h>
#include <mm/page.h>

#include "buffer_internal.h"

/* For an io to be free; static, as the last io outlives what it wakes. */
static struct waitq buffer_io_queue = WAITQ_INIT(buffer_io_queue);

static void buffer_io_end(struct bio *bio)
{
	struct buffer_io *io = bio->private;
	int none = 0;

	if (bio->status)
		atomic_cmpxchg(&io->cache->io_error, &none, bio->status);
	atomic_store_release(&io->busy, 0);
	waitq_wake_all(&buffer_io_queue);
}

static struct buffer_io *buffer_io_find_idle(struct buffer_cache *cache)
{
	for (unsigned i = 0; i < BUFFER_IOS; i++) {
		if (!atomic_load_acquire(&cache->ios[i].busy))
			return &cache->ios[i];
	}
	return NULL;
}

static bool buffer_io_all_idle(const struct buffer_cache *cache)
{
	for (unsigned i = 0; i < BUFFER_IOS; i++) {
		if (atomic_load_acquire(&cache->ios[i].busy))
			return false;
	}
	return true;
}

/* Could a block at that sector go behind those collected? */
static bool buffer_io_fits(const struct buffer_io *io, uint64_t sector)
{
	const struct block_device *bdev = io->cache->bdev;
	const struct bio *bio = &io->bio;

	return bio->sector + bio->nr_sectors == sector &&
	       bio->nr_vecs < MIN(BUFFER_IO_VECS, bdev->max_vecs) &&
	       bio->nr_sectors + io->cache->block_size / 512 <=
		       bdev->max_sectors;
}

static void buffer_writer_submit(struct buffer_writer *writer)
{
	struct buffer_io *io = writer->io;

	if (!io)
		return;
	writer->io = NULL;
	atomic_store(&io->busy, 1);
	bio_submit(&io->bio);
}

static void buffer_writer_next(struct buffer_writer *writer, uint64_t sector)
{
	struct buffer_cache *cache = writer->cache;
	struct buffer_io *io = NULL;

	waitq_wait(&buffer_io_queue, (io = buffer_io_find_idle(cache)));
	io->bio = (struct bio){
		.bdev = cache->bdev,
		.op = BIO_WRITE,
		.sector = sector,
		.vecs = io->vecs,
		.end_io = buffer_io_end,
		.private = io,
	};
	writer->io = io;
}

void buffer_writer_start(struct buffer_writer *writer,
			 struct buffer_cache *cache)
{
	ASSERT(mutex_is_held(&cache->commit_lock));
	writer->cache = cache;
	writer->io = NULL;
	atomic_store(&cache->io_error, 0);
}

void buffer_writer_add(struct buffer_writer *writer, struct buffer *buf,
		       uint64_t place)
{
	uint32_t size = writer->cache->block_size;
	uint64_t sector = place * (size / 512);
	struct bio *bio;

	if (writer->io && !buffer_io_fits(writer->io, sector))
		buffer_writer_submit(writer);
	if (!writer->io)
		buffer_writer_next(writer, sector);
	bio = &writer->io->bio;
	writer->io->vecs[bio->nr_vecs++] = (struct bio_vec){
		.page = virt_to_page(buf->data),
		.offset = (uintptr_t)buf->data & PAGE_MASK,
		.len = size,
	};
	bio->nr_sectors += size / 512;
}

int buffer_writer_finish(struct buffer_writer *writer)
{
	buffer_writer_submit(writer);
	waitq_wait(&buffer_io_queue, buffer_io_all_idle(writer->cache));
	return atomic_load(&writer->cache->io_error);
}
