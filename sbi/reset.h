/* SPDX-License-Identifier: MIT */
/*
 * Ending or restarting the machine.
 */
#pragma once

#include <lib/types.h>

enum reset_type {
	RESET_SHUTDOWN,
	RESET_COLD_REBOOT,
	RESET_WARM_REBOOT,
	NR_RESET_TYPES,
};

/*
 * Let act(data, failed) do that kind of reset.  failed asks for a result that
 * a watcher can tell from success; a device that has one (tells_failure) comes
 * before those that have none, else the first to register stays.
 * Context: boot hart.
 */
void reset_register(enum reset_type type,
		    void (*act)(uint64_t data, bool failed), uint64_t data,
		    bool tells_failure);

bool reset_is_supported(enum reset_type type);

/*
 * Stop the other harts and reset.  Returns only if there is no device for it
 * (then nothing was done), and never when the device does what it should.
 */
void reset_system(enum reset_type type, bool failed);

/*
 * For reset_register(), where there is no power switch: say so and stop.  The
 * harts then wait with all interrupts off, this one with the arguments of the
 * SBI's system_reset in a0, a1 and a7, where a debugger or simulator sees why.
 */
void reset_park(uint64_t type, bool failed) __noreturn;

/* After reset_system(): wait for the device to act. */
void reset_wait(void) __noreturn;

/* Nobody can go on: report failure to the outside and stop this hart. */
void reset_fail(void) __noreturn;
