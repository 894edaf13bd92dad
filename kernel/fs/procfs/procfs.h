// SPDX-License-Identifier: MIT
/* The file system of type "proc": proc(5). */
#pragma once

void procfs_init(void);
