// SPDX-License-Identifier: MIT
/*
 * The choice of the console: the kernel's command line goes before the device
 * tree, which goes before the order of probing.
 */
#include <dev/console.h>

#include <string.h>

#include <lib/fdt.h>

#include <core/param.h>
#include <core/printk.h>
#include <dev/device.h>
#include <dev/tty.h>

static bool console_is_wanted(const struct tty *tty, int node)
{
	const char *options;
	char name[32];
	int wanted;

	if (param_get("console", name, sizeof(name))) {
		/* "ttyS0,115200n8": the speed is the device tree's business. */
		name[strcspn(name, ",")] = '\0';
		return !strcmp(name, tty->name);
	}
	wanted = dt_get_stdout(device_tree(), &options);
	return wanted < 0 || wanted == node;
}

void console_offer(struct tty *tty, int node, struct log_sink *sink)
{
	if (tty_console() || !console_is_wanted(tty, node))
		return;
	tty_set_console(tty);
	log_sink_register(sink);
}
