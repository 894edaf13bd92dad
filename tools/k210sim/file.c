// SPDX-License-Identifier: MIT
/* See file.h. */
#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE (1u << 20)

/* Read to the end, since pipes do not tell their size.  NULL: errno. */
static uint8_t *read_all(FILE *stream, size_t *size)
{
	uint8_t *data = NULL;
	uint8_t *grown;
	size_t got;

	*size = 0;
	do {
		grown = realloc(data, *size + PIECE);
		if (!grown)
			break;
		data = grown;
		got = fread(data + *size, 1, PIECE, stream);
		*size += got;
	} while (got == PIECE);
	if (grown && !ferror(stream))
		return data;
	free(data);
	return NULL;
}

uint8_t *file_read(const char *path, size_t *size)
{
	FILE *stream = fopen(path, "rb");
	uint8_t *data = NULL;

	if (stream)
		data = read_all(stream, size);
	if (!data)
		fprintf(stderr, "k210sim: %s: %s\n", path, strerror(errno));
	if (stream)
		fclose(stream);
	return data;
}
