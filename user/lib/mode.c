// SPDX-License-Identifier: MIT
/*
 * File modes and sizes as text, and modes from text.
 */
#include "util.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char mode_type_letter(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return 'd';
	case S_IFLNK:
		return 'l';
	case S_IFCHR:
		return 'c';
	case S_IFBLK:
		return 'b';
	case S_IFIFO:
		return 'p';
	case S_IFSOCK:
		return 's';
	default:
		return '-';
	}
}

void mode_format(mode_t mode, char text[11])
{
	static const char rwx[] = "rwxrwxrwx";

	text[0] = mode_type_letter(mode);
	for (int i = 0; i < 9; i++)
		text[1 + i] = mode & (0400 >> i) ? rwx[i] : '-';
	if (mode & S_ISUID)
		text[3] = text[3] == 'x' ? 's' : 'S';
	if (mode & S_ISGID)
		text[6] = text[6] == 'x' ? 's' : 'S';
	if (mode & S_ISVTX)
		text[9] = text[9] == 'x' ? 't' : 'T';
	text[10] = '\0';
}

void size_format_human(uint64_t size, char text[8])
{
	static const char units[] = "BKMGTPE";
	unsigned int unit = 0;
	uint64_t rest = 0;

	while (size >= 1024) {
		rest = size % 1024;
		size /= 1024;
		unit++;
	}
	if (unit && size < 10)
		snprintf(text, 8, "%u.%u%c", (unsigned int)size,
			 (unsigned int)(rest * 10 / 1024), units[unit]);
	else if (unit)
		snprintf(text, 8, "%u%c", (unsigned int)size, units[unit]);
	else
		snprintf(text, 8, "%u", (unsigned int)size);
}

/* The bits of 07777 that "ugoa" select, s and t included. */
static mode_t mode_parse_who(const char **spec)
{
	mode_t who = 0;

	for (;; (*spec)++) {
		switch (**spec) {
		case 'u':
			who |= S_ISUID | 0700;
			continue;
		case 'g':
			who |= S_ISGID | 0070;
			continue;
		case 'o':
			who |= S_ISVTX | 0007;
			continue;
		case 'a':
			who |= 07777;
			continue;
		}
		return who;
	}
}

static mode_t mode_parse_perms(const char **spec, mode_t old, bool is_dir)
{
	mode_t perms = 0;

	for (;; (*spec)++) {
		switch (**spec) {
		case 'r':
			perms |= 0444;
			continue;
		case 'w':
			perms |= 0222;
			continue;
		case 'x':
			perms |= 0111;
			continue;
		case 'X':
			if (is_dir || (old & 0111))
				perms |= 0111;
			continue;
		case 's':
			perms |= S_ISUID | S_ISGID;
			continue;
		case 't':
			perms |= S_ISVTX;
			continue;
		}
		return perms;
	}
}

/* One clause of a symbolic mode: who, then any number of +-= with bits. */
static bool mode_parse_clause(const char **spec, bool is_dir, mode_t *mode)
{
	mode_t who = mode_parse_who(spec);
	mode_t mask = 07777;

	if (!who) {
		mask = umask(0);
		umask(mask);
		mask = ~mask;
		who = 07777;
	}
	if (!strchr("+-=", **spec) || !**spec)
		return false;

	while (**spec && strchr("+-=", **spec)) {
		char op = *(*spec)++;
		mode_t perms = mode_parse_perms(spec, *mode, is_dir);

		perms &= who & mask;
		if (op == '=')
			*mode &= ~(who & 0777);
		if (op == '-')
			*mode &= ~perms;
		else
			*mode |= perms;
	}
	return true;
}

bool mode_parse(const char *spec, mode_t old, bool is_dir, mode_t *mode)
{
	char *end;
	long octal = strtol(spec, &end, 8);

	if (end != spec) {
		*mode = (mode_t)octal;
		return !*end && octal >= 0 && octal <= 07777;
	}

	*mode = old & 07777;
	do {
		if (!mode_parse_clause(&spec, is_dir, mode))
			return false;
	} while (*spec++ == ',');
	return !spec[-1];
}
