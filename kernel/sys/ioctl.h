/* SPDX-License-Identifier: MIT */
/* The C library here has none, and <linux/input.h> includes it. */
#pragma once

#include <linux/ioctl.h>
