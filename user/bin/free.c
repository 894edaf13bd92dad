// SPDX-License-Identifier: MIT
/*
 * free: memory, from /proc/meminfo, in KiB (-m MiB, -h readable).
 */
#include "applets.h"

#include <stdlib.h>
#include <string.h>

#include <user/lib/util.h>

static char free_unit = 'k';

static unsigned long meminfo_get(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (; text; text = strchr(text, '\n')) {
		text += *text == '\n';
		if (strncmp(text, name, len) == 0 && text[len] == ':')
			return strtoul(text + len + 1, NULL, 10);
	}
	return 0;
}

static void free_print(unsigned long kib)
{
	char text[8];

	if (free_unit == 'h') {
		size_format_human((uint64_t)kib * 1024, text);
		printf(" %11s", text);
	} else {
		printf(" %11lu", free_unit == 'm' ? kib / 1024 : kib);
	}
}

int free_main(int argc, char **argv)
{
	unsigned long total, unused, buffers, cached, available;
	char text[4096];
	int option;

	while ((option = opt_next(argc, argv, "kmh")) != -1) {
		if (option == '?')
			return usage_error("free [-hkm]");
		free_unit = (char)option;
	}
	if (read_file_text("/proc/meminfo", text, sizeof(text)) < 0) {
		warn_errno("/proc/meminfo");
		return 1;
	}
	total = meminfo_get(text, "MemTotal");
	unused = meminfo_get(text, "MemFree");
	buffers = meminfo_get(text, "Buffers");
	cached = buffers + meminfo_get(text, "Cached");
	available = meminfo_get(text, "MemAvailable");

	puts("             total        used        free  buff/cache   available");
	printf("Mem:  ");
	free_print(total);
	free_print(total - unused - cached);
	free_print(unused);
	free_print(cached);
	free_print(available ? available : unused + cached);
	putchar('\n');
	return finish_output(0);
}
