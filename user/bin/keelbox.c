// SPDX-License-Identifier: MIT
/*
 * keelbox: all utilities and the shell in one program.
 *
 * The name it is called by says which one runs; each has its links on the
 * image.  One program means one copy of the C library on disk and in memory,
 * which is what makes the utilities fit a machine with 8 MiB.
 */
#include <stdlib.h>
#include <string.h>

#include <user/lib/util.h>

#include "applets.h"

struct applet {
	const char *name;
	int (*main)(int argc, char **argv);
};

/* By name, for bsearch(3). */
static const struct applet applets[] = {
	{ "[", test_main },
	{ "basename", basename_main },
	{ "cat", cat_main },
	{ "chmod", chmod_main },
	{ "chown", chown_main },
	{ "clear", clear_main },
	{ "cmp", cmp_main },
	{ "cp", cp_main },
	{ "cut", cut_main },
	{ "date", date_main },
	{ "dd", dd_main },
	{ "df", df_main },
	{ "dirname", dirname_main },
	{ "dmesg", dmesg_main },
	{ "du", du_main },
	{ "echo", echo_main },
	{ "egrep", grep_main },
	{ "env", env_main },
	{ "false", false_main },
	{ "fgrep", grep_main },
	{ "find", find_main },
	{ "free", free_main },
	{ "grep", grep_main },
	{ "halt", poweroff_main },
	{ "head", head_main },
	{ "hexdump", hexdump_main },
	{ "hostname", hostname_main },
	{ "id", id_main },
	{ "init", init_main },
	{ "kill", kill_main },
	{ "ln", ln_main },
	{ "ls", ls_main },
	{ "mkdir", mkdir_main },
	{ "mknod", mknod_main },
	{ "mount", mount_main },
	{ "mv", mv_main },
	{ "nproc", nproc_main },
	{ "poweroff", poweroff_main },
	{ "printf", printf_main },
	{ "ps", ps_main },
	{ "pwd", pwd_main },
	{ "readlink", readlink_main },
	{ "reboot", poweroff_main },
	{ "rm", rm_main },
	{ "rmdir", rmdir_main },
	{ "seq", seq_main },
	{ "sh", sh_main },
	{ "sleep", sleep_main },
	{ "sort", sort_main },
	{ "stat", stat_main },
	{ "stty", stty_main },
	{ "sync", sync_main },
	{ "tail", tail_main },
	{ "tee", tee_main },
	{ "test", test_main },
	{ "time", time_main },
	{ "touch", touch_main },
	{ "tr", tr_main },
	{ "true", true_main },
	{ "umount", umount_main },
	{ "uname", uname_main },
	{ "uniq", uniq_main },
	{ "uptime", uptime_main },
	{ "wc", wc_main },
	{ "which", which_main },
	{ "xargs", xargs_main },
	{ "yes", yes_main },
};

static int applet_compare(const void *key, const void *entry)
{
	return strcmp(key, ((const struct applet *)entry)->name);
}

static const struct applet *applet_find(const char *name)
{
	return bsearch(name, applets, ARRAY_SIZE(applets), sizeof(applets[0]),
		       applet_compare);
}

static int list_applets(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(applets); i++)
		puts(applets[i].name);
	return finish_output(0);
}

int main(int argc, char **argv)
{
	const struct applet *applet;
	const char *name;

	if (argc < 1)
		return 127;
	/* A login shell is called "-sh". */
	name = path_base(argv[0]);
	applet = applet_find(name + (*name == '-'));
	if (!applet && argc > 1) {
		argv++;
		argc--;
		name = path_base(argv[0]);
		if (strcmp(name, "--list") == 0)
			return list_applets();
		applet = applet_find(name);
	}
	if (!applet)
		return usage_error("keelbox PROGRAM [ARGUMENT]... | --list");
	prog_name = applet->name;
	return applet->main(argc, argv);
}
