/* SPDX-License-Identifier: MIT */
/*
 * Physical memory protection: what S-mode and U-mode can't touch.
 */
#pragma once

/*
 * Guard the firmware, the devices in device_guards and the end of this hart's
 * stack; all else is open.  Context: each hart, when it starts.
 */
void pmp_init_hart(void);
