// SPDX-License-Identifier: MIT
/* The system's name and release. */
#include <core/version.h>

const char version_string[] = "Keel " KEEL_RELEASE;
