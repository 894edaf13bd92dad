// SPDX-License-Identifier: MIT
/* A flash image as the boot ROM reads it; k210.md section 1.5. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct image {
	const uint8_t *body; /* what goes to 0x8000_0000 */
	size_t len;          /* of the body, bytes */
};

/* Find the image in size bytes of flash.  Returns why there is none, or NULL. */
const char *image_find(struct image *image, const uint8_t *flash, size_t size);
