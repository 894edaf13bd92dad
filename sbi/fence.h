/* SPDX-License-Identifier: MIT */
/*
 * Fences on other harts, waited for.
 */
#pragma once

#include <lib/types.h>

#include "hart.h"

enum fence_type {
	FENCE_I,
	FENCE_VMA,
	FENCE_VMA_ASID,
	FENCE_GVMA_VMID,
	FENCE_GVMA,
	FENCE_VVMA_ASID,
	FENCE_VVMA,
	NR_FENCE_TYPES,
};

struct fence_request {
	enum fence_type type;
	uint64_t start; /* first address; with size 0 or -1: all */
	uint64_t size;  /* bytes */
	uint64_t id;    /* ASID or VMID, for types that say so */
	uint64_t hgatp; /* FENCE_VVMA*: whose VMID is meant */
};

/* Do it on this hart. */
void fence_local(const struct fence_request *request);

/*
 * Begin the fence on another hart.  request is copied; all of one round are
 * the same.  fence_wait() waits until every one begun since is done.
 */
void fence_begin(struct hart *hart, const struct fence_request *request);
void fence_wait(void);

/* Serve what other harts want; the handler of HART_EVENT_FENCE. */
void fence_handle(void);
