// SPDX-License-Identifier: MIT
/* What gdb asks about the target: its description and its threads. */
#include <stdio.h>
#include <string.h>

#include "gdb_registers.h"
#include "gdb_session.h"

/* qXfer:features:read:target.xml:OFFSET,LEN */
static enum gdb_next send_description(struct gdb *gdb, char *text)
{
	const char *xml = gdb_target_xml();
	size_t size = strlen(xml);
	uint64_t offset;
	uint64_t len;

	if (!gdb_parse_range(text, &offset, &len, &text) || offset > size)
		return gdb_reply_ok(gdb, false);
	if (len > GDB_MEMORY)
		len = GDB_MEMORY;
	return gdb_reply(gdb, "%c%.*s", offset + len < size ? 'm' : 'l',
			 (int)len, xml + offset);
}

/* What `info threads` shows of a thread. */
static enum gdb_next describe_thread(struct gdb *gdb, const char *text)
{
	int id = gdb_parse_thread(text);
	const struct hart *hart = &gdb->machine->hart[id < 0 ? 0 : id];
	char priv = "US?M"[hart->priv];
	char words[32];

	snprintf(words, sizeof(words), "hart %u, %c-mode%s", hart->id, priv,
		 hart->waiting ? ", waits" : "");
	return gdb_reply_bytes(gdb, words, strlen(words));
}

enum gdb_next gdb_answer_query(struct gdb *gdb, char *packet)
{
	char *rest;

	if (gdb_after(packet, "qSupported"))
		return gdb_reply(gdb,
				 "PacketSize=%x;qXfer:features:read+;"
				 "vContSupported+",
				 GDB_PACKET);
	rest = gdb_after(packet, "qXfer:features:read:target.xml:");
	if (rest)
		return send_description(gdb, rest);
	rest = gdb_after(packet, "qThreadExtraInfo,");
	if (rest)
		return describe_thread(gdb, rest);
	if (gdb_after(packet, "qfThreadInfo"))
		return gdb_reply(gdb, "m1,2");
	if (gdb_after(packet, "qsThreadInfo"))
		return gdb_reply(gdb, "l");
	if (gdb_after(packet, "qAttached"))
		return gdb_reply(gdb, "1");
	if (strcmp(packet, "qC") == 0)
		return gdb_reply(gdb, "QC%u", gdb->hart + 1);
	return gdb_reply(gdb, "%s", "");
}
