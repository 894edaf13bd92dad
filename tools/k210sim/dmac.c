// SPDX-License-Identifier: MIT
/*
 * The DMAC's registers and turns: k210.md section 3.14.
 *
 * All channels share the bus: each that can has a step, and the time of all
 * these steps passes before the next round.  Registers have 64 bits and are
 * accessed whole or in halves.
 */
#include "dmac.h"

#include <string.h>

#include "machine.h"

#define ID             0x00
#define VERSION        0x08
#define CONFIG         0x10
#define CHANNEL_ENABLE 0x18
#define ALL_INT_STATUS 0x30
#define COMMON_CLEAR   0x38
#define COMMON_ENABLE  0x40
#define COMMON_SIGNAL  0x48
#define COMMON_STATUS  0x50
#define RESET          0x58
#define CHANNELS       0x100
#define STRIDE         0x100

#define CONFIG_ENABLE     (1u << 0)
#define CONFIG_INTERRUPTS (1u << 1)
#define SUSPEND_SHIFT     16
#define WRITE_ENABLE      8 /* places from a bit to the one that lets it in */
#define FIRST_IRQ         27
#define HIGHEST_PRIORITY  7
#define VERSION_VALUE     0x3130312a /* "101*" */

static bool is_interrupting(const struct dmac_channel *channel)
{
	return channel->word[DMAC_INT_STATUS] &
	       channel->word[DMAC_INT_SIGNAL_ENABLE];
}

static void drive_lines(struct machine *machine)
{
	const struct dmac *dmac = &machine->dmac;
	bool enabled = dmac->config & CONFIG_INTERRUPTS;

	for (unsigned int i = 0; i < DMAC_CHANNELS; i++)
		plic_set_level(machine, FIRST_IRQ + i,
			       enabled && is_interrupting(&dmac->channel[i]));
}

/* A step of each channel of that priority: the cycles that they take. */
static uint32_t step_all(struct machine *machine, unsigned int priority)
{
	uint32_t cycles = 0;

	for (int i = 0; i < DMAC_CHANNELS; i++) {
		struct dmac_channel *channel = &machine->dmac.channel[i];

		if (channel->enabled && !channel->suspended &&
		    dmac_channel_priority(channel) == priority)
			cycles += dmac_channel_step(machine, channel);
	}
	return cycles;
}

static void dmac_fire(struct machine *machine, struct event *event)
{
	uint32_t cycles = 0;

	for (unsigned int i = 0; i <= HIGHEST_PRIORITY; i++)
		cycles += step_all(machine, HIGHEST_PRIORITY - i);
	drive_lines(machine);
	if (cycles)
		event_schedule(
			machine, event,
			time_now(machine) +
				time_of(cycles,
					sysctl_clock(machine, CLOCK_ACLK)));
}

static void wake(struct machine *machine)
{
	if (!machine->dmac.event.is_pending)
		event_schedule(machine, &machine->dmac.event,
			       time_now(machine));
}

void dmac_set_request(struct machine *machine, unsigned int request, bool level)
{
	bool *line = &machine->dmac.request[request];

	if (level && !*line)
		wake(machine);
	*line = level;
}

bool dmac_is_requested(const struct machine *machine, unsigned int interface)
{
	return machine->dmac
		.request[sysctl_dma_request(&machine->sysctl, interface)];
}

static void channel_enable(const struct reg_access *access,
			   struct dmac_channel *channel)
{
	const char *fault = dmac_channel_fault(channel);

	if (!(access->machine->dmac.config & CONFIG_ENABLE))
		fault = "a channel was enabled while the DMAC is not";
	if (fault)
		access_misuse(access, "%s (k210.md 3.14)", fault);
	else if (!channel->enabled)
		dmac_channel_start(access->machine, channel);
}

static bool is_let_in(uint32_t value, unsigned int bit)
{
	return value >> (bit + WRITE_ENABLE) & 1;
}

static void write_enables(const struct reg_access *access, uint32_t value)
{
	for (unsigned int i = 0; i < DMAC_CHANNELS; i++) {
		struct dmac_channel *channel =
			&access->machine->dmac.channel[i];
		unsigned int suspend = SUSPEND_SHIFT + i;

		if (is_let_in(value, suspend))
			channel->suspended = value >> suspend & 1;
		if (!is_let_in(value, i))
			continue;
		if (value >> i & 1)
			channel_enable(access, channel);
		else
			channel->enabled = false;
	}
	wake(access->machine);
}

static void write_aborts(struct machine *machine, uint32_t value)
{
	for (unsigned int i = 0; i < DMAC_CHANNELS; i++)
		if (is_let_in(value, i) && value >> i & 1)
			machine->dmac.channel[i].enabled = false;
}

static uint64_t read_enables(const struct dmac *dmac)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < DMAC_CHANNELS; i++) {
		value |= (uint64_t)dmac->channel[i].enabled << i;
		value |= (uint64_t)dmac->channel[i].suspended
			 << (SUSPEND_SHIFT + i);
	}
	return value;
}

static uint64_t read_interrupts(const struct dmac *dmac)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < DMAC_CHANNELS; i++)
		value |= (uint64_t)is_interrupting(&dmac->channel[i]) << i;
	return value;
}

/* The channel whose registers are at an offset, or NULL. */
static struct dmac_channel *find_channel(struct dmac *dmac, uint32_t offset)
{
	uint32_t number = (offset - CHANNELS) / STRIDE;
	uint32_t index = (offset - CHANNELS) % STRIDE / 8;

	if (offset < CHANNELS || number >= DMAC_CHANNELS ||
	    index >= DMAC_WORDS ||
	    (index > DMAC_AXI_QOS && index < DMAC_INT_STATUS_ENABLE))
		return NULL;
	return &dmac->channel[number];
}

static uint64_t read_common(const struct reg_access *access)
{
	const struct dmac *dmac = &access->machine->dmac;

	switch (access->offset & ~7u) {
	case VERSION:
		return VERSION_VALUE;
	case CONFIG:
		return dmac->config;
	case CHANNEL_ENABLE:
		return read_enables(dmac);
	case ALL_INT_STATUS:
		return read_interrupts(dmac);
	case COMMON_ENABLE:
		return dmac->common_enable[0];
	case COMMON_SIGNAL:
		return dmac->common_enable[1];
	case ID:
	case COMMON_CLEAR:
	case COMMON_STATUS:
	case RESET:
		return 0;
	default:
		access_no_register(access);
		return 0;
	}
}

static uint32_t dmac_read(const struct reg_access *access)
{
	struct dmac *dmac = &access->machine->dmac;
	const struct dmac_channel *channel = find_channel(dmac, access->offset);
	uint32_t index = access->offset % STRIDE / 8;
	uint64_t value;

	if (!channel)
		value = read_common(access);
	else if (index == DMAC_STATUS)
		value = channel->word[DMAC_STATUS] | (uint64_t)channel->held
							     << 32;
	else
		value = channel->word[index];
	return (uint32_t)(access->offset & 4 ? value >> 32 : value);
}

/* Replace the half of a register that an access names. */
static void put_half(const struct reg_access *access, uint64_t *word,
		     uint32_t value)
{
	if (access->offset & 4)
		*word = (uint32_t)*word | (uint64_t)value << 32;
	else
		*word = (*word & ~0xffffffffull) | value;
}

static void write_channel(const struct reg_access *access,
			  struct dmac_channel *channel, uint32_t value)
{
	uint32_t index = access->offset % STRIDE / 8;

	if (index == DMAC_STATUS || index == DMAC_INT_STATUS)
		return;
	if (index == DMAC_INT_CLEAR) {
		if (!(access->offset & 4))
			channel->word[DMAC_INT_STATUS] &= ~(uint64_t)value;
		return;
	}
	if (channel->enabled && index <= DMAC_LLP)
		access_misuse(access, "a register of a running channel was "
				      "written (k210.md 3.14)");
	put_half(access, &channel->word[index], value);
	channel->word[DMAC_BLOCK_TS] &= DMAC_MAX_BLOCK;
}

static void dmac_reset(struct machine *machine, const struct device *device);

static void write_common(const struct reg_access *access, uint32_t value)
{
	struct dmac *dmac = &access->machine->dmac;

	switch (access->offset) {
	case CONFIG:
		dmac->config = value & (CONFIG_ENABLE | CONFIG_INTERRUPTS);
		break;
	case CHANNEL_ENABLE:
		write_enables(access, value);
		break;
	case CHANNEL_ENABLE + 4:
		write_aborts(access->machine, value);
		break;
	case COMMON_ENABLE:
		put_half(access, &dmac->common_enable[0], value);
		break;
	case COMMON_SIGNAL:
		put_half(access, &dmac->common_enable[1], value);
		break;
	case RESET:
		if (value & 1)
			dmac_reset(access->machine, access->device);
		break;
	default:
		if (access->offset > RESET + 4)
			access_no_register(access);
		break;
	}
}

static void dmac_write(const struct reg_access *access, uint32_t value)
{
	struct dmac_channel *channel =
		find_channel(&access->machine->dmac, access->offset);

	if (channel)
		write_channel(access, channel, value);
	else
		write_common(access, value);
	drive_lines(access->machine);
}

/* The request lines are the devices', and stay as they are. */
static void dmac_reset(struct machine *machine, const struct device *device)
{
	struct dmac *dmac = &machine->dmac;

	(void)device;
	event_cancel(machine, &dmac->event);
	dmac->event = (struct event){ .fire = dmac_fire };
	dmac->config = 0;
	memset(dmac->common_enable, 0xff, sizeof(dmac->common_enable));
	memset(dmac->channel, 0, sizeof(dmac->channel));
	for (int i = 0; i < DMAC_CHANNELS; i++) {
		dmac->channel[i].word[DMAC_INT_STATUS_ENABLE] = 0xffffffff;
		dmac->channel[i].word[DMAC_INT_SIGNAL_ENABLE] = 0xffffffff;
	}
	drive_lines(machine);
}

const struct device_ops dmac_ops = {
	.read = dmac_read,
	.write = dmac_write,
	.reset = dmac_reset,
};
