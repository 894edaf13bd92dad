// SPDX-License-Identifier: MIT
/*
 * poweroff, reboot and halt: ask init, or with -f the kernel itself.
 */
#include "applets.h"

#include <signal.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

#include <user/lib/util.h>

static const struct poweroff_kind {
	const char *name;
	int sig; /* that init understands */
	int how; /* for reboot(2) */
} poweroff_kinds[] = {
	{ "poweroff", SIGUSR2, RB_POWER_OFF },
	{ "reboot", SIGTERM, RB_AUTOBOOT },
	{ "halt", SIGUSR1, RB_HALT_SYSTEM },
};

int poweroff_main(int argc, char **argv)
{
	const struct poweroff_kind *kind = poweroff_kinds;
	bool force = false;
	int option;

	while (strcmp(kind->name, prog_name))
		kind++; /* keelbox only calls us by these names */
	while ((option = opt_next(argc, argv, "f")) != -1) {
		if (option == '?')
			return usage_error("poweroff|reboot|halt [-f]");
		force = true;
	}
	sync();
	if (force ? reboot(kind->how) : kill(1, kind->sig)) {
		warn_errno("cannot %s", kind->name);
		return 1;
	}
	return 0;
}
