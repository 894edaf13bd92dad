// SPDX-License-Identifier: MIT
/*
 * I2C0 to I2C2: k210.md section 3.13, after the SDK's i2c.h and the
 * DW_apb_i2c databook it follows.
 *
 * No board has a device that is modelled, and nobody addresses us: a master's
 * address meets no acknowledge, after the time that it takes on the wires,
 * and the transfer is aborted.
 */
#include "i2c.h"

#include "machine.h"

#define CON           0x00
#define TAR           0x04
#define SAR           0x08
#define DATA_CMD      0x10
#define SCL_HCNT      0x14
#define SCL_LCNT      0x18
#define INTR_STAT     0x2c
#define INTR_MASK     0x30
#define RAW           0x34
#define TX_TL         0x3c
#define CLR_INTR      0x40
#define CLR_GEN_CALL  0x68
#define ENABLE        0x6c
#define STATUS        0x70
#define TXFLR         0x74
#define RXFLR         0x78
#define ABRT_SOURCE   0x80
#define SPKLEN        0xa0
#define ENABLE_STATUS 0x9c
#define PARAM         0xf4
#define VERSION       0xf8
#define TYPE          0xfc

#define CON_MASTER    (1u << 0)
#define CON_RESET     0x7f
#define MASK_RESET    0x8ff
#define INT_TX_OVER   (1u << 3)
#define INT_TX_EMPTY  (1u << 4)
#define INT_TX_ABRT   (1u << 6)
#define INT_ACTIVITY  (1u << 8)
#define INT_STOP      (1u << 9)
#define INT_START     (1u << 10)
#define NO_ACK        (1u << 0) /* of a 7-bit address */
#define ADDRESS_BITS  10        /* start, eight bits, acknowledge */
#define FIFO          8
#define ACTIVE        (1u << 0 | 1u << 5)
#define TX_NOT_FULL   (1u << 1)
#define TX_EMPTY      (1u << 2)
#define PARAM_VALUE   ((FIFO - 1) << 16 | (FIFO - 1) << 8 | 2)
#define VERSION_VALUE 0x3131312a /* "111*" */
#define TYPE_VALUE    0x44570140
#define FIRST_IRQ     8

/* What the registers from CLR_RX_UNDER on clear; TX_EMPTY has none. */
static const uint8_t clears[] = { 0, 1, 3, 5, 6, 7, 8, 9, 10, 11 };

static bool is_enabled(const struct i2c *i2c)
{
	return i2c->word[ENABLE / 4] & 1;
}

static uint32_t raw(const struct i2c *i2c)
{
	uint32_t value = i2c->raw;

	if (is_enabled(i2c) && i2c->waiting <= i2c->word[TX_TL / 4])
		value |= INT_TX_EMPTY;
	return value;
}

static void drive_line(struct machine *machine, const struct i2c *i2c)
{
	plic_set_level(machine, FIRST_IRQ + i2c->unit,
		       raw(i2c) & i2c->word[INTR_MASK / 4]);
}

static void addressed_fire(struct machine *machine, struct event *event)
{
	struct i2c *i2c = event->owner;

	i2c->is_busy = false;
	i2c->waiting = 0;
	i2c->abort = NO_ACK;
	i2c->raw |= INT_TX_ABRT | INT_STOP;
	drive_line(machine, i2c);
}

/* The time of an address at the standard speed's counts. */
static uint64_t address_time(const struct machine *machine,
			     const struct i2c *i2c)
{
	uint64_t hz = sysctl_clock(machine, CLOCK_I2C0 + i2c->unit);
	uint64_t bit =
		(uint64_t)i2c->word[SCL_HCNT / 4] + i2c->word[SCL_LCNT / 4];

	return hz ? time_of(ADDRESS_BITS * bit, hz) : 0;
}

static void put_command(const struct reg_access *access, struct i2c *i2c)
{
	struct machine *machine = access->machine;
	uint64_t time = address_time(machine, i2c);

	if (!is_enabled(i2c) || !(i2c->word[CON / 4] & CON_MASTER) || !time) {
		access_misuse(access, "a command while master, block or clock "
				      "is off (k210.md 3.13)");
		return;
	}
	/* Commands are thrown away until software has seen the abort. */
	if (i2c->raw & INT_TX_ABRT)
		return;
	if (i2c->waiting == FIFO) {
		i2c->raw |= INT_TX_OVER;
		return;
	}
	i2c->waiting++;
	if (i2c->is_busy)
		return;
	i2c->is_busy = true;
	i2c->raw |= INT_ACTIVITY | INT_START;
	event_schedule(machine, &i2c->addressed, time_now(machine) + time);
}

static uint32_t status(const struct i2c *i2c)
{
	return (i2c->is_busy ? ACTIVE : 0) |
	       (i2c->waiting < FIFO ? TX_NOT_FULL : 0) |
	       (i2c->waiting ? 0 : TX_EMPTY);
}

static uint32_t clear(struct i2c *i2c, uint32_t bits)
{
	if (bits & INT_TX_ABRT)
		i2c->abort = 0;
	i2c->raw &= ~bits;
	return 0;
}

static uint32_t read_register(const struct reg_access *access, struct i2c *i2c)
{
	uint32_t offset = access->offset;

	if (offset > CLR_INTR && offset <= CLR_GEN_CALL)
		return clear(i2c, 1u << clears[(offset - CLR_INTR) / 4 - 1]);
	switch (offset) {
	case DATA_CMD:
	case RXFLR:
		return 0; /* nothing ever comes in */
	case INTR_STAT:
		return raw(i2c) & i2c->word[INTR_MASK / 4];
	case RAW:
		return raw(i2c);
	case CLR_INTR:
		return clear(i2c, ~0u);
	case STATUS:
		return status(i2c);
	case TXFLR:
		return i2c->waiting;
	case ABRT_SOURCE:
		return i2c->abort;
	case ENABLE_STATUS:
		return is_enabled(i2c);
	case PARAM:
		return PARAM_VALUE;
	case VERSION:
		return VERSION_VALUE;
	case TYPE:
		return TYPE_VALUE;
	default:
		if ((offset > SCL_LCNT && offset < INTR_STAT) ||
		    offset > SPKLEN)
			access_no_register(access);
		return i2c->word[offset / 4];
	}
}

static uint32_t i2c_read(const struct reg_access *access)
{
	struct i2c *i2c = &access->machine->i2c[access->device->unit];
	uint32_t value = read_register(access, i2c);

	drive_line(access->machine, i2c);
	return value;
}

static bool is_read_only(uint32_t offset)
{
	return offset == INTR_STAT || offset == RAW ||
	       (offset >= CLR_INTR && offset <= CLR_GEN_CALL) ||
	       (offset >= STATUS && offset <= RXFLR) || offset == ABRT_SOURCE ||
	       offset == ENABLE_STATUS || offset >= PARAM;
}

static bool is_locked_by_enable(uint32_t offset)
{
	return offset == CON || offset == TAR || offset == SAR ||
	       offset == SCL_HCNT || offset == SCL_LCNT;
}

static void set_enable(const struct reg_access *access, struct i2c *i2c,
		       uint32_t value)
{
	i2c->word[ENABLE / 4] = value & 1;
	if (value & 1)
		return;
	event_cancel(access->machine, &i2c->addressed);
	i2c->is_busy = false;
	i2c->waiting = 0;
}

static void i2c_write(const struct reg_access *access, uint32_t value)
{
	struct i2c *i2c = &access->machine->i2c[access->device->unit];
	uint32_t offset = access->offset;

	if (is_locked_by_enable(offset) && is_enabled(i2c))
		access_misuse(access, "written while the block is enabled "
				      "(k210.md 3.13)");
	else if (offset == DATA_CMD)
		put_command(access, i2c);
	else if (offset == ENABLE)
		set_enable(access, i2c, value);
	else if ((offset > SCL_LCNT && offset < INTR_STAT) ||
		 (offset > SPKLEN && offset < PARAM))
		access_no_register(access);
	else if (!is_read_only(offset))
		i2c->word[offset / 4] = value;
	drive_line(access->machine, i2c);
}

static void i2c_reset(struct machine *machine, const struct device *device)
{
	struct i2c *i2c = &machine->i2c[device->unit];

	event_cancel(machine, &i2c->addressed);
	*i2c = (struct i2c){
		.word = { [CON / 4] = CON_RESET, [INTR_MASK / 4] = MASK_RESET },
		.addressed = { .fire = addressed_fire, .owner = i2c },
		.unit = device->unit,
	};
	drive_line(machine, i2c);
}

const struct device_ops i2c_ops = {
	.read = i2c_read,
	.write = i2c_write,
	.reset = i2c_reset,
};
