// SPDX-License-Identifier: MIT
/* OTP, the fuses; k210.md section 1.4. */
#pragma once

#include "map.h"

extern const struct device_ops otp_ops;
