// SPDX-License-Identifier: MIT
#pragma once

#include "host/host.h"

/*
 * Without a journal, after a loss of power and e2fsck: ends the program if not
 * all is there that was synced and has been left alone since, in directories
 * of which that is true.
 */
void settled_compare(struct super *super);
