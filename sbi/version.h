/* SPDX-License-Identifier: MIT */
/*
 * Who we are, to S-mode and to people.
 */
#pragma once

/* "Keel"; the specification gives out small numbers, and we hold none. */
#define SBI_IMPL_ID 0x4b65656c

#define SBI_VERSION_MAJOR 0
#define SBI_VERSION_MINOR 1
#define SBI_VERSION_NAME  "0.1"

#define SBI_IMPL_VERSION (SBI_VERSION_MAJOR << 16 | SBI_VERSION_MINOR)
