// SPDX-License-Identifier: MIT
/* Checksums of SD cards: Physical Layer Simplified Specification 6.0, 4.5. */
#pragma once

#include <lib/types.h>

/* Of commands, CSD and CID: x^7 + x^3 + 1.  The 7 bits, at the lower end. */
uint8_t sd_crc7(const uint8_t *data, size_t len);

/* Of data blocks: x^16 + x^12 + x^5 + 1, first bit first, from 0. */
uint16_t sd_crc16(const uint8_t *data, size_t len);
