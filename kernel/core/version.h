// SPDX-License-Identifier: MIT
/* What the banner, panics and uname(2) call this system. */
#pragma once

#define KEEL_RELEASE "0.1"

extern const char version_string[]; /* "Keel 0.1" */
