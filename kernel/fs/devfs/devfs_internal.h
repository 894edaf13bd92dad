/* SPDX-License-Identifier: MIT */
/* What the files of this folder know of each other. */
#pragma once

struct file_ops;

extern const struct file_ops kmsg_ops; /* of /dev/kmsg */
