// SPDX-License-Identifier: MIT
/*
 * wc: count lines, words and bytes.
 */
#include "applets.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <user/lib/util.h>

struct wc_counts {
	unsigned long lines, words, bytes;
};

static bool wc_lines, wc_words, wc_bytes;

static void wc_print(const struct wc_counts *counts, const char *name)
{
	const char *gap = "";
	int width = wc_lines + wc_words + wc_bytes > 1 ? 7 : 0;

	if (wc_lines) {
		printf("%*lu", width, counts->lines);
		gap = " ";
	}
	if (wc_words) {
		printf("%s%*lu", gap, width, counts->words);
		gap = " ";
	}
	if (wc_bytes)
		printf("%s%*lu", gap, width, counts->bytes);
	printf(name ? " %s\n" : "\n", name);
}

static void wc_add(struct wc_counts *counts, const char *data, size_t len,
		   bool *in_word)
{
	for (size_t i = 0; i < len; i++) {
		bool space = isspace((unsigned char)data[i]);

		counts->lines += data[i] == '\n';
		counts->words += !space && !*in_word;
		*in_word = !space;
	}
	counts->bytes += len;
}

static int wc_count(const char *path, struct wc_counts *counts)
{
	static char buffer[16384];
	bool in_word = false;
	ssize_t got;
	int fd;

	fd = path ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	if (fd < 0)
		goto fail;
	while ((got = read(fd, buffer, sizeof(buffer))) > 0)
		wc_add(counts, buffer, (size_t)got, &in_word);
	if (path)
		close(fd);
	if (got == 0)
		return 0;
fail:
	warn_errno("%s", path ? path : "standard input");
	return 1;
}

static int wc_files(int count, char **paths)
{
	struct wc_counts total = { 0 };
	int status = 0;

	for (int i = 0; i < count; i++) {
		struct wc_counts counts = { 0 };
		bool is_stdin = strcmp(paths[i], "-") == 0;

		if (wc_count(is_stdin ? NULL : paths[i], &counts)) {
			status = 1;
			continue;
		}
		wc_print(&counts, paths[i]);
		total.lines += counts.lines;
		total.words += counts.words;
		total.bytes += counts.bytes;
	}
	if (count > 1)
		wc_print(&total, "total");
	return status;
}

int wc_main(int argc, char **argv)
{
	struct wc_counts counts = { 0 };
	int status;
	int option;

	while ((option = opt_next(argc, argv, "lwcm")) != -1) {
		if (option == '?')
			return usage_error("wc [-clmw] [FILE]...");
		wc_lines |= option == 'l';
		wc_words |= option == 'w';
		wc_bytes |= option == 'c' || option == 'm';
	}
	if (!wc_lines && !wc_words && !wc_bytes)
		wc_lines = wc_words = wc_bytes = true;

	if (optind < argc)
		return finish_output(wc_files(argc - optind, argv + optind));
	status = wc_count(NULL, &counts);
	wc_print(&counts, NULL);
	return finish_output(status);
}
