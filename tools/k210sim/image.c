// SPDX-License-Identifier: MIT
/* See image.h. */
#include "image.h"

#include <string.h>

#include "sha256.h"

#define HEADER         5
#define MAX_BODY       0x5fc000
#define FLAG_ENCRYPTED 1

const char *image_find(struct image *image, const uint8_t *flash, size_t size)
{
	uint8_t digest[SHA256_SIZE];

	if (flash[0] == 0xff)
		return "there is no image, just erased flash";
	if (flash[0] & FLAG_ENCRYPTED)
		return "the body is encrypted, with a key that we do not have";
	image->body = flash + HEADER;
	image->len = flash[1] | flash[2] << 8 | flash[3] << 16 |
		     (size_t)flash[4] << 24;
	if (image->len > MAX_BODY || image->len > size - HEADER - SHA256_SIZE)
		return "the body is longer than the boot ROM takes (0xE9)";
	sha256(flash, HEADER + image->len, digest);
	if (memcmp(digest, image->body + image->len, SHA256_SIZE) != 0)
		return "the SHA-256 behind the body is wrong";
	return NULL;
}
