// SPDX-License-Identifier: MIT
/*
 * Slots for memory cards on SPI: "mmc-spi-slot" becomes /dev/mmcblk0.
 *
 * Binding: mmc/mmc-spi-slot.yaml of the Linux kernel.  A thread serves the
 * slot's requests, one run after the other; submitting only queues.  Whoever
 * uses the card holds the SPI bus, which is what guards slot->card.
 *
 * Cards come and go without telling (broken-cd): a slot is looked at when it is
 * opened or mounted, and a card that does not answer any more is gone.  While
 * anything is mounted the disk stays what it was, each request looks for the
 * card again, and only the same one is taken back, lest one file system be
 * written over another.  A card needs no BIO_FLUSH: it has written when it is
 * not busy any more.
 */
#include <stdio.h>
#include <string.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/printk.h>
#include <core/thread.h>
#include <core/time.h>
#include <dev/block.h>
#include <dev/device.h>
#include <dev/spi.h>

#include "mmc_queue.h"
#include "sd_card.h"

/* No limits of ours: a run goes over any number of pieces. */
#define MMC_SECTORS_MAX 8192
#define MMC_VECS_MAX    1024

/* Nobody puts a card in faster than that. */
#define MMC_LOOK_AGAIN_NS (250 * NSEC_PER_MSEC)

struct mmc_slot {
	struct block_device bdev;
	struct spi_device spi;  /* [I]; the bus guards what follows */
	struct sd_card card;    /* [bus] */
	uint64_t looked_ns;     /* [bus] when no card was found, or 0 */
	int fault;              /* [bus] what that look was told of */
	uint8_t known_cid[16];  /* [bus] of the card that the disk shows */
	struct mmc_queue queue; /* [its own] */
	struct mmc_run run;     /* [the thread] */
	uint8_t bounce[SD_BLOCK_SIZE] __aligned(8); /* [the thread] */
};

static unsigned mmc_count; /* slots, for their names; only probes change it */

/* --- The host of the SD protocol --- */

static struct mmc_slot *slot_of_card(struct sd_card *card)
{
	return container_of(card, struct mmc_slot, card);
}

static int slot_transfer(struct sd_card *card, const uint8_t *tx, uint8_t *rx,
			 size_t len)
{
	return spi_transfer(&slot_of_card(card)->spi, tx, rx, len);
}

static void slot_select(struct sd_card *card, bool on)
{
	spi_select(&slot_of_card(card)->spi, on);
}

static void slot_set_speed(struct sd_card *card, uint32_t hz)
{
	/* Slower than asked for is fine; so slow, any controller is. */
	(void)spi_set_speed(&slot_of_card(card)->spi, hz);
}

static uint64_t slot_now_us(struct sd_card *card)
{
	(void)card;
	return time_now_ns() / NSEC_PER_USEC;
}

static void slot_pause(struct sd_card *card, uint32_t us)
{
	(void)card;
	sleep_us(us);
}

static const struct sd_host_ops slot_host_ops = {
	.transfer = slot_transfer,
	.select = slot_select,
	.set_speed = slot_set_speed,
	.now_us = slot_now_us,
	.pause = slot_pause,
};

/* --- Cards that come and go --- */

static const char *mmc_describe_fault(int error)
{
	switch (error) {
	case -EMEDIUMTYPE:
		return "it is another one than the one mounted";
	case -EOPNOTSUPP:
		return "it is of an unknown kind";
	default:
		return "it does not start";
	}
}

/* Say what is wrong with the card, but not at each look. */
static void mmc_tell_fault(struct mmc_slot *slot, int error)
{
	if (error && error != -ENOMEDIUM && error != slot->fault)
		pr_err("%s: there is a card, but %s: error %d", slot->bdev.name,
		       mmc_describe_fault(error), -error);
	slot->fault = error;
}

/* May this card be the disk?  0 or -EMEDIUMTYPE.  The caller holds the bus. */
static int mmc_accept(struct mmc_slot *slot)
{
	if (memcmp(slot->known_cid, slot->card.cid, sizeof(slot->known_cid)) &&
	    block_disk_is_claimed(&slot->bdev)) {
		slot->card.present = false;
		return -EMEDIUMTYPE;
	}
	memcpy(slot->known_cid, slot->card.cid, sizeof(slot->known_cid));
	slot->bdev.read_only = slot->card.read_only;
	return 0;
}

/* Look for a card: its size, 0 if there is none.  The caller holds the bus. */
static uint64_t mmc_find_card(struct mmc_slot *slot)
{
	int ret = -ENOMEDIUM;

	if (slot->card.present)
		ret = sd_check(&slot->card);
	else if (slot->looked_ns &&
		 time_now_ns() - slot->looked_ns < MMC_LOOK_AGAIN_NS)
		return 0;
	/* Where one was, another may be now. */
	if (ret)
		ret = sd_init(&slot->card);
	if (!ret)
		ret = mmc_accept(slot);
	mmc_tell_fault(slot, ret);
	slot->looked_ns = ret ? time_now_ns() : 0;
	return ret ? 0 : slot->card.nr_sectors;
}

/* --- Requests --- */

static void mmc_submit(struct block_device *bdev, struct bio *bio)
{
	struct mmc_slot *slot = bdev->private;

	mmc_queue_add(&slot->queue, bio);
}

static int mmc_transfer_run(struct mmc_slot *slot, struct mmc_run *run)
{
	if (!slot->card.present && !mmc_find_card(slot))
		return -ENOMEDIUM;
	return run->op == BIO_READ
		       ? sd_read(&slot->card, run->sector, &run->blocks)
		       : sd_write(&slot->card, run->sector, &run->blocks);
}

/*
 * Serve a run; its bios come back with status, but if more than one may be to
 * blame for an error, none does.  The caller holds the bus.
 */
static bool mmc_serve_run(struct mmc_slot *slot)
{
	struct mmc_run *run = &slot->run;
	int ret = mmc_transfer_run(slot, run);
	struct bio *bio;

	if (ret && ret != -ENOMEDIUM &&
	    STAILQ_NEXT(STAILQ_FIRST(&run->bios), link))
		return false;
	/* That the card is gone is told once. */
	if (ret && ret != -ENOMEDIUM)
		pr_err("%s: cannot %s sector %llu (%u sectors): error %d",
		       slot->bdev.name, run->op == BIO_READ ? "read" : "write",
		       (unsigned long long)run->sector, run->blocks.nr, -ret);
	while ((bio = STAILQ_FIRST(&run->bios))) {
		STAILQ_REMOVE_HEAD(&run->bios, link);
		bio_end(bio, ret);
	}
	return true;
}

/* A run that failed: each bio for itself gets what it deserves. */
static void mmc_serve_alone(struct mmc_slot *slot)
{
	struct mmc_bios bios = STAILQ_HEAD_INITIALIZER(bios);
	struct bio *bio;

	STAILQ_CONCAT(&bios, &slot->run.bios);
	while ((bio = STAILQ_FIRST(&bios))) {
		STAILQ_REMOVE_HEAD(&bios, link);
		mmc_run_start(&slot->run, NULL, bio);
		(void)mmc_serve_run(slot);
	}
}

/* The card went, or came back, while requests were served. */
static void mmc_note_presence(struct mmc_slot *slot, bool present)
{
	if (present) {
		pr_info("%s: the card is back", slot->bdev.name);
		return;
	}
	pr_err("%s: the card does not answer any more", slot->bdev.name);
	if (!block_disk_is_claimed(&slot->bdev))
		block_media_changed(&slot->bdev, 0);
}

static void mmc_thread(void *arg)
{
	struct mmc_slot *slot = arg;
	bool before, after;
	struct bio *bio;

	for (;;) {
		bio = mmc_queue_take(&slot->queue);
		spi_lock(&slot->spi);
		before = slot->card.present;
		mmc_run_start(&slot->run, &slot->queue, bio);
		if (!mmc_serve_run(slot))
			mmc_serve_alone(slot);
		after = slot->card.present;
		spi_unlock(&slot->spi);
		if (after != before)
			mmc_note_presence(slot, after);
	}
}

/* --- The disk --- */

static int mmc_check(struct block_device *bdev)
{
	struct mmc_slot *slot = bdev->private;
	uint8_t cid[sizeof(slot->known_cid)];
	bool before, after, other;
	uint64_t sectors;

	spi_lock(&slot->spi);
	memcpy(cid, slot->known_cid, sizeof(cid));
	before = slot->card.present;
	sectors = mmc_find_card(slot);
	after = slot->card.present;
	other = sectors != block_device_sectors(bdev) ||
		memcmp(cid, slot->known_cid, sizeof(cid));
	spi_unlock(&slot->spi);
	if (block_disk_is_claimed(bdev) && after != before)
		mmc_note_presence(slot, after);
	else if (!block_disk_is_claimed(bdev) && other)
		block_media_changed(bdev, sectors);
	return sectors ? 0 : -ENOMEDIUM;
}

static const struct block_device_ops mmc_ops = {
	.submit = mmc_submit,
	.check = mmc_check,
};

/* --- The device --- */

static void mmc_fill_bdev(struct mmc_slot *slot)
{
	struct block_device *bdev = &slot->bdev;

	bdev->block_size = SD_BLOCK_SIZE;
	bdev->max_sectors = MMC_SECTORS_MAX;
	bdev->max_vecs = MMC_VECS_MAX;
	bdev->ops = &mmc_ops;
	bdev->private = slot;
	snprintf(bdev->name, sizeof(bdev->name), "mmcblk%u", mmc_count);
}

static int mmc_spi_probe(struct device *dev)
{
	struct mmc_slot *slot = kzalloc(sizeof(*slot));
	struct thread *thread;
	int ret;

	if (!slot)
		return -ENOMEM;
	ret = spi_device_init(&slot->spi, dev);
	if (ret)
		goto err_free;
	mmc_fill_bdev(slot);
	mmc_queue_init(&slot->queue);
	slot->run.bounce = slot->bounce;
	slot->card.ops = &slot_host_ops;
	slot->card.max_hz = slot->spi.max_hz;
	ret = -ENOMEM;
	thread = thread_create(mmc_thread, slot, slot->bdev.name);
	if (!thread)
		goto err_free;
	dev->private = slot;
	spi_lock(&slot->spi);
	atomic64_store(&slot->bdev.nr_sectors, (int64_t)mmc_find_card(slot));
	spi_unlock(&slot->spi);
	thread_wake(thread);
	mmc_count++;
	/* Can only fail for want of numbers: the thread is idle for ever then. */
	return block_device_register(&slot->bdev);

err_free:
	kfree(slot);
	return ret;
}

/* The card is left alone from now on; what runs comes to its end first. */
static void mmc_spi_shutdown(struct device *dev)
{
	struct mmc_slot *slot = dev->private;

	spi_lock(&slot->spi);
}

static const struct of_match mmc_spi_match[] = {
	{ .compatible = "mmc-spi-slot" },
	{},
};

static const struct driver mmc_spi_driver = {
	.name = "mmc-spi",
	.match = mmc_spi_match,
	.probe = mmc_spi_probe,
	.shutdown = mmc_spi_shutdown,
};
DRIVER_DECLARE(mmc_spi_driver);
