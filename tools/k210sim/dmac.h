// SPDX-License-Identifier: MIT
/* DMAC: six channels between memory and devices; k210.md section 3.14. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "dmac_channel.h"
#include "event.h"
#include "map.h"

#define DMAC_CHANNELS 6
#define DMAC_REQUESTS 64

struct dmac {
	uint64_t config;
	uint64_t common_enable[2]; /* of interrupt status and of signal */
	struct dmac_channel channel[DMAC_CHANNELS];
	bool request[DMAC_REQUESTS];
	struct event event;
};

extern const struct device_ops dmac_ops;

/*
 * A device drives its request line, numbered as dma_sel of SYSCTL counts: up
 * while it has, or has room for, the items that its watermark says.  The DMAC
 * then accesses the data register, until the line is down again.
 */
void dmac_set_request(struct machine *machine, unsigned int request,
		      bool level);

/* The device that dma_sel puts at a handshake interface, 0 to 5, asks. */
bool dmac_is_requested(const struct machine *machine, unsigned int interface);
