// SPDX-License-Identifier: MIT
/*
 * A channel of the DMAC: k210.md section 3.14, after the SDK's dmac.h and the
 * DW_axi_dmac databook it follows.
 *
 * Modelled are single blocks and linked lists, the DMAC being the flow
 * controller and devices shaking hands by hardware; anything else is a fault
 * of the guest.
 */
#include "dmac_channel.h"

#include <string.h>

#include "dma.h"
#include "machine.h"
#include "report.h"

/* Interrupts. */
#define BLOCK_DONE        (1u << 0)
#define TRANSFER_DONE     (1u << 1)
#define SOURCE_ERROR      (1u << 5)
#define DESTINATION_ERROR (1u << 6)
#define LIST_ERROR        (1u << 13)

#define CTL_SOURCE_FIXED      (1ull << 4)
#define CTL_DESTINATION_FIXED (1ull << 6)
#define CTL_IOC               (1ull << 58)
#define CTL_LAST              (1ull << 62)
#define CTL_VALID             (1ull << 63)
#define MAX_WIDTH             3 /* log2 of bytes */
#define MAX_MSIZE             9

/* How a list goes on with an address. */
#define MULTI_RELOAD 1
#define MULTI_LIST   3

/* Flow: bits that say which ends are devices. */
#define FLOW_TO_DEVICE   1
#define FLOW_FROM_DEVICE 2
#define FLOW_MAX         3
#define MAX_INTERFACE    5

#define REGISTER_CYCLES 4   /* of ACLK, for an access by APB */
#define LIST_CYCLES     16  /* from one block to the next */
#define MEMORY_PIECE    256 /* bytes that memory gives in a step */

/* An item of a list in memory, as dmac_lli_item_t of the SDK. */
struct list_item {
	uint64_t sar;
	uint64_t dar;
	uint64_t block_ts;
	uint64_t llp;
	uint64_t ctl;
	uint64_t status[3];
};

static unsigned int field(uint64_t word, unsigned int shift, unsigned int bits)
{
	return (unsigned int)(word >> shift & ((1ull << bits) - 1));
}

static uint32_t source_width(const struct dmac_channel *channel)
{
	return 1u << field(channel->word[DMAC_CTL], 8, 3);
}

static uint32_t destination_width(const struct dmac_channel *channel)
{
	return 1u << field(channel->word[DMAC_CTL], 11, 3);
}

static bool source_is_device(const struct dmac_channel *channel)
{
	return field(channel->word[DMAC_CFG], 32, 3) & FLOW_FROM_DEVICE;
}

static bool destination_is_device(const struct dmac_channel *channel)
{
	return field(channel->word[DMAC_CFG], 32, 3) & FLOW_TO_DEVICE;
}

static unsigned int source_interface(const struct dmac_channel *channel)
{
	return field(channel->word[DMAC_CFG], 39, 4);
}

static unsigned int destination_interface(const struct dmac_channel *channel)
{
	return field(channel->word[DMAC_CFG], 44, 4);
}

static unsigned int source_multi(const struct dmac_channel *channel)
{
	return field(channel->word[DMAC_CFG], 0, 2);
}

static unsigned int destination_multi(const struct dmac_channel *channel)
{
	return field(channel->word[DMAC_CFG], 2, 2);
}

static bool has_list(const struct dmac_channel *channel)
{
	return source_multi(channel) == MULTI_LIST ||
	       destination_multi(channel) == MULTI_LIST;
}

unsigned int dmac_channel_priority(const struct dmac_channel *channel)
{
	return field(channel->word[DMAC_CFG], 49, 3);
}

/* Bytes of a burst: 1, 4, 8, 16 … items. */
static uint32_t burst(unsigned int msize, uint32_t width)
{
	return (msize ? 2u << msize : 1) * width;
}

static void raise(struct dmac_channel *channel, uint32_t interrupts)
{
	channel->word[DMAC_INT_STATUS] |=
		interrupts & channel->word[DMAC_INT_STATUS_ENABLE];
}

static void fail(struct dmac_channel *channel, uint32_t interrupt)
{
	channel->enabled = false;
	raise(channel, interrupt);
}

/* One item from memory or a register. */
static bool load(struct machine *machine, uint32_t address, uint8_t *item,
		 uint32_t width)
{
	uint64_t value;

	if (dma_is_memory(address))
		return dma_read(machine, address, item, width);
	if (!map_load(machine, NULL, address, width, &value))
		return false;
	memcpy(item, &value, width);
	return true;
}

static bool store(struct machine *machine, uint32_t address,
		  const uint8_t *item, uint32_t width)
{
	uint64_t value = 0;

	if (dma_is_memory(address))
		return dma_write(machine, address, item, width);
	memcpy(&value, item, width);
	return map_store(machine, NULL, address, width, value);
}

/* Bytes that the source can give now. */
static uint32_t readable(const struct machine *machine,
			 const struct dmac_channel *channel)
{
	uint32_t len = MEMORY_PIECE;

	if (source_is_device(channel)) {
		if (!dmac_is_requested(machine, source_interface(channel)))
			return 0;
		len = burst(field(channel->word[DMAC_CTL], 14, 4),
			    source_width(channel));
	}
	if (len > channel->to_read)
		len = channel->to_read;
	return len <= DMAC_FIFO - channel->held ? len : 0;
}

/* Bytes that the destination can take now. */
static uint32_t writable(const struct machine *machine,
			 const struct dmac_channel *channel)
{
	uint32_t width = destination_width(channel);
	uint32_t left = channel->held + channel->to_read;
	uint32_t len;

	if (!destination_is_device(channel))
		return channel->held / width * width;
	if (!dmac_is_requested(machine, destination_interface(channel)))
		return 0;
	len = burst(field(channel->word[DMAC_CTL], 18, 4), width);
	if (len > left)
		len = left;
	return len <= channel->held ? len : 0;
}

/* Move len bytes into the FIFO: the cycles that it takes. */
static uint32_t read_burst(struct machine *machine,
			   struct dmac_channel *channel, uint32_t len)
{
	uint32_t width = source_width(channel);
	uint32_t cycles = dma_is_memory(channel->source) ? 1 : REGISTER_CYCLES;

	for (uint32_t i = 0; i < len && channel->enabled; i += width) {
		if (!load(machine, channel->source,
			  channel->fifo + channel->held, width))
			fail(channel, SOURCE_ERROR);
		channel->held += width;
		channel->to_read -= width;
		if (!(channel->word[DMAC_CTL] & CTL_SOURCE_FIXED))
			channel->source += width;
	}
	return len / width * cycles;
}

/* Move len bytes out of the FIFO. */
static uint32_t write_burst(struct machine *machine,
			    struct dmac_channel *channel, uint32_t len)
{
	uint32_t width = destination_width(channel);
	uint32_t cycles =
		dma_is_memory(channel->destination) ? 1 : REGISTER_CYCLES;

	for (uint32_t i = 0; i < len && channel->enabled; i += width) {
		if (!store(machine, channel->destination, channel->fifo + i,
			   width))
			fail(channel, DESTINATION_ERROR);
		if (!(channel->word[DMAC_CTL] & CTL_DESTINATION_FIXED))
			channel->destination += width;
	}
	channel->held -= len;
	memmove(channel->fifo, channel->fifo + len, channel->held);
	return len / width * cycles;
}

/* What is wrong with widths, bursts, addresses and length, or NULL. */
static const char *block_fault(const struct dmac_channel *channel)
{
	uint64_t ctl = channel->word[DMAC_CTL];
	uint64_t len =
		(channel->word[DMAC_BLOCK_TS] + 1) * source_width(channel);

	if (field(ctl, 8, 3) > MAX_WIDTH || field(ctl, 11, 3) > MAX_WIDTH)
		return "items wider than 64 bits";
	if (field(ctl, 14, 4) > MAX_MSIZE || field(ctl, 18, 4) > MAX_MSIZE)
		return "a reserved burst length";
	if (channel->source % source_width(channel) ||
	    channel->destination % destination_width(channel))
		return "an address is not aligned to the width of its items";
	if (len % destination_width(channel))
		return "the block does not end with a whole item";
	return NULL;
}

const char *dmac_channel_fault(const struct dmac_channel *channel)
{
	uint64_t cfg = channel->word[DMAC_CFG];

	if (field(cfg, 32, 3) > FLOW_MAX)
		return "devices as flow controllers are not modelled";
	if (!has_list(channel) &&
	    (source_multi(channel) || destination_multi(channel)))
		return "several blocks without a list are not modelled";
	if (source_is_device(channel) &&
	    (field(cfg, 35, 1) || source_interface(channel) > MAX_INTERFACE))
		return "the source has no hardware handshake of 0 to 5";
	if (destination_is_device(channel) &&
	    (field(cfg, 36, 1) ||
	     destination_interface(channel) > MAX_INTERFACE))
		return "the destination has no hardware handshake of 0 to 5";
	return NULL;
}

static void block_begin(struct machine *machine, struct dmac_channel *channel)
{
	const char *fault = block_fault(channel);

	if (fault) {
		report_device(machine, "DMAC", "%s (k210.md 3.14)", fault);
		fail(channel, SOURCE_ERROR);
	}
	channel->to_read = ((uint32_t)channel->word[DMAC_BLOCK_TS] + 1) *
			   source_width(channel);
}

/* Do what the item says that LLP points at. */
static void item_begin(struct machine *machine, struct dmac_channel *channel)
{
	struct list_item item;
	uint32_t address = (uint32_t)channel->word[DMAC_LLP] & ~63u;

	if (!dma_read(machine, address, &item, sizeof(item)) ||
	    !(item.ctl & CTL_VALID)) {
		report_device(machine, "DMAC",
			      "no valid list item at 0x%x (k210.md 3.14)",
			      address);
		fail(channel, LIST_ERROR);
		return;
	}
	channel->item = address;
	channel->word[DMAC_CTL] = item.ctl;
	channel->word[DMAC_LLP] = item.llp;
	channel->word[DMAC_BLOCK_TS] = item.block_ts & DMAC_MAX_BLOCK;
	if (source_multi(channel) == MULTI_LIST)
		channel->source = (uint32_t)item.sar;
	if (destination_multi(channel) == MULTI_LIST)
		channel->destination = (uint32_t)item.dar;
	block_begin(machine, channel);
}

/* Give the item back to software, as the chip does, by clearing "valid". */
static void item_end(struct machine *machine,
		     const struct dmac_channel *channel)
{
	uint64_t ctl = channel->word[DMAC_CTL] & ~CTL_VALID;

	dma_write(machine,
		  channel->item + (uint32_t)offsetof(struct list_item, ctl),
		  &ctl, sizeof(ctl));
}

static void block_end(struct machine *machine, struct dmac_channel *channel)
{
	bool list = has_list(channel);

	channel->word[DMAC_STATUS] = channel->word[DMAC_BLOCK_TS] + 1;
	if (list)
		item_end(machine, channel);
	if (!list || channel->word[DMAC_CTL] & CTL_IOC)
		raise(channel, BLOCK_DONE);
	if (!list || channel->word[DMAC_CTL] & CTL_LAST) {
		channel->enabled = false;
		raise(channel, TRANSFER_DONE);
		return;
	}
	if (source_multi(channel) == MULTI_RELOAD)
		channel->source = (uint32_t)channel->word[DMAC_SAR];
	if (destination_multi(channel) == MULTI_RELOAD)
		channel->destination = (uint32_t)channel->word[DMAC_DAR];
	item_begin(machine, channel);
}

void dmac_channel_start(struct machine *machine, struct dmac_channel *channel)
{
	channel->enabled = true;
	channel->suspended = false;
	channel->held = 0;
	channel->source = (uint32_t)channel->word[DMAC_SAR];
	channel->destination = (uint32_t)channel->word[DMAC_DAR];
	if (has_list(channel))
		item_begin(machine, channel);
	else
		block_begin(machine, channel);
}

uint32_t dmac_channel_step(struct machine *machine,
			   struct dmac_channel *channel)
{
	uint32_t cycles = 0;
	uint32_t len;

	/* Only now has the time of the last burst passed. */
	if (!channel->to_read && !channel->held) {
		block_end(machine, channel);
		return LIST_CYCLES;
	}
	len = readable(machine, channel);
	if (len)
		cycles += read_burst(machine, channel, len);
	len = channel->enabled ? writable(machine, channel) : 0;
	if (len)
		cycles += write_burst(machine, channel, len);
	return cycles;
}
