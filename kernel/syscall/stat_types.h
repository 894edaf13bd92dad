// SPDX-License-Identifier: MIT
/* Parts of device numbers, as makedev(3) packs them. */
#pragma once

#include <lib/types.h>

static inline uint32_t dev_major(uint64_t dev)
{
	return (uint32_t)(dev >> 8 & 0xfff) | (uint32_t)(dev >> 32 & ~0xfffull);
}

static inline uint32_t dev_minor(uint64_t dev)
{
	return (uint32_t)(dev & 0xff) | (uint32_t)(dev >> 12 & ~0xffull);
}
