// SPDX-License-Identifier: MIT
/*
 * Output and results of cases.  Prints by DBCN where it is there, else by
 * legacy putchar.  Only the booting hart uses any of this.
 */
#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "guest.h"

enum outcome { PASSED, FAILED, SKIPPED };

static const char *case_name;
static enum outcome outcome;
static char reason[160];
static unsigned int counts[3];

static void put_text(const char *text)
{
	size_t len = strlen(text);
	struct sbi_ret ret = { .error = SBI_ERR_NOT_SUPPORTED };

	while (len && extension_is_there(SBI_EXT_DBCN)) {
		ret = sbi_call(SBI_EXT_DBCN, SBI_DBCN_WRITE, len,
			       (uint64_t)text, 0);
		if (ret.error != SBI_SUCCESS || ret.value > len)
			break;
		text += ret.value;
		len -= ret.value;
	}
	while (*text)
		sbi_legacy(SBI_EXT_LEGACY_PUTCHAR, (uint8_t)*text++, 0, 0, 0);
}

void guest_print(const char *format, ...)
{
	char line[256];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	put_text(line);
}

bool extension_is_there(long extension)
{
	struct sbi_ret ret = sbi_call(SBI_EXT_BASE, SBI_BASE_PROBE_EXTENSION,
				      (uint64_t)extension, 0, 0);

	return ret.error == SBI_SUCCESS && ret.value != 0;
}

void fail(const char *format, ...)
{
	va_list args;

	if (outcome == FAILED)
		return;
	outcome = FAILED;
	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
}

void skip(const char *why)
{
	if (outcome != PASSED)
		return;
	outcome = SKIPPED;
	snprintf(reason, sizeof(reason), "%s", why);
}

/* SBI 3.0, table of chapter 3. */
static const char *error_name(long error)
{
	static const char *const names[] = {
		"SUCCESS",
		"FAILED",
		"NOT_SUPPORTED",
		"INVALID_PARAM",
		"DENIED",
		"INVALID_ADDRESS",
		"ALREADY_AVAILABLE",
		"ALREADY_STARTED",
		"ALREADY_STOPPED",
		"NO_SHMEM",
		"INVALID_STATE",
		"BAD_RANGE",
		"TIMEOUT",
		"IO",
		"DENIED_LOCKED",
	};
	static char number[32];

	if (error <= 0 && error > -(long)ARRAY_SIZE(names))
		return names[-error];
	snprintf(number, sizeof(number), "%ld", error);
	return number;
}

bool expect(const char *what, uint64_t expected, uint64_t got)
{
	if (expected != got)
		fail("%s: expected %#lx, got %#lx", what, expected, got);
	return expected == got;
}

bool expect_true(const char *what, bool got)
{
	if (!got)
		fail("expected that %s, got otherwise", what);
	return got;
}

bool expect_error(const char *what, struct sbi_ret ret, long error)
{
	if (ret.error != error) {
		fail("%s: expected %s, got %s", what, error_name(error),
		     error_name(ret.error));
		return false;
	}
	return true;
}

bool expect_value(const char *what, struct sbi_ret ret, uint64_t value)
{
	return expect_error(what, ret, SBI_SUCCESS) &&
	       expect(what, value, ret.value);
}

void report_begin(const char *name)
{
	case_name = name;
	outcome = PASSED;
}

void report_end(void)
{
	counts[outcome]++;
	if (outcome == PASSED)
		guest_print("ok %s\n", case_name);
	else if (outcome == SKIPPED)
		guest_print("skip %s: %s\n", case_name, reason);
	else
		guest_print("not ok %s: %s\n", case_name, reason);
}

void report_summary(void)
{
	guest_print("%u passed, %u failed, %u skipped\n", counts[PASSED],
		    counts[FAILED], counts[SKIPPED]);
}
