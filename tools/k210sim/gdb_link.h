// SPDX-License-Identifier: MIT
/*
 * The line to gdb: a TCP connection and its packets, "$data#checksum".
 *
 * GDB manual, appendix E.1.  There is one connection in the program's life;
 * once it is gone, nothing is received any more.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GDB_PACKET 0x4000 /* bytes of data in a packet, at most */

/*
 * Wait on a port of the loopback interface for gdb.  False: that cannot be,
 * and standard error has been told.
 */
bool gdb_link_open(uint16_t port);

/*
 * The next packet: its data, ended by 0 and valid until the next call.  NULL:
 * the connection is gone.
 */
char *gdb_link_receive(size_t *len);

/* Send a packet with this text. */
void gdb_link_send(const char *text);

/* True if gdb asks for a break (Ctrl-C) or is gone; does not wait. */
bool gdb_link_wants_break(void);

void gdb_link_close(void);
