// SPDX-License-Identifier: MIT
/*
 * See gdb.h.  The conversation: gdb asks while the machine stands, and waits
 * while it runs.
 */
#include "gdb.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "gdb_session.h"

#define SIGINT_NUMBER  2
#define SIGTRAP_NUMBER 5
#define SIGBUS_NUMBER  10 /* gdb's, as in its signals.def */
#define ROUNDS         64 /* between looks for Ctrl-C */

/* Why the machine stands. */
static enum gdb_next reply_stop(struct gdb *gdb, unsigned int signal)
{
	const struct debugger *debugger = &gdb->machine->debugger;
	const char *kind = "";

	if (signal == SIGTRAP_NUMBER && debugger->reason == DEBUG_WATCHPOINT) {
		kind = debugger->hit.kind == WATCH_WRITE  ? "watch"
		       : debugger->hit.kind == WATCH_READ ? "rwatch"
							  : "awatch";
		return gdb_reply(gdb, "T%02xthread:%u;%s:%" PRIx64 ";", signal,
				 gdb->hart + 1, kind, debugger->hit.address);
	}
	return gdb_reply(gdb, "T%02xthread:%u;", signal, gdb->hart + 1);
}

/* HgTID and HcTID; only for registers and memory does it matter here. */
static enum gdb_next choose_thread(struct gdb *gdb, const char *text)
{
	int hart = gdb_parse_thread(text + 1);

	if (text[0] == 'g' && hart >= 0)
		gdb->hart = (unsigned int)hart;
	return gdb_reply_ok(gdb, true);
}

static enum debug_action parse_action(char letter)
{
	return letter == 's' || letter == 'S' ? DEBUG_STEP : DEBUG_RUN;
}

/* c or s for the chosen thread; the other one runs along. */
static enum gdb_next resume(struct gdb *gdb, char letter)
{
	struct debugger *debugger = &gdb->machine->debugger;

	debugger->action[!gdb->hart] = DEBUG_RUN;
	debugger->action[gdb->hart] = parse_action(letter);
	return GDB_RUN;
}

/* vCont;ACTION:TID;...: the first that fits a thread counts. */
static enum gdb_next resume_each(struct gdb *gdb, const char *text)
{
	struct debugger *debugger = &gdb->machine->debugger;
	bool known[NR_HARTS] = {};

	for (int i = 0; i < NR_HARTS; i++)
		debugger->action[i] = DEBUG_HOLD;
	for (; text && *text; text = strchr(text + 1, ';')) {
		const char *thread = text + strcspn(text + 1, ":;") + 1;
		int hart = *thread == ':' ? gdb_parse_thread(thread + 1) : -1;

		for (int i = 0; i < NR_HARTS; i++) {
			if (known[i] || (hart >= 0 && hart != i))
				continue;
			debugger->action[i] = parse_action(text[1]);
			known[i] = true;
		}
	}
	return GDB_RUN;
}

static enum gdb_next answer_v(struct gdb *gdb, char *packet)
{
	if (gdb_after(packet, "vCont?"))
		return gdb_reply(gdb, "vCont;c;C;s;S");
	if (gdb_after(packet, "vCont"))
		return resume_each(gdb, packet + strlen("vCont"));
	if (gdb_after(packet, "vKill"))
		return GDB_KILL;
	return gdb_reply(gdb, "%s", "");
}

static enum gdb_next answer(struct gdb *gdb, char *packet)
{
	switch (packet[0]) {
	case '?':
		return reply_stop(gdb, SIGTRAP_NUMBER);
	case 'g':
	case 'G':
	case 'p':
	case 'P':
	case 'm':
	case 'M':
	case 'Z':
	case 'z':
		return gdb_answer_access(gdb, packet);
	case 'H':
		return choose_thread(gdb, packet + 1);
	case 'T':
		return gdb_reply_ok(gdb, gdb_parse_thread(packet + 1) >= 0);
	case 'c':
	case 's':
	case 'C':
	case 'S':
		return resume(gdb, packet[0]);
	case 'q':
		return gdb_answer_query(gdb, packet);
	case 'v':
		return answer_v(gdb, packet);
	case 'D':
		gdb_reply_ok(gdb, true);
		return GDB_DETACH;
	case 'k':
		return GDB_KILL;
	default:
		return gdb_reply(gdb, "%s", "");
	}
}

/* Packets until one that lets the machine run or go; gone is killed. */
static enum gdb_next converse(struct gdb *gdb)
{
	enum gdb_next next = GDB_PACKETS;
	char *packet;
	size_t len;

	while (next == GDB_PACKETS) {
		packet = gdb_link_receive(&len);
		next = packet ? answer(gdb, packet) : GDB_KILL;
	}
	return next;
}

/*
 * The machine stops for good: the guest ends, but first one may look at how it
 * broke a rule.  False: gdb has been told of the end.
 */
static bool end(struct gdb *gdb)
{
	struct machine *machine = gdb->machine;

	if (machine->status == STATUS_MISUSE && !gdb->told_misuse) {
		gdb->told_misuse = true;
		debug_show_culprit(machine);
		gdb->hart = machine->debugger.hart;
		reply_stop(gdb, SIGBUS_NUMBER);
		return true;
	}
	gdb_reply(gdb, "W%02x", (unsigned int)machine->status);
	return false;
}

/*
 * Until a point is met, a step is done, gdb interrupts, or the end.  False: the
 * conversation is over.
 */
static bool run(struct gdb *gdb)
{
	struct machine *machine = gdb->machine;
	unsigned int signal = SIGTRAP_NUMBER;
	unsigned int rounds = 0;

	debug_resume(machine);
	while (!machine->stopped && !machine->debugger.paused) {
		machine_run_round(machine);
		if (++rounds % ROUNDS == 0 && !machine->debugger.paused &&
		    gdb_link_wants_break()) {
			signal = SIGINT_NUMBER;
			machine_pause(machine);
		}
	}
	fflush(stdout);
	if (machine->stopped)
		return end(gdb);
	if (signal == SIGTRAP_NUMBER)
		gdb->hart = machine->debugger.hart;
	reply_stop(gdb, signal);
	return true;
}

enum status gdb_run(struct machine *machine, uint16_t port)
{
	static struct gdb gdb;
	enum gdb_next next;

	gdb.machine = machine;
	if (machine->stopped) /* before the first instruction */
		return machine->status;
	if (!gdb_link_open(port)) {
		machine_stop(machine, STATUS_USAGE);
		return machine->status;
	}
	do {
		next = converse(&gdb);
	} while (next == GDB_RUN && run(&gdb));
	gdb_link_close();
	debug_release(machine);
	if (next == GDB_KILL)
		machine_stop(machine, STATUS_QUIT);
	return machine_run(machine);
}
