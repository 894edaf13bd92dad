// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 12: DBCN.  What is written here stands on the console as
 * lines that begin with "dbcn:", for the test that runs the guest to see.
 */
#include <string.h>

#include "guest.h"
#include "machine.h"

static struct sbi_ret dbcn(long function, uint64_t arg0, uint64_t arg1,
			   uint64_t arg2)
{
	return sbi_call(SBI_EXT_DBCN, function, arg0, arg1, arg2);
}

EXTENSION_CASE(SBI_EXT_DBCN, dbcn_write_prints)
{
	static const char text[] = "dbcn: written whole\n";
	size_t done = 0;

	while (done < sizeof(text) - 1) {
		struct sbi_ret ret =
			dbcn(SBI_DBCN_WRITE, sizeof(text) - 1 - done,
			     (uint64_t)text + done, 0);

		if (!expect_error("write", ret, SBI_SUCCESS) ||
		    !expect_true("some bytes were taken",
				 ret.value &&
					 ret.value <= sizeof(text) - 1 - done))
			return;
		done += ret.value;
	}
}

EXTENSION_CASE(SBI_EXT_DBCN, dbcn_write_byte_prints)
{
	const char *at;

	for (at = "dbcn: written by byte\n"; *at; at++) {
		struct sbi_ret ret =
			dbcn(SBI_DBCN_WRITE_BYTE, (uint8_t)*at, 0, 0);

		expect_value("write_byte", ret, 0);
	}
}

/* Only 8 bits are the byte: uint8_t, chapter 3. */
EXTENSION_CASE(SBI_EXT_DBCN, dbcn_write_byte_takes_8_bits)
{
	expect_value(
		"write_byte",
		dbcn(SBI_DBCN_WRITE_BYTE, 0xffffffffffffff00ul | '\n', 0, 0),
		0);
}

EXTENSION_CASE(SBI_EXT_DBCN, dbcn_write_nothing)
{
	expect_value("write of 0 bytes",
		     dbcn(SBI_DBCN_WRITE, 0, (uint64_t)scratch, 0), 0);
}

EXTENSION_CASE(SBI_EXT_DBCN, dbcn_read_does_not_block)
{
	struct sbi_ret ret;

	memset(scratch, 0x5a, 16);
	ret = dbcn(SBI_DBCN_READ, 16, (uint64_t)scratch, 0);
	expect_value("read", ret, 0);
	expect("memory left alone", 0x5a, scratch[0]);
}

EXTENSION_CASE(SBI_EXT_DBCN, dbcn_read_gets_what_is_typed)
{
	uint64_t end = time_now() + 30000 * time_ms();
	struct sbi_ret ret = { 0 };
	const char *word;

	if (!option_get("typed", &word))
		return skip("nobody types: option typed");
	guest_print("guest: type %c\n", *word);
	do {
		ret = dbcn(SBI_DBCN_READ, 1, (uint64_t)scratch, 0);
	} while (ret.error == SBI_SUCCESS && !ret.value && time_now() < end);
	if (expect_value("read", ret, 1))
		expect("byte", (uint8_t)*word, scratch[0]);
}

static void refuses_memory(long function)
{
	uint64_t firmware = machine_firmware();

	expect_error("in the firmware", dbcn(function, 1, firmware, 0),
		     SBI_ERR_INVALID_PARAM);
	expect_error("ends in the firmware",
		     dbcn(function, 0x2000, firmware - 0x1000, 0),
		     SBI_ERR_INVALID_PARAM);
	expect_error("beyond all memory",
		     dbcn(function, 1, ADDRESS_OF_NOTHING, 0),
		     SBI_ERR_INVALID_PARAM);
	expect_error("beyond XLEN", dbcn(function, 1, (uint64_t)scratch, 1),
		     SBI_ERR_INVALID_PARAM);
	expect_error("wraps around", dbcn(function, -1ul, (uint64_t)scratch, 0),
		     SBI_ERR_INVALID_PARAM);
	expect_error("at the very end", dbcn(function, 2, -1ul, 0),
		     SBI_ERR_INVALID_PARAM);
}

EXTENSION_CASE(SBI_EXT_DBCN, dbcn_write_of_bad_memory_is_invalid)
{
	refuses_memory(SBI_DBCN_WRITE);
}

EXTENSION_CASE(SBI_EXT_DBCN, dbcn_read_to_bad_memory_is_invalid)
{
	refuses_memory(SBI_DBCN_READ);
}
