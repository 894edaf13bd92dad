// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 12: debug console.
 */
#include "extensions.h"

#include <console.h>
#include <memory.h>

static struct sbi_ret console_read(char *bytes, uint64_t len)
{
	uint64_t n;
	int byte;

	for (n = 0; n < len && (byte = console_getc()) >= 0; n++)
		bytes[n] = byte;
	return sbi_value(n);
}

static struct sbi_ret dbcn_call(const uint64_t *arg, uint64_t function)
{
	uint64_t len = arg[0], start = arg[1];

	switch (function) {
	case SBI_DBCN_WRITE:
	case SBI_DBCN_READ:
		/* arg[2] is the address beyond 64 bits: there is none. */
		if (arg[2] || !memory_is_shareable(start, len))
			return sbi_error(SBI_ERR_INVALID_PARAM);
		if (function == SBI_DBCN_READ)
			return console_read((char *)start, len);
		console_write((const char *)start, len);
		return sbi_value(len);
	case SBI_DBCN_WRITE_BYTE:
		console_putc(arg[0]);
		return sbi_value(0);
	default:
		return sbi_error(SBI_ERR_NOT_SUPPORTED);
	}
}

const struct sbi_extension dbcn_extension = {
	.probe = console_is_present,
	.call = dbcn_call,
};
