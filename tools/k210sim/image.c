// SPDX-License-Identifier: MIT
/* See image.h. */
#include "image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADER         5
#define MAX_BODY       0x5fc000
#define FLAG_ENCRYPTED 1
#define MAX_FILE       (16u << 20) /* the flash of the boards */

static int refuse(const char *path, const char *why)
{
	fprintf(stderr, "k210sim: %s: %s\n", path, why);
	return -1;
}

/* What is wrong with the image, or NULL. */
static const char *find_fault(struct image *image, size_t size)
{
	const uint8_t *file = image->file;
	uint8_t digest[SHA256_SIZE];

	if (size < HEADER + SHA256_SIZE)
		return "too short for a flash image";
	if (file[0] & FLAG_ENCRYPTED)
		return "the body is encrypted, with a key that we do not have";
	image->body = file + HEADER;
	image->len =
		file[1] | file[2] << 8 | file[3] << 16 | (size_t)file[4] << 24;
	if (image->len > MAX_BODY)
		return "the body is longer than the boot ROM takes (0xE9)";
	if (image->len > size - HEADER - SHA256_SIZE)
		return "the header says more bytes than there are";
	sha256(file, HEADER + image->len, digest);
	if (memcmp(digest, image->body + image->len, SHA256_SIZE) != 0)
		return "the SHA-256 behind the body is wrong";
	return NULL;
}

int image_load(struct image *image, const char *path)
{
	FILE *stream = fopen(path, "rb");
	const char *fault;
	size_t size;

	if (!stream)
		return refuse(path, "cannot be opened");
	image->file = malloc(MAX_FILE);
	if (!image->file) {
		fclose(stream);
		return refuse(path, "no memory for it");
	}
	size = fread(image->file, 1, MAX_FILE, stream);
	fclose(stream);

	fault = find_fault(image, size);
	if (!fault)
		return 0;
	free(image->file);
	return refuse(path, fault);
}
