// SPDX-License-Identifier: MIT
/*
 * ps: processes, from /proc/PID/stat and /proc/PID/cmdline (proc(5)).
 *
 * All processes are shown by default, since a small system has few; -e, -A,
 * a, x and u are accepted for the habit.
 */
#include "applets.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <user/lib/util.h>

struct process {
	int pid, ppid, tty;
	char state;
	unsigned long time_ticks, vsz_kib, rss_kib;
	char command[256];
};

/* Fields of stat after the name, which may hold spaces and parentheses. */
static bool ps_parse_stat(char *text, struct process *process)
{
	char *end = strrchr(text, ')');
	unsigned long utime, stime, vsize;
	long rss;

	if (!end)
		return false;
	if (sscanf(end + 1,
		   " %c %d %*d %*d %d %*d %*u %*u %*u %*u %*u %lu %lu "
		   "%*d %*d %*d %*d %*d %*d %*u %lu %ld",
		   &process->state, &process->ppid, &process->tty, &utime,
		   &stime, &vsize, &rss) != 7)
		return false;
	process->time_ticks = utime + stime;
	process->vsz_kib = vsize / 1024;
	process->rss_kib = (unsigned long)rss *
			   ((unsigned long)sysconf(_SC_PAGESIZE) / 1024);
	/* Without a command line (kernel threads, zombies) the name in []. */
	*end = '\0';
	end = strchr(text, '(');
	snprintf(process->command, sizeof(process->command), "[%s]",
		 end ? end + 1 : "?");
	return true;
}

static bool ps_read(const char *pid, struct process *process)
{
	char path[64], text[1024];
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	if (read_file_text(path, text, sizeof(text)) < 0 ||
	    !ps_parse_stat(text, process))
		return false;
	process->pid = atoi(pid);

	snprintf(path, sizeof(path), "/proc/%s/cmdline", pid);
	len = read_file_text(path, text, sizeof(process->command));
	for (ssize_t i = 0; i < len - 1; i++)
		if (!text[i])
			text[i] = ' ';
	if (len > 0)
		memcpy(process->command, text, (size_t)len + 1);
	return true;
}

static void ps_format_tty(int device, char text[16])
{
	unsigned int major_nr = major((dev_t)device);
	unsigned int minor_nr = minor((dev_t)device);

	if (!device)
		strcpy(text, "?");
	else if (major_nr == 4 && minor_nr >= 64)
		snprintf(text, 16, "ttyS%u", minor_nr - 64);
	else if (major_nr == 5 && minor_nr == 1)
		strcpy(text, "console");
	else if (major_nr == 136)
		snprintf(text, 16, "pts/%u", minor_nr);
	else
		snprintf(text, 16, "%u:%u", major_nr, minor_nr);
}

static void ps_print(const struct process *process)
{
	unsigned long seconds =
		process->time_ticks / (unsigned long)sysconf(_SC_CLK_TCK);
	char tty[16];

	ps_format_tty(process->tty, tty);
	printf("%5d %5d %c %7lu %6lu %-7s %3lu:%02lu %s\n", process->pid,
	       process->ppid, process->state, process->vsz_kib,
	       process->rss_kib, tty, seconds / 60, seconds % 60,
	       process->command);
}

static int ps_compare_pids(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

int ps_main(int argc, char **argv)
{
	size_t count = 0, room = 0;
	struct dirent *entry;
	int *pids = NULL;
	DIR *proc;

	(void)argc;
	(void)argv;
	proc = opendir("/proc");
	if (!proc) {
		warn_errno("/proc");
		return 1;
	}
	while ((entry = readdir(proc))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		if (count == room) {
			room = room ? room * 2 : 64;
			pids = xrealloc(pids, room * sizeof(*pids));
		}
		pids[count++] = atoi(entry->d_name);
	}
	closedir(proc);
	qsort(pids, count, sizeof(*pids), ps_compare_pids);

	puts("  PID  PPID S     VSZ    RSS TTY       TIME CMD");
	for (size_t i = 0; i < count; i++) {
		struct process process;
		char name[16];

		snprintf(name, sizeof(name), "%d", pids[i]);
		if (ps_read(name, &process))
			ps_print(&process);
	}
	free(pids);
	return finish_output(0);
}
