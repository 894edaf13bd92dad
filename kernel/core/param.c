// SPDX-License-Identifier: MIT
/*
 * The kernel command line: words between spaces, each "name" or "name=value".
 * No quoting.  Written once at boot, so it needs no lock.
 */
#include <core/param.h>

#include <string.h>

#include <core/printk.h>

#define CMDLINE_MAX 1024

static char cmdline[CMDLINE_MAX]; /* [I] after param_init() */

void param_init(const char *text)
{
	size_t len = strlen(text);

	if (len >= CMDLINE_MAX) {
		pr_warn("the command line is cut after %d bytes",
			CMDLINE_MAX - 1);
		len = CMDLINE_MAX - 1;
	}
	memcpy(cmdline, text, len);
	cmdline[len] = '\0';
}

const char *param_cmdline(void)
{
	return cmdline;
}

/* The last word that is name or begins with "name=": what follows name. */
static const char *param_find(const char *name, size_t *value_len)
{
	size_t name_len = strlen(name);
	const char *found = NULL;
	const char *word = cmdline;

	while (*word) {
		size_t len = strcspn(word, " ");

		if (len >= name_len && memcmp(word, name, name_len) == 0 &&
		    (len == name_len || word[name_len] == '=')) {
			found = word + name_len;
			*value_len = len - name_len;
		}
		word += len;
		word += strspn(word, " ");
	}
	return found;
}

bool param_is_set(const char *name)
{
	size_t len;

	return param_find(name, &len) != NULL;
}

bool param_get(const char *name, char *buf, size_t size)
{
	size_t len;
	const char *value = param_find(name, &len);

	/* len counts the '=', as size does the NUL. */
	if (!value || len == 0 || len > size)
		return false;
	memcpy(buf, value + 1, len - 1);
	buf[len - 1] = '\0';
	return true;
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool parse_u64(const char *s, uint64_t *value)
{
	unsigned base = 10;
	uint64_t n = 0;

	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
		base = 16;
		s += 2;
	}
	if (!*s)
		return false;
	for (; *s; s++) {
		int digit = digit_value(*s);

		if (digit < 0 || (unsigned)digit >= base ||
		    n > (UINT64_MAX - (unsigned)digit) / base)
			return false;
		n = n * base + (unsigned)digit;
	}
	*value = n;
	return true;
}

uint64_t param_get_u64(const char *name, uint64_t fallback)
{
	char text[24];
	uint64_t value;

	if (!param_get(name, text, sizeof(text)) || !parse_u64(text, &value))
		return fallback;
	return value;
}
