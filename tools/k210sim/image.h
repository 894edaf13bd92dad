// SPDX-License-Identifier: MIT
/* A flash image as the boot ROM reads it; k210.md section 1.5. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct image {
	uint8_t *file;       /* the whole file */
	const uint8_t *body; /* what goes to 0x8000_0000 */
	size_t len;          /* of the body, bytes */
};

/*
 * Read and check an image.  Returns 0, or -1 after saying on standard error
 * why the boot ROM would refuse it.
 */
int image_load(struct image *image, const char *path);

#define SHA256_SIZE 32

/* The SHA-256 of len bytes. */
void sha256(const uint8_t *data, size_t len, uint8_t digest[SHA256_SIZE]);
