/* SPDX-License-Identifier: MIT */
/*
 * Cyclic redundancy checks, reflected, without pre- and post-inversion: the
 * caller starts with ~0 (or a seed) and inverts where a format wants that.
 */
#pragma once

#include <lib/types.h>

/* Polynomial 0x04c11db7 (Ethernet, GPT).  Small and slow. */
uint32_t crc32_le(uint32_t crc, const void *data, size_t len);

/* Polynomial 0x1edc6f41 (Castagnoli: iSCSI, ext4).  crc32c_init() comes first. */
uint32_t crc32c(uint32_t crc, const void *data, size_t len);
/* Fill the tables of crc32c(), at boot; may be called again. */
void crc32c_init(void);
/*
 * All harts multiply without carries (Zbc): use that, which takes a seventh of
 * the instructions.  At boot.
 */
void crc32c_use_clmul(void);

/* Polynomial 0x8005 (ext4's uninit_bg). */
uint16_t crc16(uint16_t crc, const void *data, size_t len);
