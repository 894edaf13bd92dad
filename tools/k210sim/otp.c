// SPDX-License-Identifier: MIT
/*
 * OTP: what laanwj's k210-sdk-stuff, doc/otp_layout.md, found of it.
 *
 * Nobody has documented the block; its fuse registers are read by the boot
 * ROM.  Nothing is burnt but turbo mode, unless --turbo says no.  A write
 * could burn something for good, so it is a misuse.
 */
#include "otp.h"

#include "machine.h"

#define FUSES_HIGH 0xbc /* bits 63 to 32 of "fuses B" */
#define TURBO      (1u << 31)

static uint32_t otp_read(const struct reg_access *access)
{
	if (access->offset == FUSES_HIGH && !access->machine->is_slow)
		return TURBO;
	return 0;
}

static void otp_write(const struct reg_access *access, uint32_t value)
{
	(void)value;
	access_misuse(access, "a write may burn fuses (k210.md 1.4)");
}

const struct device_ops otp_ops = {
	.read = otp_read,
	.write = otp_write,
};
