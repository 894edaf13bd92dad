// SPDX-License-Identifier: MIT
/* The kernel's own header leaves the modes to glibc where there is one. */
#pragma once

#include <sys/stat.h>
