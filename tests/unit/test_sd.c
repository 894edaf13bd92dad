// SPDX-License-Identifier: MIT
/* The SD protocol against a model of a card: identification, runs, faults. */
#include "unit.h"

#include <lib/errno.h>

#include "sd_fake.h"

static struct fake_card fake; /* each test begins with fake_reset() */

static int host_transfer(struct sd_card *card, const uint8_t *tx, uint8_t *rx,
			 size_t len)
{
	(void)card;
	for (size_t i = 0; i < len; i++) {
		uint8_t said = fake_clock(&fake, tx ? tx[i] : 0xff);

		if (rx)
			rx[i] = said;
	}
	return 0;
}

static void host_select(struct sd_card *card, bool on)
{
	(void)card;
	fake.selected = on;
	if (!on)
		fake.out_len = fake.out_pos = fake.in_len = 0;
}

static void host_set_speed(struct sd_card *card, uint32_t hz)
{
	(void)card;
	fake.hz = hz;
}

static uint64_t host_now_us(struct sd_card *card)
{
	(void)card;
	return fake.now_ns / 1000;
}

static void host_pause(struct sd_card *card, uint32_t us)
{
	(void)card;
	fake.pauses++;
	fake.now_ns += us * 1000ull;
}

static const struct sd_host_ops host_ops = {
	.transfer = host_transfer,
	.select = host_select,
	.set_speed = host_set_speed,
	.now_us = host_now_us,
	.pause = host_pause,
};

static void fake_reset(void)
{
	memset(&fake, 0, sizeof(fake));
	fake.card.ops = &host_ops;
	fake.card.max_hz = 20000000;
	fake.high_capacity = true;
	fake.op_cond = 3;
	fake.write_us = 300;
	memcpy(fake.cid, "a card of its own", 16);
	for (unsigned n = 0; n < FAKE_SECTORS; n++)
		memset(fake.sectors[n], (int)(n * 7 + 1), 512);
}

static void fake_ready(void)
{
	fake_reset();
	EXPECT_EQ(sd_init(&fake.card), 0);
}

/* Blocks in one buffer. */
struct buffer {
	struct sd_blocks blocks;
	uint8_t bytes[64][512];
	unsigned put;
	unsigned longer; /* extend() makes it as long as that, once */
};

static uint8_t *buffer_get(struct sd_blocks *blocks, unsigned n)
{
	return ((struct buffer *)blocks)->bytes[n];
}

static void buffer_put(struct sd_blocks *blocks, unsigned n)
{
	(void)n;
	((struct buffer *)blocks)->put++;
}

static unsigned buffer_extend(struct sd_blocks *blocks)
{
	struct buffer *buffer = (struct buffer *)blocks;

	if (buffer->longer > blocks->nr)
		blocks->nr = buffer->longer;
	return blocks->nr;
}

static struct buffer *buffer_make(unsigned nr, uint8_t fill)
{
	static struct buffer buffer;

	memset(&buffer, 0, sizeof(buffer));
	memset(buffer.bytes, fill, sizeof(buffer.bytes));
	buffer.blocks.get = buffer_get;
	buffer.blocks.put = buffer_put;
	buffer.blocks.extend = buffer_extend;
	buffer.blocks.nr = nr;
	return &buffer;
}

static void expect_read(const struct buffer *buffer, uint64_t sector)
{
	for (unsigned i = 0; i < buffer->blocks.nr; i++)
		EXPECT(!memcmp(buffer->bytes[i], fake.sectors[sector + i],
			       512));
}

static void expect_written(uint64_t sector, unsigned nr, uint8_t fill)
{
	for (unsigned i = 0; i < nr; i++) {
		EXPECT_EQ(fake.sectors[sector + i][0], fill);
		EXPECT_EQ(fake.sectors[sector + i][511], fill);
	}
}

TEST(sd_crcs_are_those_of_the_specification)
{
	uint8_t ones[512], zeros[512] = { 0 };
	uint8_t cmd0[5] = { 0x40 };
	uint8_t cmd8[5] = { 0x48, 0, 0, 1, 0xaa };

	memset(ones, 0xff, sizeof(ones));
	EXPECT_EQ(sd_crc7(cmd0, 5) << 1 | 1, 0x95);
	EXPECT_EQ(sd_crc7(cmd8, 5) << 1 | 1, 0x87);
	EXPECT_EQ(sd_crc16(ones, 512), 0x7fa1);
	EXPECT_EQ(sd_crc16(zeros, 512), 0);
	EXPECT_EQ(sd_crc16((const uint8_t *)"123456789", 9), 0x31c3);
}

TEST(sd_init_finds_a_card_of_high_capacity)
{
	fake_ready();
	EXPECT(fake.card.present && fake.card.block_address);
	EXPECT_EQ(fake.card.nr_sectors, FAKE_SECTORS);
	EXPECT(!memcmp(fake.card.cid, fake.cid, 16));
	EXPECT(fake.card.crc && fake.check_crc);
	EXPECT_EQ(fake.hz, 20000000);
}

TEST(sd_init_finds_a_card_of_version_1)
{
	struct buffer *buffer = buffer_make(2, 0);

	fake_reset();
	fake.v1 = true;
	fake.high_capacity = false;
	EXPECT_EQ(sd_init(&fake.card), 0);
	EXPECT(!fake.card.block_address);
	EXPECT_EQ(fake.card.nr_sectors, FAKE_SECTORS);
	EXPECT_EQ(sd_read(&fake.card, 100, &buffer->blocks), 0);
	expect_read(buffer, 100);
}

TEST(sd_init_tells_that_there_is_no_card)
{
	fake_reset();
	fake.absent = true;
	EXPECT_EQ(sd_init(&fake.card), -ENOMEDIUM);
	EXPECT(!fake.card.present);
	/* Booting without a card does not take long. */
	EXPECT(fake.now_ns < 100000000);
}

TEST(sd_init_gives_up_a_card_that_never_wakes)
{
	fake_reset();
	fake.op_cond = 0;
	EXPECT_EQ(sd_init(&fake.card), -ETIMEDOUT);
}

TEST(sd_init_gets_through_on_a_bad_bus)
{
	for (unsigned n = 1; n < 40; n++) {
		fake_reset();
		fake.op_cond = 10;
		/* The card does not hear the nth command behind CMD0. */
		fake.silent_command = n;
		EXPECT_EQ(sd_init(&fake.card), 0);
		EXPECT_EQ(fake.nr_inits, 1);
	}
}

TEST(sd_init_frees_a_card_from_the_middle_of_a_write)
{
	fake_ready();
	fake.mode = FAKE_WANT_DATA;
	fake.in_len = 200;
	fake.op_cond = 1;
	EXPECT_EQ(sd_init(&fake.card), 0);
	EXPECT(fake.card.present);
}

TEST(sd_init_frees_a_card_from_the_middle_of_a_read)
{
	fake_ready();
	fake.sector = 5;
	fake.reading = true;
	fake.op_cond = 1;
	EXPECT_EQ(sd_init(&fake.card), 0);
}

TEST(sd_reads_a_run_with_one_command)
{
	struct buffer *buffer = buffer_make(40, 0);

	fake_ready();
	EXPECT_EQ(sd_read(&fake.card, 1000, &buffer->blocks), 0);
	expect_read(buffer, 1000);
	EXPECT_EQ(fake.nr_commands[18], 1);
	EXPECT_EQ(fake.nr_commands[12], 1);
	EXPECT_EQ(buffer->put, 40);
}

TEST(sd_reads_the_last_block)
{
	struct buffer *buffer = buffer_make(1, 0);

	fake_ready();
	EXPECT_EQ(sd_read(&fake.card, FAKE_SECTORS - 1, &buffer->blocks), 0);
	expect_read(buffer, FAKE_SECTORS - 1);
}

TEST(sd_writes_a_run_with_one_command)
{
	struct buffer *buffer = buffer_make(40, 0x5a);

	fake_ready();
	EXPECT_EQ(sd_write(&fake.card, 500, &buffer->blocks), 0);
	expect_written(500, 40, 0x5a);
	EXPECT_EQ(fake.sectors[540][0], (uint8_t)(540 * 7 + 1));
	EXPECT_EQ(fake.nr_commands[25], 1);
	EXPECT_EQ(fake.nr_commands[13], 1);
}

TEST(sd_runs_can_grow_on_their_way)
{
	struct buffer *buffer = buffer_make(3, 0xa5);

	fake_ready();
	buffer->longer = 9;
	EXPECT_EQ(sd_write(&fake.card, 0, &buffer->blocks), 0);
	expect_written(0, 9, 0xa5);
	EXPECT_EQ(fake.nr_commands[25], 1);
}

TEST(sd_waits_for_a_slow_card_without_spinning)
{
	struct buffer *buffer = buffer_make(1, 1);
	unsigned pauses;

	fake_ready();
	fake.write_us = 240000;
	pauses = fake.pauses;
	EXPECT_EQ(sd_write(&fake.card, 0, &buffer->blocks), 0);
	/* Twice that long; with pauses of 2 ms at most that is this often. */
	EXPECT(fake.pauses - pauses > 200 && fake.pauses - pauses < 300);
}

TEST(sd_gives_up_a_card_that_stays_busy)
{
	struct buffer *buffer = buffer_make(1, 1);

	fake_ready();
	fake.write_us = 4000000000u;
	EXPECT(sd_write(&fake.card, 0, &buffer->blocks) < 0);
}

TEST(sd_reads_again_what_arrived_damaged)
{
	struct buffer *buffer = buffer_make(8, 0);

	fake_ready();
	fake.bad_read_crc = 4;
	EXPECT_EQ(sd_read(&fake.card, 10, &buffer->blocks), 0);
	expect_read(buffer, 10);
	EXPECT_EQ(fake.nr_commands[18], 2);
	EXPECT_EQ(fake.nr_inits, 1);
	EXPECT_EQ(buffer->put, 8);
}

TEST(sd_reads_again_after_an_error_of_the_card)
{
	struct buffer *buffer = buffer_make(8, 0);

	fake_ready();
	fake.read_error = 6;
	fake.op_cond = 1;
	EXPECT_EQ(sd_read(&fake.card, 10, &buffer->blocks), 0);
	expect_read(buffer, 10);
	EXPECT_EQ(fake.nr_inits, 2);
}

TEST(sd_writes_again_what_arrived_damaged)
{
	struct buffer *buffer = buffer_make(8, 0x33);

	fake_ready();
	fake.bad_write_crc = 5;
	EXPECT_EQ(sd_write(&fake.card, 10, &buffer->blocks), 0);
	expect_written(10, 8, 0x33);
	EXPECT_EQ(fake.nr_commands[25], 2);
	EXPECT_EQ(fake.nr_inits, 1);
}

TEST(sd_writes_on_from_the_block_that_arrived_damaged)
{
	struct buffer *buffer = buffer_make(64, 0x34);

	fake_ready();
	/* Every tenth block; no try ever gets through all of them. */
	for (unsigned i = 0; i < 5; i++) {
		fake.bad_write_crc = 10;
		fake.blocks_moved = 0;
		buffer->blocks.nr = 11 * (i + 1);
		EXPECT_EQ(sd_write(&fake.card, 10, &buffer->blocks), 0);
		EXPECT_EQ(fake.blocks_moved, buffer->blocks.nr);
	}
	expect_written(10, 55, 0x34);
}

TEST(sd_writes_again_after_an_error_of_the_card)
{
	struct buffer *buffer = buffer_make(8, 0x44);

	fake_ready();
	fake.write_error = 3;
	fake.op_cond = 1;
	EXPECT_EQ(sd_write(&fake.card, 10, &buffer->blocks), 0);
	expect_written(10, 8, 0x44);
}

TEST(sd_writes_again_what_was_accepted_before_an_error)
{
	struct buffer *buffer = buffer_make(8, 0x45);

	fake_ready();
	fake.programs_late = true;
	fake.write_error = 3;
	fake.op_cond = 1;
	EXPECT_EQ(sd_write(&fake.card, 10, &buffer->blocks), 0);
	expect_written(10, 8, 0x45);
}

TEST(sd_writes_again_if_the_status_tells_of_an_error)
{
	struct buffer *buffer = buffer_make(2, 0x55);

	fake_ready();
	fake.bad_status = 1;
	fake.op_cond = 1;
	EXPECT_EQ(sd_write(&fake.card, 10, &buffer->blocks), 0);
	EXPECT_EQ(fake.nr_commands[25], 2);
	expect_written(10, 2, 0x55);
}

TEST(sd_asks_again_when_a_command_goes_unheard)
{
	struct buffer *buffer = buffer_make(2, 0);

	fake_ready();
	fake.silent_command = 1;
	fake.op_cond = 1;
	EXPECT_EQ(sd_read(&fake.card, 10, &buffer->blocks), 0);
	expect_read(buffer, 10);
}

TEST(sd_reports_what_fails_for_good)
{
	struct buffer *buffer = buffer_make(4, 0x66);

	fake_ready();
	/* Beyond the end of the card: the model refuses those blocks. */
	fake.card.nr_sectors = FAKE_SECTORS;
	fake.op_cond = 1;
	EXPECT(sd_write(&fake.card, FAKE_SECTORS - 2, &buffer->blocks) < 0);
	EXPECT(sd_read(&fake.card, FAKE_SECTORS - 2, &buffer->blocks) < 0);
}

TEST(sd_notices_that_the_card_was_taken_out)
{
	struct buffer *buffer = buffer_make(8, 0);

	fake_ready();
	fake.vanish_at_block = 3;
	EXPECT_EQ(sd_read(&fake.card, 10, &buffer->blocks), -ENOMEDIUM);
	EXPECT(!fake.card.present);
	fake.absent = false;
	fake.op_cond = 1;
	EXPECT_EQ(sd_init(&fake.card), 0);
}

TEST(sd_does_not_go_on_with_another_card)
{
	struct buffer *buffer = buffer_make(8, 0x77);

	fake_ready();
	fake.write_error = 2;
	fake.op_cond = 1;
	fake.cid[3]++;
	EXPECT_EQ(sd_write(&fake.card, 10, &buffer->blocks), -ENOMEDIUM);
	EXPECT(!fake.card.present);
}

TEST(sd_check_tells_whether_the_card_is_there)
{
	fake_ready();
	EXPECT_EQ(sd_check(&fake.card), 0);
	fake.absent = true;
	EXPECT_EQ(sd_check(&fake.card), -ENOMEDIUM);
}
