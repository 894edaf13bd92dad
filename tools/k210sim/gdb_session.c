// SPDX-License-Identifier: MIT
/* Answers to gdb and pieces of its packets: see gdb_session.h. */
#include "gdb_session.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum gdb_next gdb_reply(struct gdb *gdb, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(gdb->reply, sizeof(gdb->reply), format, arguments);
	va_end(arguments);
	gdb_link_send(gdb->reply);
	return GDB_PACKETS;
}

enum gdb_next gdb_reply_ok(struct gdb *gdb, bool ok)
{
	return gdb_reply(gdb, ok ? "OK" : "E01");
}

enum gdb_next gdb_reply_bytes(struct gdb *gdb, const void *bytes, size_t len)
{
	const uint8_t *byte = bytes;

	gdb->reply[0] = '\0';
	for (size_t i = 0; i < len; i++)
		sprintf(gdb->reply + 2 * i, "%02x", byte[i]);
	gdb_link_send(gdb->reply);
	return GDB_PACKETS;
}

bool gdb_parse_range(char *text, uint64_t *address, uint64_t *len, char **rest)
{
	*address = strtoull(text, rest, 16);
	if (**rest != ',')
		return false;
	*len = strtoull(*rest + 1, rest, 16);
	return true;
}

int gdb_parse_thread(const char *text)
{
	long thread = strtol(text, NULL, 16);

	return thread >= 1 && thread <= NR_HARTS ? (int)thread - 1 : -1;
}

char *gdb_after(char *packet, const char *words)
{
	size_t len = strlen(words);

	return strncmp(packet, words, len) == 0 ? packet + len : NULL;
}
