// SPDX-License-Identifier: MIT
/*
 * Inside the gdb server: a conversation, and who answers which packets.
 *
 * Packets are those of the GDB manual, appendix E.  Threads are numbered from
 * 1, since 0 means any and -1 all.
 */
#pragma once

#include "gdb_link.h"
#include "machine.h"

#define GDB_MEMORY (GDB_PACKET / 2 - 1) /* bytes in a packet of digits */

enum gdb_next { GDB_PACKETS, GDB_RUN, GDB_DETACH, GDB_KILL };

struct gdb {
	struct machine *machine;
	unsigned int hart; /* whose registers and memory are meant */
	bool told_misuse;  /* that stopped the machine */
	char reply[GDB_PACKET + 1];
};

static inline struct hart *gdb_hart(struct gdb *gdb)
{
	return &gdb->machine->hart[gdb->hart];
}

/* Send an answer; more packets follow. */
enum gdb_next gdb_reply(struct gdb *gdb, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Send "OK" or an error. */
enum gdb_next gdb_reply_ok(struct gdb *gdb, bool ok);

/* Send bytes as digits, at most GDB_MEMORY. */
enum gdb_next gdb_reply_bytes(struct gdb *gdb, const void *bytes, size_t len);

/* "ADDRESS,LEN"; *rest is what follows.  False: it is something else. */
bool gdb_parse_range(char *text, uint64_t *address, uint64_t *len, char **rest);

/* A thread's number as that of a hart; -1 for all, any and none. */
int gdb_parse_thread(const char *text);

/* What follows the words with which the packet begins, or NULL. */
char *gdb_after(char *packet, const char *words);

/* g, G, p, P, m, M, Z and z: registers, memory and points. */
enum gdb_next gdb_answer_access(struct gdb *gdb, char *packet);

/* q: about the target and its threads. */
enum gdb_next gdb_answer_query(struct gdb *gdb, char *packet);
