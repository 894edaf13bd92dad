// SPDX-License-Identifier: MIT
/*
 * TIMER0 to TIMER2: k210.md section 3.10, after the SDK's timer.h and the
 * DW_apb_timers databook it follows.
 *
 * A counter goes from its load value to 0 and is loaded again one tick later,
 * so that a period has load + 1 ticks.  Channels 0 and 1 share a line to the
 * PLIC, 2 and 3 the next.  With PWM the output shows the
 * phase; it is low otherwise.
 */
#include "timer.h"

#include "machine.h"

#define STRIDE     0x14
#define LOAD       0x00
#define CURRENT    0x04
#define CONTROL    0x08
#define EOI        0x0c
#define STATUS     0x10
#define ALL_STATUS 0xa0
#define ALL_EOI    0xa4
#define ALL_RAW    0xa8
#define VERSION    0xac
#define LOAD2      0xb0

#define ENABLE   (1u << 0)
#define USER     (1u << 1) /* reload from LOAD, not from all ones */
#define MASKED   (1u << 2)
#define PWM      (1u << 3)
#define CONTROLS 0xf

#define FIRST_IRQ     14
#define FREE_PERIOD   (1ull << 32)
#define VERSION_VALUE 0x3230382a /* "208*" */

static struct timer *find_timer(const struct reg_access *access)
{
	return &access->machine->timer[access->device->unit];
}

static uint64_t next_period(const struct timer_channel *channel)
{
	if (channel->control & PWM && channel->high)
		return channel->load2 + 1ull;
	return channel->control & USER ? channel->load + 1ull : FREE_PERIOD;
}

static void step(struct timer_channel *channel)
{
	if (channel->control & PWM)
		channel->high = !channel->high;
	channel->end += next_period(channel);
}

/* Reload as often as time wants it. */
static void catch_up(struct machine *machine, struct timer_channel *channel)
{
	uint64_t now = ticks_now(machine, &channel->ticks);
	uint64_t whole;

	if (!(channel->control & ENABLE) || now < channel->end)
		return;
	channel->raw = true;
	step(channel);
	whole = next_period(channel);
	if (channel->control & PWM)
		whole = channel->load + channel->load2 + 2ull;
	if (now >= channel->end)
		channel->end += (now - channel->end) / whole * whole;
	while (now >= channel->end)
		step(channel);
}

static bool is_active(const struct timer_channel *channel)
{
	return channel->raw && !(channel->control & MASKED);
}

/* The next reload is seen by somebody. */
static bool wants_event(const struct timer_channel *channel)
{
	bool interrupts = !(channel->control & MASKED) && !channel->raw;

	return channel->control & ENABLE && channel->ticks.hz &&
	       (interrupts || channel->control & PWM);
}

/* Drive interrupt and output, and wake up when they are to change. */
static void update(struct machine *machine, struct timer_channel *channel)
{
	unsigned int first = channel->number & ~1u;
	struct timer_channel *pair =
		&machine->timer[channel->unit].channel[first];

	catch_up(machine, channel);
	plic_set_level(machine, FIRST_IRQ + 2 * channel->unit + first / 2,
		       is_active(&pair[0]) || is_active(&pair[1]));
	fpioa_drive(machine,
		    FUNCTION_TIMER0_TOGGLE1 + TIMER_CHANNELS * channel->unit +
			    channel->number,
		    channel->high, true);
	if (wants_event(channel))
		event_schedule(machine, &channel->event,
			       ticks_when(&channel->ticks, channel->end));
	else
		event_cancel(machine, &channel->event);
}

static void fire(struct machine *machine, struct event *event)
{
	update(machine, event->owner);
}

static uint32_t current(const struct machine *machine,
			const struct timer_channel *channel)
{
	if (!(channel->control & ENABLE))
		return 0;
	return (uint32_t)(channel->end - 1 -
			  ticks_now(machine, &channel->ticks));
}

static void set_control(const struct reg_access *access,
			struct timer_channel *channel, uint32_t control)
{
	uint32_t changed = channel->control ^ control;

	if (channel->control & control & ENABLE && changed & (USER | PWM))
		access_misuse(access, "the mode of a running timer was "
				      "changed (k210.md 3.10)");
	channel->control = control & CONTROLS;
	if (!(changed & ENABLE))
		return;
	channel->raw = false;
	channel->high = false;
	channel->end = ticks_now(access->machine, &channel->ticks) +
		       next_period(channel);
}

/* A status word with a bit for each channel. */
static uint32_t gather(const struct timer *timer, uint32_t mask)
{
	uint32_t bits = 0;

	for (unsigned int i = 0; i < TIMER_CHANNELS; i++)
		if (timer->channel[i].raw &&
		    !(timer->channel[i].control & mask))
			bits |= 1u << i;
	return bits;
}

static uint32_t clear(struct machine *machine, struct timer_channel *channel)
{
	channel->raw = false;
	update(machine, channel);
	return 0;
}

static uint32_t read_channel(const struct reg_access *access,
			     struct timer_channel *channel)
{
	switch (access->offset % STRIDE) {
	case LOAD:
		return channel->load;
	case CURRENT:
		return current(access->machine, channel);
	case CONTROL:
		return channel->control;
	case EOI:
		return clear(access->machine, channel);
	default:
		return is_active(channel);
	}
}

static uint32_t timer_read(const struct reg_access *access)
{
	struct timer *timer = find_timer(access);
	uint32_t offset = access->offset;

	for (int i = 0; i < TIMER_CHANNELS; i++)
		catch_up(access->machine, &timer->channel[i]);
	if (offset < STRIDE * TIMER_CHANNELS)
		return read_channel(access, &timer->channel[offset / STRIDE]);
	if (offset >= LOAD2 && offset < LOAD2 + 4 * TIMER_CHANNELS)
		return timer->channel[(offset - LOAD2) / 4].load2;
	switch (offset) {
	case ALL_STATUS:
		return gather(timer, MASKED);
	case ALL_EOI:
		for (int i = 0; i < TIMER_CHANNELS; i++)
			clear(access->machine, &timer->channel[i]);
		return 0;
	case ALL_RAW:
		return gather(timer, 0);
	case VERSION:
		return VERSION_VALUE;
	default:
		access_no_register(access);
		return 0;
	}
}

static void write_channel(const struct reg_access *access,
			  struct timer_channel *channel, uint32_t value)
{
	catch_up(access->machine, channel);
	if (access->offset % STRIDE == LOAD)
		channel->load = value; /* from the next reload on */
	else if (access->offset % STRIDE == CONTROL)
		set_control(access, channel, value);
	update(access->machine, channel);
}

static void timer_write(const struct reg_access *access, uint32_t value)
{
	struct timer *timer = find_timer(access);
	uint32_t offset = access->offset;

	if (offset < STRIDE * TIMER_CHANNELS) {
		write_channel(access, &timer->channel[offset / STRIDE], value);
	} else if (offset >= LOAD2 && offset < LOAD2 + 4 * TIMER_CHANNELS) {
		struct timer_channel *channel =
			&timer->channel[(offset - LOAD2) / 4];

		catch_up(access->machine, channel);
		channel->load2 = value;
	} else if (offset < ALL_STATUS || offset > VERSION) {
		access_no_register(access);
	}
}

static uint64_t channel_clock(const struct machine *machine,
			      const struct timer_channel *channel)
{
	if (sysctl_timer_is_paused(&machine->sysctl, channel->unit,
				   channel->number))
		return 0;
	return sysctl_clock(machine, CLOCK_TIMER0 + channel->unit);
}

static void timer_clocks_changed(struct machine *machine,
				 const struct device *device)
{
	struct timer *timer = &machine->timer[device->unit];

	for (int i = 0; i < TIMER_CHANNELS; i++) {
		struct timer_channel *channel = &timer->channel[i];

		catch_up(machine, channel);
		ticks_set_rate(machine, &channel->ticks,
			       channel_clock(machine, channel));
		update(machine, channel);
	}
}

static void timer_reset(struct machine *machine, const struct device *device)
{
	struct timer *timer = &machine->timer[device->unit];

	for (uint8_t i = 0; i < TIMER_CHANNELS; i++) {
		struct timer_channel *channel = &timer->channel[i];

		event_cancel(machine, &channel->event);
		*channel = (struct timer_channel){
			.unit = device->unit,
			.number = i,
			.event = { .fire = fire, .owner = channel },
		};
		ticks_set_rate(machine, &channel->ticks,
			       channel_clock(machine, channel));
	}
	for (int i = 0; i < TIMER_CHANNELS; i++)
		update(machine, &timer->channel[i]);
}

const struct device_ops timer_ops = {
	.read = timer_read,
	.write = timer_write,
	.reset = timer_reset,
	.clocks_changed = timer_clocks_changed,
};
