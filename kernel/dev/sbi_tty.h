// SPDX-License-Identifier: MIT
/* The firmware's console as a terminal, where no driver knows the device. */
#pragma once

/*
 * Make hvc0 the console if nothing else is it by now.  Context: thread, at
 * boot, after device_init().
 */
void sbi_tty_init(void);
