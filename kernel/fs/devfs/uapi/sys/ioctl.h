/* SPDX-License-Identifier: MIT */
/* <linux/input.h> wants it for what Linux keeps elsewhere. */
#pragma once

#include <linux/ioctl.h>
