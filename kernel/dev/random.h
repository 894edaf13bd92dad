// SPDX-License-Identifier: MIT
/* Random bytes: ChaCha20, seeded by the boot loader and by what happens. */
#pragma once

#include <lib/types.h>

/* Fill buf with random bytes.  Context: any. */
void random_bytes(void *buf, size_t len);

/* Stir something unpredictable in; credits nothing.  Context: any. */
void random_stir(const void *data, size_t len);

/* Seed from /chosen/rng-seed, hart and time.  Context: boot. */
void random_init(const void *fdt);
